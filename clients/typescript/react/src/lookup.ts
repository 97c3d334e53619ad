/**
 * Returns the text for a key that comes from the API. Users choose some keys, and `constructor` or
 * `__proto__` must not find what every object inherits.
 */
export function textFor<T>(
  texts: Record<string, T | undefined>,
  key: string | null | undefined,
): T | undefined {
  return key != null && Object.hasOwn(texts, key) ? texts[key] : undefined;
}

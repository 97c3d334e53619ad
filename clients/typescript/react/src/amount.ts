/** Writes a decimal number of the API in the locale, without grouping, as people type it. */
export const showAmount = (amount: string, locale: string): string =>
  amount.replace(".", separators(locale).decimal);

/**
 * Reads an amount as people type it in the locale, such as `1.000,5` in German, as a decimal number
 * of the API. Other text stays as it is: the API says what is wrong.
 */
export function readAmount(text: string, locale: string): string {
  const typed = text.replace(/\s/g, "");
  const { group, decimal } = separators(locale);
  const [whole = "", ...rest] = typed.split(decimal);
  const isGrouped =
    /^[1-9]\d{0,2}$/.test(whole.split(group)[0] ?? "") &&
    whole.split(group).length > 1 &&
    whole
      .split(group)
      .slice(1)
      .every((part) => /^\d{3}$/.test(part));
  return [isGrouped ? whole.replaceAll(group, "") : whole, ...rest].join(".");
}

function separators(locale: string): { group: string; decimal: string } {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(1234567.8);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  // Some languages group with a space, which is removed anyway.
  return { group: of("group").trim() || ",", decimal: of("decimal") || "." };
}

// Sends requests to the API, and repeats those that are safe to repeat.

/** How many times a request is sent at most. */
const TRIES_MAX = 3;
/** The pause before the second try. Each further pause is twice as long. */
const PAUSE_MILLISECONDS = 1_000;
/** After a longer `Retry-After` the request is not repeated. The page shows the error instead. */
const RETRY_AFTER_SECONDS_MAX = 10;
/** A request without a response after this time has failed. */
const TIMEOUT_MILLISECONDS = 20_000;

/** A response. Status 0: the service was not reached. */
export interface Received {
  status: number;
  text: string;
}

/** Whether a later try can succeed: the service was not reached, is overloaded, or failed. */
export const isTemporary = (status: number): boolean =>
  status === 0 || status === 429 || status >= 500;

/**
 * Sends a request. After 429, 502, 503 and 504 it repeats reads, and writes with an `Idempotency-Key`.
 * After a failed connection it repeats reads only.
 */
export async function send(
  path: string,
  init: RequestInit & { headers?: Record<string, string> },
  isRead = init.method === "GET",
): Promise<Received> {
  const isRepeatable = isRead || init.headers?.["idempotency-key"] !== undefined;
  for (let tries = 1; ; tries++) {
    const response = await fetch(path, {
      ...init,
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    })
      .then(async (response) => ({
        status: response.status,
        text: await response.text(),
        retryAfter: response.headers.get("retry-after"),
      }))
      .catch(() => ({ status: 0, text: "", retryAfter: null }));
    const isUnavailable = [429, 502, 503, 504].includes(response.status);
    const pause = pauseMilliseconds(tries, response.retryAfter);
    if (
      tries === TRIES_MAX ||
      pause === null ||
      !(isUnavailable ? isRepeatable : response.status === 0 && isRead)
    )
      return response;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/**
 * The pause after `tries` tries: exponential backoff with jitter, or the longer `Retry-After`. Null if the
 * service asks for a longer pause than a person would wait.
 */
function pauseMilliseconds(tries: number, retryAfter: string | null): number | null {
  const backoff = PAUSE_MILLISECONDS * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
  if (retryAfter === null) return backoff;
  const seconds = Number.isNaN(Number(retryAfter))
    ? (Date.parse(retryAfter) - Date.now()) / 1_000
    : Number(retryAfter);
  if (Number.isNaN(seconds)) return backoff;
  return seconds > RETRY_AFTER_SECONDS_MAX ? null : Math.max(seconds * 1_000, backoff);
}

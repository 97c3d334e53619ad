/** How the client repeats requests. */
export interface RetryOptions {
  /** The largest number of attempts per request. The default is 3; 1 turns retries off. */
  attempts?: number;
  /**
   * The time before the second attempt, in milliseconds. It doubles with each attempt. The default
   * is 500.
   */
  backoffMilliseconds?: number;
  /**
   * The longest wait between attempts, in milliseconds. The client throws if `Retry-After` is
   * longer. The default is 10,000.
   */
  waitMillisecondsMax?: number;
  /**
   * The time after which an attempt without a whole response has failed, in milliseconds. The
   * default is 20,000.
   */
  timeoutMilliseconds?: number;
}

/** Sends a request. `signal` replaces the request's own. */
export type Send = (request: Request, init: { signal: AbortSignal }) => Promise<Response>;

/** The service stores no response of this operation, and a second request has another response. */
const NOT_REPEATED = /\/v1\/orgs\/[^/]+\/invitations\/bulk$/;

/** Returns the wait that a response asks for in milliseconds, or null. */
export function retryAfterMilliseconds(headers: Headers): number | null {
  const value = headers.get("retry-after");
  if (value === null) return null;
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1_000;
  return Number.isNaN(wait) ? null : Math.max(wait, 0);
}

/** The longest delay of a timer. Node.js ends a longer one at once. */
export const DELAY_MILLISECONDS_MAX = 2 ** 31 - 1;

/** Waits, and rejects with the signal's reason if it aborts. */
export function pause(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, Math.min(milliseconds, DELAY_MILLISECONDS_MAX));
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}

/**
 * Sends a request once, and reads the whole response. A controller of its own aborts it, because a
 * chain of dependent signals ends when the garbage collector removes a signal between them.
 */
async function attemptOnce(
  send: Send,
  request: Request,
  timeoutMilliseconds: number,
  signal?: AbortSignal | null,
): Promise<Response> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException("no response in time", "TimeoutError")),
    timeoutMilliseconds,
  );
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    const response = await send(request, { signal: controller.signal });
    const { status, statusText, headers } = response;
    // A redirect that is not followed has the status 0 in a browser. Chromium gives a response
    // without content a body, and rejects a new response that has both.
    if ([0, 204, 205, 304].includes(status)) return response;
    return new Response(await response.arrayBuffer(), { status, statusText, headers });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/**
 * Sends a request, and repeats it after 429, 5xx and lost connections. All operations can be
 * repeated, because writes have an `Idempotency-Key` or are idempotent by themselves. The exception
 * is bulk invitations, which are repeated only after 429: a gateway rejected the request before it
 * had an effect.
 */
export async function sendWithRetries(
  send: Send,
  request: Request,
  {
    attempts = 3,
    backoffMilliseconds = 500,
    waitMillisecondsMax = 10_000,
    timeoutMilliseconds = 20_000,
  }: RetryOptions,
  signal?: AbortSignal | null,
): Promise<Response> {
  const isRepeatable = !NOT_REPEATED.test(new URL(request.url).pathname);
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt >= attempts;
    const backoff = backoffMilliseconds * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
    let wait = Math.min(backoff, waitMillisecondsMax);
    try {
      const response = await attemptOnce(send, request.clone(), timeoutMilliseconds, signal);
      const isTemporary = response.status === 429 || (isRepeatable && response.status >= 500);
      wait = Math.max(wait, retryAfterMilliseconds(response.headers) ?? 0);
      if (isLast || !isTemporary || wait > waitMillisecondsMax) return response;
    } catch (error) {
      if (signal?.aborted || isLast || !isRepeatable) throw error;
    }
    await pause(wait, signal);
  }
}

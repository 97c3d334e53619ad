/** Which requests the client repeats, and when. */
export interface RetryOptions {
  /** The largest number of attempts per request. The default is 3; 1 turns retries off. */
  attempts?: number;
  /** The time before the second attempt, in milliseconds. It doubles with each attempt. The default is 500. */
  backoffMilliseconds?: number;
  /** A request is not repeated if `Retry-After` asks for a longer wait, in milliseconds. The default is 10,000. */
  waitMillisecondsMax?: number;
  /** The time after which an attempt without a response has failed, in milliseconds. The default is 20,000. */
  timeoutMilliseconds?: number;
}

/** The service stores no response of these operations, and a second request has another response. */
const NOT_REPEATED = /\/v1\/orgs\/[^/]+\/invitations\/bulk$/;

const isTemporary = (status: number): boolean => status === 429 || status >= 500;

/**
 * Returns the wait before the next attempt in milliseconds: exponential backoff with jitter, or the longer
 * `Retry-After`.
 */
function waitMilliseconds(attempt: number, backoff: number, retryAfter: string | null): number {
  const wait = backoff * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  if (retryAfter === null) return wait;
  const seconds = Number(retryAfter);
  const asked = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1_000;
  return Number.isNaN(asked) ? wait : Math.max(asked, wait);
}

/** Waits, and rejects with the signal's reason if it aborts. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}

/**
 * Returns a `fetch` that repeats requests after 429, 5xx and failed connections. All operations can be
 * repeated, because writes have an `Idempotency-Key` or are idempotent by themselves. The exception is bulk
 * invitations, which are repeated only after 429: a gateway rejected the request before it had an effect.
 */
export function retrying(
  send: (request: Request) => Promise<Response>,
  {
    attempts = 3,
    backoffMilliseconds = 500,
    waitMillisecondsMax = 10_000,
    timeoutMilliseconds = 20_000,
  }: RetryOptions,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { signal } = request;
    const isRepeatable = !NOT_REPEATED.test(new URL(request.url).pathname);
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= attempts;
      let wait: number;
      try {
        const timeout = AbortSignal.timeout(timeoutMilliseconds);
        const response = await send(
          new Request(request.clone(), { signal: AbortSignal.any([signal, timeout]) }),
        );
        const isRejected =
          response.status === 429 || (isRepeatable && isTemporary(response.status));
        wait = waitMilliseconds(attempt, backoffMilliseconds, response.headers.get("retry-after"));
        if (isLast || !isRejected || wait > waitMillisecondsMax) return response;
        await response.body?.cancel();
      } catch (error) {
        if (signal.aborted || isLast || !isRepeatable) throw error;
        wait = waitMilliseconds(attempt, backoffMilliseconds, null);
      }
      await pause(wait, signal);
    }
  };
}

import { retryAfterMilliseconds } from "./retry.ts";
import type { components } from "./schema.ts";

/** A stable error code. New codes may be added, so treat an unknown one by its status. */
export type ProblemCode = components["schemas"]["ProblemCode"];

/**
 * An error response (RFC 9457).
 *
 * Two codes are not the service's own. `unauthorized`: the token is missing, invalid or expired.
 * `gateway_error`: API Gateway, Lambda or a proxy responded instead of the service.
 */
export type Problem = Omit<components["schemas"]["Problem"], "code"> & {
  code: ProblemCode | "unauthorized" | "gateway_error";
};

/** The error that a method throws if the response is an error. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  /** The HTTP status, such as 404. */
  readonly status: number;
  /** The stable code, such as `org_not_found`. */
  readonly code: Problem["code"];
  /** The id of the request, as in the service's logs. Empty if a gateway responded. */
  readonly requestId: string;
  /**
   * The time to wait before the next attempt, in milliseconds, if the response has a `Retry-After`.
   */
  readonly retryAfterMilliseconds: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(`${problem.detail} (${problem.code})`);
    this.problem = problem;
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.request_id;
    this.retryAfterMilliseconds = retryAfter;
  }
}

/**
 * Returns true if `error` is an error response, and has one of `codes` if there are any:
 * `if (isProblem(error, "last_owner")) …`.
 */
export function isProblem<Code extends Problem["code"]>(
  error: unknown,
  ...codes: Code[]
): error is ProblemError & { code: Code } {
  // A page can have two copies of this package, so the class is compared by its name.
  return (
    error instanceof Error &&
    error.name === "ProblemError" &&
    "problem" in error &&
    (codes.length === 0 || (codes as string[]).includes((error as ProblemError).code))
  );
}

/** Converts an error response to an error. A gateway responds with a `message`, or without JSON. */
export function errorOf(response: Response, body: unknown): ProblemError {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem> & {
    message?: unknown;
  };
  const { status, headers } = response;
  const retryAfter = retryAfterMilliseconds(headers);
  if (typeof problem.code === "string")
    return new ProblemError({ ...problem, status } as Problem, retryAfter);
  const isRejected = status === 401;
  const said = typeof problem.message === "string" ? problem.message : `status ${status}`;
  const code = isRejected ? "unauthorized" : "gateway_error";
  return new ProblemError(
    {
      type: `urn:organizations:problem:${code}`,
      title: isRejected ? "Unauthorized" : "Gateway error",
      status,
      code,
      detail: isRejected
        ? "the token is missing, invalid or expired"
        : `the response is not the service's own: ${said}`,
      request_id: headers.get("x-request-id") ?? "",
    },
    retryAfter,
  );
}

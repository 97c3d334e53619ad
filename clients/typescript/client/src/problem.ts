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

  constructor(problem: Problem) {
    super(`${problem.detail} (${problem.code})`);
    this.problem = problem;
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.request_id;
  }
}

/**
 * Returns true if `error` is an error response, and has one of `codes` if there are any:
 * `if (isProblem(error, "last_owner")) …`.
 */
export function isProblem(error: unknown, ...codes: Problem["code"][]): error is ProblemError {
  return error instanceof ProblemError && (codes.length === 0 || codes.includes(error.code));
}

/** Converts an error response to a problem. A gateway responds with a `message`, or without JSON. */
export function problemOf(response: Response, body: unknown): Problem {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem> & {
    message?: unknown;
  };
  const { status } = response;
  if (typeof problem.code === "string") return { ...problem, status } as Problem;
  const code = status === 401 ? "unauthorized" : "gateway_error";
  const said = typeof problem.message === "string" ? problem.message : response.statusText;
  return {
    type: `urn:organizations:problem:${code}`,
    title: status === 401 ? "Unauthorized" : "Gateway error",
    status,
    code,
    detail:
      status === 401 ? "the token is missing, invalid or expired" : said || `status ${status}`,
    request_id: response.headers.get("x-request-id") ?? "",
  };
}

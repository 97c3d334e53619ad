import { isProblem, type Problem } from "@organizations/client";
import { textFor } from "./lookup.ts";
import type { Texts } from "./texts/en.ts";

/** An error that a component shows. Status 0: there was no response. */
export type Failure = Partial<Problem> & { status: number; code: string };

/** Converts what the client throws. */
export function failureOf(error: unknown): Failure {
  return isProblem(error) ? error.problem : { status: 0, code: "no_response" };
}

/**
 * Returns true if a later attempt can succeed: no response, too many requests, or a server error.
 */
export const isTemporary = (status: number): boolean =>
  status === 0 || status === 429 || status >= 500;

export const isUnauthorized = (error: unknown): boolean => isProblem(error) && error.status === 401;

const sentence = (text: string): string => {
  const plain = text.replaceAll("`", "");
  return plain.charAt(0).toUpperCase() + plain.slice(1) + (/[.!?]$/.test(plain) ? "" : ".");
};

/** The title and the detail of an error, as sentences. */
export function explain(
  { status, code, detail }: Failure,
  t: Texts,
): { title: string; detail: string } {
  const general = t.failures[status] ?? t.failure(status);
  if (status === 401) return { title: t.problem.signedOutTitle, detail: t.problem.signedOut };
  const title = status === 403 ? t.problem.deniedTitle : sentence(general.title);
  // The texts for server errors say what to do. The API's detail is more precise for all others.
  const said = status > 0 && status < 500 && code !== "gateway_error" ? detail : undefined;
  return {
    title,
    detail: textFor(t.problem.details, code) ?? (said ? sentence(said) : general.detail),
  };
}

/** The API's error for one field, as a sentence. */
export function fieldError(failure: Failure | null, pointer: string, t: Texts): string | undefined {
  const error = failure?.errors?.find((one) => one.pointer === pointer);
  return error && explainField(error, t);
}

/** The API's error for a field. Errors in policies name a position, so they are never replaced. */
export function explainField(
  { code, detail, pointer }: { code: string; detail: string; pointer: string },
  t: Texts,
): string {
  const general = pointer === "/policies" ? undefined : textFor(t.problem.fields, code);
  return general ?? sentence(detail);
}

/** The reason of a denial, as a sentence. */
export function reason(
  {
    code,
    detail,
    required_role,
    policies,
  }: {
    code: string | null;
    detail: string | null;
    required_role: "viewer" | "administrator" | "owner" | null;
    policies: string[];
  },
  t: Texts,
): string {
  if (code === "missing_permission" && required_role) return t.denied.needs(required_role);
  const own = policies
    .filter((policy) => policy.startsWith("own."))
    .map((policy) => policy.slice("own.".length));
  // The text of an organization's own policy is written by its owners, in their language.
  const known = own.length === 0 ? textFor(t.problem.details, code) : undefined;
  return (
    (known ?? sentence(detail ?? t.denied.unknown)) +
    (own.length > 0 ? ` ${t.denied.byOwn(own.join(", "))}` : "")
  );
}

import type { ReactNode } from "react";
import { explain, explainField, type Failure, isTemporary } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import { Button } from "./button.tsx";

/** Shows an error and what to do next. */
export function ErrorNotice({
  failure,
  onRetry,
  keepsInput = false,
}: {
  failure: Failure | null;
  /** Tries again, or loads the latest version after a conflict. */
  onRetry?: (() => unknown) | undefined;
  /** True if loading the latest version keeps what was typed. */
  keepsInput?: boolean;
}) {
  const { texts: t, onSignIn } = useOrganizations();
  if (!failure) return null;
  const { status, errors, required_role, policies } = failure;
  const isStale = status === 412;
  const { title, detail } = explain(failure, t);
  return (
    <div
      className="orgs-notice"
      data-kind="danger"
      role="alert"
      data-testid="error"
      data-status={status}
    >
      <p>
        <strong>{isStale ? t.problem.staleTitle : title}</strong>{" "}
        {isStale ? (keepsInput ? t.problem.staleKept : t.problem.stale) : detail}
      </p>
      {errors && (
        <ul>
          {errors.map((error) => (
            <li key={error.pointer + error.detail}>
              {error.pointer && error.pointer !== "/policies"
                ? `${t.problem.field(error.pointer.slice(1))}: `
                : ""}
              {explainField(error, t)}
            </li>
          ))}
        </ul>
      )}
      {status === 403 && required_role && <p>{t.denied.needs(required_role)}</p>}
      {policies && policies.length > 0 && (
        <p className="orgs-quiet" data-testid="error-policies">
          {t.denied.decidedBy(policies.join(", "))}
        </p>
      )}
      {status === 401 && onSignIn && (
        <Button kind="link" testId="error-sign-in" onClick={onSignIn}>
          {t.problem.signInAgain}
        </Button>
      )}
      {onRetry && (isStale || isTemporary(status)) && (
        <Button kind="link" testId={isStale ? "error-reload" : "error-retry"} onClick={onRetry}>
          {isStale ? t.problem.reload : t.problem.again}
        </Button>
      )}
    </div>
  );
}

/** A message that is not an error. */
export function Notice({
  kind = "plain",
  testId,
  children,
}: {
  kind?: "plain" | "warning";
  testId: string;
  children: ReactNode;
}) {
  return (
    <div className="orgs-notice" data-kind={kind} data-testid={testId}>
      {children}
    </div>
  );
}

/** The placeholder of an empty list. It says what the list is for and how to fill it. */
export function Empty({
  title,
  testId,
  children,
}: {
  title: string;
  testId: string;
  children?: ReactNode;
}) {
  return (
    <div className="orgs-empty" data-testid={testId}>
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}

/** A short label. */
export function Badge({
  kind = "plain",
  testId,
  children,
}: {
  kind?: "good" | "danger" | "warning" | "plain";
  testId?: string;
  children: ReactNode;
}) {
  return (
    <span className="orgs-badge" data-kind={kind} data-testid={testId}>
      {children}
    </span>
  );
}

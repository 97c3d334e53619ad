import type { AccessCheckResult } from "@organizations/client";
import type { ReactNode } from "react";
import { reason } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import type { Action } from "../queries.ts";
import { Button } from "./button.tsx";
import { ErrorNotice } from "./notice.tsx";

/** A card with a title. If the caller may not use it, it says why. */
export function Section({
  title,
  testId,
  access,
  children,
}: {
  title: string;
  testId: string;
  access?: AccessCheckResult | undefined;
  children?: ReactNode;
}) {
  const { texts: t } = useOrganizations();
  return (
    <section className="orgs-card" data-testid={testId}>
      <h2 className="orgs-heading">{title}</h2>
      {access?.decision === "deny" && (
        <p className="orgs-quiet" data-testid={`${testId}-reason`}>
          {reason(access, t)}
        </p>
      )}
      {children}
    </section>
  );
}

/** The form of a section, with a button that saves it. */
export function SectionForm({
  access,
  action,
  onSave,
  onLoadLatest,
  children,
}: {
  access: AccessCheckResult | undefined;
  action: Action;
  onSave: () => unknown;
  onLoadLatest: () => void;
  children: ReactNode;
}) {
  const { texts: t } = useOrganizations();
  const isDenied = access?.decision === "deny";
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isDenied) void onSave();
        }}
      >
        <fieldset className="orgs-fieldset" disabled={isDenied}>
          {children}
        </fieldset>
        <div className="orgs-actions">
          <Button type="submit" testId="save" kind="primary" isBusy={action.isBusy} access={access}>
            {t.save}
          </Button>
        </div>
      </form>
      <ErrorNotice
        failure={action.failure}
        onRetry={action.failure?.status === 412 ? onLoadLatest : onSave}
      />
    </>
  );
}

/** The head of a list: a heading, and what to do with the list. */
export function Toolbar({ heading, children }: { heading: ReactNode; children?: ReactNode }) {
  return (
    <div className="orgs-toolbar">
      {heading}
      {children}
    </div>
  );
}

/** The default heading of a component. */
export const Title = ({ children }: { children: string }) => (
  <h2 className="orgs-heading">{children}</h2>
);

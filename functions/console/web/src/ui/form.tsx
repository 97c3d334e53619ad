// The sections of the settings page, and their forms.

import type { ComponentChildren } from "preact";
import { t } from "../texts.ts";
import type { Checked } from "../types.ts";
import { Button, reason } from "../ui.tsx";

/** A section of the settings page. If the caller may not use it, it says why. */
export function Section({
  title,
  testId,
  check,
  children,
}: {
  title: string;
  testId: string;
  check?: Checked | undefined;
  children?: ComponentChildren;
}) {
  return (
    <section class="card" data-testid={testId}>
      <h2>{title}</h2>
      {check?.decision === "deny" && (
        <p class="quiet" data-testid={`${testId}-reason`}>
          {reason(check)}
        </p>
      )}
      {children}
    </section>
  );
}

/** The form of a section. It keeps what was typed until the API has saved it. */
export function Form({
  check,
  isBusy,
  onSubmit,
  children,
}: {
  check: Checked | undefined;
  isBusy: boolean;
  onSubmit: () => unknown;
  children: ComponentChildren;
}) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (check?.decision !== "deny") void onSubmit();
      }}
    >
      <fieldset disabled={check?.decision === "deny"}>{children}</fieldset>
      <div class="actions">
        <Button submits testId="save" kind="main" isBusy={isBusy} check={check}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}

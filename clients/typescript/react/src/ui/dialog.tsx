import { Dialog as AriakitDialog, DialogHeading } from "@ariakit/react";
import { type ReactNode, type RefObject, useRef } from "react";
import { useOrganizations } from "../provider.tsx";
import type { Action } from "../queries.ts";
import { Button, type ButtonKind } from "./button.tsx";
import { ErrorNotice } from "./notice.tsx";

interface DialogProps {
  title: string;
  children: ReactNode;
  onClose: () => void;
  /** The action of the dialog. */
  action: { label: string; kind?: ButtonKind; isBusy: boolean; run: () => unknown };
}

/** A modal dialog with a form. Escape closes it, and the focus returns to where it was. */
export function Dialog({ title, children, onClose, action }: DialogProps) {
  const { texts: t } = useOrganizations();
  const cancel = useRef<HTMLButtonElement>(null);
  const isDangerous = action.kind === "danger";
  return (
    <AriakitDialog
      open
      portal
      // While a change runs, its result must be seen.
      onClose={(event) => (action.isBusy ? event.preventDefault() : onClose())}
      hideOnInteractOutside={false}
      backdrop={<div className="orgs-backdrop" />}
      className="orgs orgs-dialog"
      data-testid="dialog"
      {...(isDangerous && { initialFocus: cancel })}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // A form of the page around the component must not be submitted too.
          event.stopPropagation();
          if (!action.isBusy) void action.run();
        }}
      >
        <DialogHeading className="orgs-heading">{title}</DialogHeading>
        {children}
        <div className="orgs-actions">
          <Button
            type="submit"
            testId="dialog-confirm"
            kind={action.kind ?? "primary"}
            isBusy={action.isBusy}
          >
            {action.label}
          </Button>
          <Button
            testId="dialog-cancel"
            buttonRef={cancel}
            isDisabled={action.isBusy}
            onClick={onClose}
          >
            {t.cancel}
          </Button>
        </div>
      </form>
    </AriakitDialog>
  );
}

interface ConfirmProps {
  title: string;
  detail: string;
  label: string;
  action: Action;
  /** Sends the change. The dialog closes when it returns true. */
  run: () => Promise<boolean>;
  /** False if the change is easy to undo. */
  isDangerous?: boolean;
  /** Gets the focus after the change, if the change removes the element that had it. */
  focusAfter?: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Asks for confirmation of a change. */
export function ConfirmDialog({
  title,
  detail,
  label,
  action,
  run,
  isDangerous = true,
  focusAfter,
  onClose,
}: ConfirmProps) {
  const close = () => {
    action.forget();
    onClose();
  };
  return (
    <Dialog
      title={title}
      onClose={close}
      action={{
        label,
        kind: isDangerous ? "danger" : "primary",
        isBusy: action.isBusy,
        run: async () => {
          if (!(await run())) return;
          close();
          // The dialog returns the focus first.
          if (focusAfter) setTimeout(() => focusAfter.current?.focus());
        },
      }}
    >
      <p>{detail}</p>
      <ErrorNotice failure={action.failure} />
    </Dialog>
  );
}

import { Tooltip, TooltipAnchor, useTooltipStore } from "@ariakit/react";
import type { AccessCheckResult } from "@organizations/client";
import { type ReactNode, type Ref, useId } from "react";
import { reason } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";

export type ButtonKind = "primary" | "danger" | "plain" | "link";

export interface ButtonProps {
  children: ReactNode;
  onClick?: () => unknown;
  kind?: ButtonKind;
  type?: "button" | "submit";
  isBusy?: boolean;
  isDisabled?: boolean;
  /** An access check. If it is denied, the button does nothing and shows the reason. */
  access?: AccessCheckResult | undefined;
  /** The accessible name, if the children alone are not clear. */
  label?: string;
  testId?: string;
  buttonRef?: Ref<HTMLButtonElement>;
}

/** A button that is disabled while its work runs, and that says why an action is denied. */
export function Button(props: ButtonProps) {
  const { texts } = useOrganizations();
  const why = props.access?.decision === "deny" ? reason(props.access, texts) : null;
  return why ? <Denied {...props} why={why} /> : <button {...attributes(props)} />;
}

function attributes({
  children,
  onClick,
  kind = "plain",
  type = "button",
  isBusy = false,
  isDisabled = false,
  label,
  testId,
  buttonRef,
}: ButtonProps) {
  return {
    children,
    type,
    className: "orgs-button",
    "data-kind": kind,
    "data-testid": testId,
    "aria-label": label,
    "aria-busy": isBusy,
    "aria-disabled": isBusy || undefined,
    disabled: isDisabled,
    ref: buttonRef,
    onClick: (event: { preventDefault: () => void }) => {
      if (isBusy) event.preventDefault();
      else void onClick?.();
    },
  };
}

/** A denied button stays focusable, so that the keyboard and a tap reach the reason. */
function Denied({ why, ...props }: ButtonProps & { why: string }) {
  const id = useId();
  const tooltip = useTooltipStore({ placement: "top", timeout: 0 });
  return (
    <>
      <TooltipAnchor
        store={tooltip}
        render={
          <button
            {...attributes(props)}
            type="button"
            aria-disabled="true"
            aria-describedby={id}
            onFocus={() => tooltip.show()}
            onBlur={() => tooltip.hide()}
            onClick={() => tooltip.show()}
          />
        }
      />
      <Tooltip
        id={id}
        store={tooltip}
        portal
        className="orgs-tooltip"
        data-testid={props.testId && `${props.testId}-reason`}
      >
        {why}
      </Tooltip>
    </>
  );
}

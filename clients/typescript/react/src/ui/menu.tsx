import {
  Menu as AriakitMenu,
  MenuButton,
  MenuItem,
  MenuProvider,
  MenuSeparator,
} from "@ariakit/react";
import type { AccessCheckResult } from "@organizations/client";
import { Fragment, type ReactNode, useRef } from "react";
import { reason } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";

export interface MenuEntry {
  label: string;
  onSelect: () => void;
  testId: string;
  /** An access check. If it is denied, the entry is disabled and shows the reason. */
  access?: AccessCheckResult | undefined;
  /** True while the access check is not there yet. */
  isPending?: boolean;
  isDangerous?: boolean;
  /** True for the current choice of a menu that chooses. */
  isCurrent?: boolean;
  hasSeparatorBefore?: boolean;
}

interface MenuProps {
  /** The accessible name of the button. */
  label: string;
  testId: string;
  entries: MenuEntry[];
  /** The content of the button. The default is three dots. */
  children?: ReactNode;
  className?: string;
  menuTestId?: string;
}

/** A button that opens a menu. */
export function Menu({ label, testId, entries, children, className, menuTestId }: MenuProps) {
  const { texts: t } = useOrganizations();
  const button = useRef<HTMLButtonElement>(null);
  return (
    <MenuProvider placement="bottom-end">
      <MenuButton
        ref={button}
        className={className ?? "orgs-menu-button"}
        data-testid={testId}
        aria-label={label}
      >
        {children ?? <span aria-hidden="true">⋯</span>}
      </MenuButton>
      <AriakitMenu
        portal
        // Tab closes a menu, so it needs no place in the tab order of the page.
        preserveTabOrder={false}
        gutter={4}
        fitViewport
        unmountOnHide
        className="orgs orgs-menu"
        aria-label={label}
        data-testid={menuTestId}
      >
        {entries.map((entry) => {
          const why = entry.access?.decision === "deny" ? reason(entry.access, t) : null;
          return (
            <Fragment key={entry.testId + entry.label}>
              {entry.hasSeparatorBefore && <MenuSeparator className="orgs-menu-separator" />}
              <MenuItem
                className="orgs-menu-item"
                data-testid={entry.testId}
                data-kind={entry.isDangerous ? "danger" : "plain"}
                aria-current={entry.isCurrent || undefined}
                disabled={why !== null || entry.isPending}
                accessibleWhenDisabled
                onClick={() => {
                  // A dialog that opens now returns the focus to the button: the entry is gone by
                  // then.
                  button.current?.focus();
                  entry.onSelect();
                }}
              >
                <span>{entry.label}</span>
                {why && (
                  <span className="orgs-menu-reason" data-testid={`${entry.testId}-reason`}>
                    {why}
                  </span>
                )}
              </MenuItem>
            </Fragment>
          );
        })}
      </AriakitMenu>
    </MenuProvider>
  );
}

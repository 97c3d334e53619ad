import { useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, useAction, useOrganization, useOrganizationList } from "../queries.ts";
import type { Org } from "../types.ts";
import { Menu } from "../ui/menu.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";
import { CreateOrganizationDialog } from "./create-organization.tsx";

export interface OrganizationSwitcherProps {
  /** The organization that is shown. */
  orgId?: string | undefined;
  /** Called with the organization that the person chose or created. */
  onSelect: (org: Org) => void;
  /** Adds an entry to see all organizations. */
  onShowAll?: () => void;
}

/** A menu to switch to another organization of the signed-in person, or to create one. */
export function OrganizationSwitcher({ orgId, onSelect, onShowAll }: OrganizationSwitcherProps) {
  const { texts: t } = useOrganizations();
  const orgs = useOrganizationList();
  const [isCreating, setIsCreating] = useState(false);
  const action = useAction([keys.orgs]);
  const mine = orgs.data?.data ?? [];
  // The list has the first 100 organizations.
  const current = useOrganization(orgId ?? "").data;
  const name = current?.name ?? (orgId ? "…" : t.orgs.choose);
  return (
    <Root>
      <Menu
        label={t.orgs.switchFrom(name)}
        testId="org-switch"
        menuTestId="org-list"
        className="orgs-switch"
        entries={[
          ...mine.map((org) => ({
            label: org.name,
            testId: `org-${org.id}`,
            isCurrent: org.id === orgId,
            onSelect: () => onSelect(org),
          })),
          {
            label: t.orgs.create,
            testId: "switch-create-org",
            hasSeparatorBefore: mine.length > 0,
            onSelect: () => setIsCreating(true),
          },
          ...(onShowAll
            ? [{ label: t.orgs.all, testId: "switch-all-orgs", onSelect: onShowAll }]
            : []),
        ]}
      >
        <span className="orgs-switch-name">{name}</span> <span aria-hidden="true">▾</span>
      </Menu>
      {isCreating && (
        <CreateOrganizationDialog
          action={action}
          onClose={() => setIsCreating(false)}
          onCreate={onSelect}
        />
      )}
      <ErrorNotice failure={orgs.failure} onRetry={orgs.reload} />
    </Root>
  );
}

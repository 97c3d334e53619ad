import type { ReactNode } from "react";
import { useOrganizations } from "../provider.tsx";
import type { Org } from "../types.ts";
import { WithOrganization } from "../ui/loading.tsx";
import { Root } from "../ui/root.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { BillingSettings } from "./billing.tsx";
import { BudgetSettings } from "./budget.tsx";
import { DeleteSettings } from "./delete.tsx";
import { GeneralSettings } from "./general.tsx";
import { PolicySettings } from "./policies.tsx";
import { TransferSettings } from "./transfer.tsx";

export interface SettingsProps {
  orgId: string;
  /** Replaces the heading. */
  heading?: ReactNode;
}

/** The settings of an organization: name, budget, billing, policies, ownership and deletion. */
export function Settings({ orgId, heading }: SettingsProps) {
  const { texts: t } = useOrganizations();
  return (
    <Root orgId={orgId}>
      <WithOrganization orgId={orgId}>
        {(org) => (
          <>
            <Toolbar heading={heading ?? <Title>{t.settings.title}</Title>} />
            <GeneralSettings org={org} />
            <BudgetSettings org={org} />
            <BillingSettings org={org} />
            <PolicySettings org={org} />
            {org.role === "owner" && <TransferSettings org={org} />}
            <DeleteSettings org={org} />
          </>
        )}
      </WithOrganization>
    </Root>
  );
}

export interface PoliciesProps {
  orgId: string;
}

/** The organization's own policies, without the other settings. */
export function Policies({ orgId }: PoliciesProps) {
  return (
    <Root orgId={orgId}>
      <WithOrganization orgId={orgId}>
        {(org: Org) => <PolicySettings org={org} />}
      </WithOrganization>
    </Root>
  );
}

"use client";

export { Can, type CanProps, useReason } from "./access.tsx";
export { AuditLog, type AuditLogProps } from "./audit/audit-log.tsx";
export type { Failure } from "./failure.ts";
export type { Format } from "./format.ts";
export { Members, type MembersProps } from "./members/members.tsx";
export {
  CreateOrganization,
  type CreateOrganizationProps,
} from "./organizations/create-organization.tsx";
export { MyInvitations, type MyInvitationsProps } from "./organizations/my-invitations.tsx";
export {
  OrganizationList,
  type OrganizationListProps,
} from "./organizations/organization-list.tsx";
export { OrganizationSwitcher, type OrganizationSwitcherProps } from "./organizations/switcher.tsx";
export {
  type Organizations,
  OrganizationsProvider,
  type OrganizationsProviderProps,
  useOrganizations,
} from "./provider.tsx";
export { type Loaded, useAccess, useMe, useOrganization, useOrganizationList } from "./queries.ts";
export { Resources, type ResourcesProps } from "./resources/resources.tsx";
export {
  Policies,
  type PoliciesProps,
  Settings,
  type SettingsProps,
} from "./settings/settings.tsx";
export { en, type Texts } from "./texts/en.ts";
export type { Me, Member, Org, Page, Role } from "./types.ts";
export { AccountUsage, type AccountUsageProps } from "./usage/account-usage.tsx";
export { BudgetSummary } from "./usage/budget-summary.tsx";
export { Holds } from "./usage/holds.tsx";
export { Statements, type StatementsProps } from "./usage/statements.tsx";
export { Usage, type UsageProps } from "./usage/usage.tsx";

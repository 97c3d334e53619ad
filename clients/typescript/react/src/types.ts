import type { components } from "@organizations/client";

type Schemas = components["schemas"];

export type Role = Schemas["Role"];
export const ROLES: readonly Role[] = ["viewer", "administrator", "owner"];
export type ResourceKind = Schemas["ResourceKind"];
export const KINDS: readonly ResourceKind[] = ["agent", "knowledge_base", "source"];

export type AuditRecord = Schemas["AuditRecord"];
export type Billing = Schemas["Billing"];
export type BillingMode = Schemas["BillingMode"];
export type Budget = Schemas["Budget"];
export type CostClass = Schemas["CostClass"];
export type Hold = Schemas["Hold"];
export type Invitation = Schemas["Invitation"];
export type InvitationDelivery = Schemas["InvitationDelivery"];
export type InvitationResult = Schemas["InvitationResult"];
export type Me = Schemas["Me"];
export type Member = Schemas["Member"];
export type MyInvitation = Schemas["MyInvitation"];
export type OrgPolicies = Schemas["OrgPolicies"];
export type Resource = Schemas["Resource"];
export type Statement = Schemas["Statement"];
export type UsageGroupBy = Schemas["UsageGroupBy"];
export type UsageReport = Schemas["UsageReport"];
export type UsageWindow = Schemas["UsageWindow"];

/** An organization of the signed-in person, who has a role in it. */
export type Org = Schemas["Org"] & { role: Role };

/** A page of a list. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

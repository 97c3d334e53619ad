// The objects of the API, by short names. Their fields are generated from infra/openapi.json.

import type { components } from "../../../../clients/typescript/client/src/schema.ts";

type Schemas = components["schemas"];

export type Role = Schemas["Role"];
export const ROLES: readonly Role[] = ["viewer", "administrator", "owner"];
export type Kind = Schemas["ResourceKind"];
export const KINDS: readonly Kind[] = ["agent", "knowledge_base", "source"];

export type Audit = Schemas["AuditRecord"];
export type Billing = Schemas["Billing"];
export type BillingMode = Schemas["BillingMode"];
export type Budget = Schemas["Budget"];
export type Check = Schemas["AccessCheck"];
export type Checked = Schemas["AccessCheckResult"];
export type CostClass = Schemas["CostClass"];
export type Delivery = Schemas["InvitationDelivery"];
export type GroupBy = Schemas["UsageGroupBy"] | Schemas["AccountUsageGroupBy"];
export type Invitation = Schemas["Invitation"];
export type InviteLine = Schemas["InvitationResult"];
export type Me = Schemas["Me"];
export type Member = Schemas["Member"];
export type MyInvitation = Schemas["MyInvitation"];
export type Policies = Schemas["OrgPolicies"];
export type Resource = Schemas["Resource"];
export type Row = Schemas["UsageRow"];
export type UsageReport = Schemas["UsageReport"] | Schemas["AccountUsageReport"];
export type WindowSize = Schemas["UsageWindow"];

/** An organization of a signed-in person, who has a role in it. */
export type Org = Schemas["Org"] & { role: Role };

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

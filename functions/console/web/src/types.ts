// The fields of API responses that the console uses. See infra/openapi.json.

export type Role = "owner" | "administrator" | "viewer";
export const ROLES: readonly Role[] = ["viewer", "administrator", "owner"];

export interface Me {
  user_id: string;
  email: string | null;
  email_verified: boolean;
  name: string | null;
  account_id: string;
}
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}
export type BillingMode = "account" | "independent";
export interface Org {
  id: string;
  name: string;
  description: string | null;
  status: "active" | "suspended" | "deleted";
  role: Role;
  owner_count: number;
  member_count: number;
  seat_limit: number | null;
  billing_modes: BillingMode[];
  settings: { high_cost_creators: "administrator" | "owner" };
  created_at: string;
  version: number;
}
export interface Member {
  user_id: string;
  name: string | null;
  email: string;
  role: Role;
  joined_at: string;
  version: number;
}
export type Delivery = "queued" | "sent" | "delivered" | "bounced" | "complained" | "failed";
export interface Invitation {
  id: string;
  org_id: string;
  email: string;
  role: Role;
  status: "pending" | "accepted" | "declined" | "revoked" | "expired";
  delivery: Delivery;
  invited_by: { user_id: string; name: string };
  created_at: string;
  expires_at: string;
  version: number;
}
export type MyInvitation = Invitation & { org: { id: string; name: string } };
export interface InviteLine {
  email: string | null;
  status: "invited" | "refused";
  code?: string;
}
export type Kind = "agent" | "knowledge_base" | "source";
export const KINDS: readonly Kind[] = ["agent", "knowledge_base", "source"];
export type CostClass = "standard" | "high";
export interface Resource {
  id: string;
  kind: Kind;
  name: string;
  cost_class: CostClass;
  created_by: string;
  created_at: string;
  version: number;
}
export interface Forecast {
  start: string;
  end: string;
  credits: string;
}
export interface Budget {
  monthly_credits: string | null;
  thresholds: number[];
  enforce: boolean;
  period: { start: string; end: string };
  spent: string;
  remaining: string | null;
  state: "none" | "ok" | "warning" | "exceeded";
  forecast: Forecast;
  version: number;
}
export interface Billing {
  mode: BillingMode;
  account_id: string;
  email: string | null;
  updated_at: string;
  version: number;
}
export type WindowSize = "hour" | "day" | "month";
export type GroupBy = "kind" | "resource" | "member" | "org";
export interface Row {
  start: string;
  end: string;
  group: string | null;
  credits: string;
  events: number;
}
export interface UsageReport {
  from: string;
  to: string;
  window: WindowSize | null;
  group_by: GroupBy | null;
  total: { credits: string; events: number };
  data: Row[];
  forecast: Forecast | null;
}
export interface Audit {
  id: string;
  at: string;
  actor: { user_id: string; name: string | null };
  action: string;
  target: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  request_id: string;
}
export interface Policies {
  policies: string;
  version: number;
}

/** An access check of `check_access`, and its result. */
export interface Check {
  action: string;
  user_id?: string;
  role?: Role;
  resource_id?: string;
  kind?: Kind;
  cost_class?: CostClass;
  settings?: boolean;
}
export interface Checked {
  decision: "allow" | "deny";
  code: string | null;
  detail: string | null;
  policies: string[];
  required_role: Role | null;
}

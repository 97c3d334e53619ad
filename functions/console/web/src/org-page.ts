// What the pages of an organization are handed.

import { type Answer, ask } from "./api.ts";
import type { Check, Checked, Org } from "./types.ts";

/** What the pages of an organization are allowed to offer, asked in one request. */
const CHECKS = {
  invite: { action: "invite_members", role: "viewer" },
  inviteOwner: { action: "invite_members", role: "owner" },
  listInvitations: { action: "list_invitations" },
  resend: { action: "resend_invitation", role: "viewer" },
  resendOwner: { action: "resend_invitation", role: "owner" },
  revoke: { action: "revoke_invitation", role: "viewer" },
  revokeOwner: { action: "revoke_invitation", role: "owner" },
  transfer: { action: "transfer_ownership" },
  createResource: { action: "create_resource" },
  createHigh: { action: "create_resource", cost_class: "high" },
  updateOrg: { action: "update_org" },
  updateSettings: { action: "update_org", settings: true },
  deleteOrg: { action: "delete_org" },
  restoreOrg: { action: "restore_org" },
  setBudget: { action: "set_budget" },
  getBilling: { action: "get_billing" },
  setBilling: { action: "set_billing" },
  getPolicies: { action: "get_policies" },
  setPolicies: { action: "set_policies" },
  listAudit: { action: "list_audit" },
} as const satisfies Record<string, Check>;

export type Permissions = Partial<Record<keyof typeof CHECKS, Checked>>;

/** Says that what is listed of my organizations may be another thing now. */
export const ORGS_CHANGED = "orgs-changed";

/** What each page of an organization is handed. */
export interface OrgPageProps {
  org: Org;
  permissions: Permissions;
  me: string;
  reload: () => void;
}

/** Asks what may be done in an organization, in one request. */
export const check = (org: string, checks: Check[]): Promise<Answer<{ results: Checked[] }>> =>
  ask({ method: "POST", path: `/orgs/${org}/access`, body: { checks }, reads: true });

/** Asks all of them. */
export async function fetchPermissions(org: string): Promise<Answer<Permissions>> {
  const answer = await check(org, Object.values(CHECKS));
  if (!answer.ok) return answer;
  const permissions: Permissions = Object.fromEntries(
    Object.keys(CHECKS).map((name, at) => [name, answer.data.results[at]]),
  );
  return { ...answer, data: permissions };
}

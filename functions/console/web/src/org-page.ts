// The props of an organization's pages, and the caller's permissions in it.

import { type Answer, ask } from "./api.ts";
import type { Check, Checked, Org } from "./types.ts";

/** The access checks behind `Permissions`, sent in one request. */
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

/** The event after which the list of the caller's organizations can be stale. */
export const ORGS_CHANGED = "orgs-changed";

/** The props of each page of an organization. */
export interface OrgPageProps {
  org: Org;
  permissions: Permissions;
  me: string;
  reload: () => void;
}

/** Sends access checks for an organization in one request. */
export const check = (org: string, checks: Check[]): Promise<Answer<{ results: Checked[] }>> =>
  ask({ method: "POST", path: `/orgs/${org}/access`, body: { checks }, reads: true });

/** Loads the caller's permissions in an organization. */
export async function fetchPermissions(org: string): Promise<Answer<Permissions>> {
  const answer = await check(org, Object.values(CHECKS));
  if (!answer.ok) return answer;
  const permissions: Permissions = Object.fromEntries(
    Object.keys(CHECKS).map((name, at) => [name, answer.data.results[at]]),
  );
  return { ...answer, data: permissions };
}

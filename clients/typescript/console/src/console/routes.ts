/** The sections of an organization. */
export const TABS = ["members", "resources", "usage", "settings", "audit"] as const;
export type Tab = (typeof TABS)[number];

export type Route =
  | { page: "orgs" | "account" | "statements" | "unknown" }
  | { page: "org"; orgId: string; tab: Tab };

/** The format of an organization id. Other text from the address never becomes part of a path. */
const ORG_ID = /^org_[0-9a-f]{32}$/;

/** Parses the hash of the address, such as `#/orgs/org_019a…/usage`. */
export function parseRoute(hash: string): Route {
  const [, area, orgId, name] = hash.split("/");
  if (area === "account" || area === "statements") return { page: area };
  if (area !== "orgs" || !orgId) return { page: "orgs" };
  if (!ORG_ID.test(orgId)) return { page: "unknown" };
  return { page: "org", orgId, tab: TABS.find((tab) => tab === name) ?? "members" };
}

export const hrefOf = (orgId: string, tab: Tab = "members"): string => `#/orgs/${orgId}/${tab}`;

import type {
  BillingMode,
  CostClass,
  Invitation,
  InvitationDelivery,
  ResourceKind,
  Role,
} from "../types.ts";
import { auditActions } from "./audit-actions.ts";

const role = {
  owner: "Owner",
  administrator: "Administrator",
  viewer: "Viewer",
} satisfies Record<Role, string>;
const aRole = {
  owner: "an owner",
  administrator: "an administrator",
  viewer: "a viewer",
} satisfies Record<Role, string>;

const members = (count: number): string => (count === 1 ? "1 member" : `${count} members`);
const owners = (count: number): string => (count === 1 ? "1 owner" : `${count} owners`);
const administrators = (count: number): string =>
  count === 1 ? "1 administrator" : `${count} administrators`;
const viewers = (count: number): string => (count === 1 ? "1 viewer" : `${count} viewers`);

/** Texts by a key that can be absent. */
type Some = Record<string, string | undefined>;

/** The English texts of the components. Another language is another object of this type. */
export const en = {
  /** The language, as in `<html lang>`. */
  language: "en",
  loading: "Loading…",
  save: "Save",
  saved: "Saved.",
  cancel: "Cancel",
  role,
  pager: { label: "Pages", previous: "Previous", next: "Next" },

  /** Errors without a text of the API, by status. Status 0: there was no response. */
  failures: {
    0: {
      title: "Can't reach the service",
      detail: "Check your connection, then try again. You can safely repeat what you did.",
    },
    413: { title: "The request is too large", detail: "Send less at a time." },
    429: { title: "Too many requests", detail: "Wait a moment, then try again." },
    431: {
      title: "The request's headers are too large",
      detail: "Sign out and sign in again. If that does not help, contact support.",
    },
    500: {
      title: "Something went wrong in the service",
      detail: "Try again. If it happens again, contact support.",
    },
    502: {
      title: "The service is unavailable",
      detail: "Try again in a moment. You can safely repeat what you did.",
    },
    503: {
      title: "The service is unavailable",
      detail: "Try again in a moment. You can safely repeat what you did.",
    },
    504: {
      title: "The service took too long to respond",
      detail: "Try again. You can safely repeat what you did.",
    },
  } as Record<number, { title: string; detail: string } | undefined>,
  failure: (status: number): { title: string; detail: string } => ({
    title: "The request failed",
    detail: `The service responded with status ${status}.`,
  }),

  problem: {
    deniedTitle: "You don't have permission to do this.",
    staleTitle: "Someone else changed this in the meantime.",
    stale: "Load the latest version. This discards your changes.",
    staleKept: "Load the latest version. Your changes are kept and apply when you save.",
    signedOutTitle: "Your session has expired.",
    signedOut: "Sign in again to continue. This page keeps its content until you leave it.",
    signInAgain: "Sign in again",
    again: "Try again",
    reload: "Load the latest version",
    field: (name: string): string => name.replaceAll("_", " ").replaceAll("/", " › "),
    /** Texts for error codes, instead of the API's own, which are English. */
    details: {} as Some,
    /** Texts for the codes of invalid fields, instead of the API's own. */
    fields: {} as Some,
  },

  denied: {
    title: "You don't have access to this page",
    unknown: "This is not allowed",
    needs: (needed: Role): string => `This requires the ${role[needed].toLowerCase()} role.`,
    decidedBy: (policies: string): string => `Denied by ${policies}.`,
    byOwn: (policies: string): string => `(Organization policy: ${policies}.)`,
  },

  org: {
    unknown: "Organization not found",
    unknownDetail:
      "This organization does not exist, or you are not a member. Ask an administrator to invite you.",
    isDeleted:
      "This organization is deleted. Its data can be read, but not changed. An owner can restore it within 30 days, under Settings.",
    isSuspended:
      "This organization is suspended. Its data can be read, but not changed. You can still remove members. To lift the suspension, contact support.",
  },

  orgs: {
    title: "Organizations",
    all: "All organizations…",
    switchFrom: (name: string): string => `Organization: ${name}`,
    choose: "Choose an organization",
    create: "Create organization",
    createAction: "Create",
    created: (name: string): string => `Created ${name}. You are its owner.`,
    name: "Name",
    nameHint: "At most 64 characters. Names do not have to be unique.",
    description: "Description (optional)",
    role: "Role",
    members: "Members",
    since: "Created",
    status: { active: "active", suspended: "suspended", deleted: "deleted" },
    none: "You are not a member of any organization yet",
    noneDetail:
      "Create one to share agents, knowledge bases and sources with your team, or ask someone to invite you.",
    unverified:
      "Your email address is not verified. Verify it with your identity provider to see the invitations sent to it.",
  },

  mine: {
    title: "Invitations for you",
    by: (name: string, as: Role, until: string): string =>
      `${name} invited you as ${aRole[as]}. Expires on ${until}.`,
    accept: "Accept",
    acceptOf: (name: string): string => `Accept the invitation to ${name}`,
    decline: "Decline",
    declineOf: (name: string): string => `Decline the invitation to ${name}`,
    joined: (name: string): string => `You joined ${name}.`,
    declineTitle: (name: string): string => `Decline the invitation to ${name}?`,
    declineDetail: (name: string): string =>
      `${name} will see that you declined. To join later, you need a new invitation.`,
  },

  account: {
    title: "Usage of my account",
    intro:
      "The usage that your account pays for. For each organization, this is the usage from the time when your account paid for it.",
    org: "Organization",
    none: "Your account has no usage in the last 12 months",
    noneDetail:
      "Your account pays for the organizations that you create, until their billing changes.",
  },

  statements: {
    title: "Statements",
    caption: (month: string): string => `Statement for ${month}`,
    kind: "Kind",
    adjustment: (month: string): string => `Correction of ${month}`,
    final: "Final",
    open: "Not final",
    finalDetail: "This statement no longer changes.",
    openDetail: (day: string): string =>
      `Usage of this month is still being recorded. Final from ${day}.`,
    total: (credits: string): string =>
      `Total: ${credits} ${credits === "1" ? "credit" : "credits"}.`,
    none: "This statement has no lines",
    noneDetailOfOrg:
      "A statement of the organization lists the usage of the time in which it pays for itself. Usage that an owner's account pays for is in that owner's statement.",
    noneDetail:
      "A statement lists the usage that your account paid for, by organization and kind. Corrections of earlier months are on separate lines.",
  },

  holds: {
    title: "Open holds",
    detail: "Credits of the budget that runs in progress have reserved.",
    run: "Hold",
    by: (client: string): string => `by ${client}`,
    captured: "Used so far",
    created: "Since",
    expires: "Expires",
    release: "Release",
    releaseTitle: (id: string): string => `Release the hold ${id}?`,
    releaseDetail:
      "Its unused credits become available to other runs. The run itself continues, and its usage is still recorded.",
    released: (id: string): string => `The hold ${id} is released.`,
  },

  members: {
    title: (name: string): string => `Members of ${name}`,
    heading: "Members",
    count: (all: number, owning: number): string => `${members(all)}, ${owners(owning)}`,
    countByRole: (all: number, owning: number, administrating: number): string =>
      `${members(all)}: ${owners(owning)}, ${administrators(administrating)}, ${viewers(all - owning - administrating)}`,
    countWithMany: (all: number, owning: number, moreThan: number): string =>
      `${members(all)}, including ${owners(owning)} and more than ${moreThan} administrators`,
    name: "Name",
    joined: "Joined",
    actions: "Actions",
    actionsFor: (name: string): string => `Actions for ${name}`,
    you: "you",
    search: "Name or email starts with",
    everyRole: "All roles",
    roleOf: (name: string): string => `Role of ${name}`,
    changed: (name: string, to: Role): string => `${name} is now ${aRole[to]}.`,
    shift: "Change role",
    shiftTitle: (name: string, to: Role): string => `Make ${name} ${aRole[to]}?`,
    shiftUp: (name: string): string =>
      `${name} will be able to do everything, including removing you.`,
    shiftDown: (name: string): string =>
      `${name} will no longer be able to manage owners, billing, the budget or the policies. If ${name} pays for the organization, the organization's own account pays from then on.`,
    shiftMe: "You give up permissions. Only someone who has them can give them back to you.",
    remove: "Remove",
    removed: (name: string): string => `Removed ${name}.`,
    removeTitle: (name: string, org: string): string => `Remove ${name} from ${org}?`,
    removeDetail: (name: string): string =>
      `${name} immediately loses access to everything that is shared here. Everything they created stays. To come back, they need a new invitation.`,
    leave: "Leave",
    leaveTitle: (org: string): string => `Leave ${org}?`,
    leaveDetail:
      "You immediately lose access to everything that is shared here. Everything you created stays. To come back, you need a new invitation.",
    left: (org: string): string => `You left ${org}.`,
    transfer: "Transfer ownership",
    transferIntro:
      "Another member becomes an owner and you become an administrator, at the same time. If your account pays, the organization's own account pays from then on, until an owner changes it under Billing.",
    transferTo: "New owner",
    transferChoose: "Choose a member",
    transferNobody: "Invite someone first: there is no other member.",
    transferTitle: (name: string): string => `Transfer ownership to ${name}?`,
    transferDetail: (name: string): string =>
      `${name} becomes an owner and you become an administrator, at the same time. If your account pays, the organization's own account pays from then on, until an owner changes it under Billing.`,
    transferred: (name: string): string => `${name} is now an owner, and you are an administrator.`,
    oneOwner:
      "You are the only owner. If you lose access to your account, nobody else can take over.",
    inviteOwner: "Invite a second owner",
    none: "No members match",
    noneDetail: "Search by the start of a name or an email address, or choose another role.",
  },

  invite: {
    title: "Invite people",
    action: "Invite",
    actionMany: (count: number): string => `Invite ${count}`,
    addresses: "Email addresses",
    noAddress: "Enter at least one email address.",
    noOwners: "Only owners can invite owners.",
    addressesHint: "One address per line, or separated by commas.",
    roleHint: {
      viewer: "Can see and use everything that is shared.",
      administrator:
        "Can also create and change resources, and invite and remove people, except owners.",
      owner:
        "Can do everything, including billing, the budget, the policies and deleting the organization.",
    } satisfies Record<Role, string>,
    invited: (count: number): string =>
      count === 1 ? "Sending 1 invitation." : `Sending ${count} invitations.`,
    done: "invited",
    refused: {
      validation_failed: "not an email address",
      already_invited: "already invited",
      already_member: "already a member",
      rate_limited: "too many invitations for now",
      address_blocked: "does not accept invitations",
      owner_grant: "only owners can invite owners",
      org_policy: "not allowed by an organization policy",
    } as Some,
    pending: "Invitations",
    refresh: "Refresh",
    address: "Email",
    state: "Status",
    until: "Expires",
    by: (name: string): string => `Invited by ${name}`,
    actionsFor: (email: string): string => `Actions for the invitation to ${email}`,
    status: {
      pending: "pending",
      accepted: "accepted",
      declined: "declined",
      revoked: "revoked",
      expired: "expired",
    } satisfies Record<Invitation["status"], string>,
    delivery: {
      queued: "email queued",
      sent: "email sent",
      delivered: "email delivered",
      bounced: "email bounced",
      complained: "marked as spam",
      failed: "email not sent",
    } satisfies Record<InvitationDelivery, string>,
    resend: "Resend",
    resent: (email: string): string =>
      `Sending a new link to ${email}. The old link no longer works.`,
    revoke: "Revoke",
    revoked: (email: string): string => `Revoked the invitation to ${email}.`,
    revokeTitle: (email: string): string => `Revoke the invitation to ${email}?`,
    revokeDetail: "The link in the email stops working. You can invite this address again.",
    none: "No invitations yet",
    noneDetail: "Invite people by email. They become members when they accept.",
  },

  resources: {
    title: "Resources",
    kind: "Kind",
    every: "All kinds",
    kinds: { agent: "Agent", knowledge_base: "Knowledge base", source: "Source" } satisfies Record<
      ResourceKind,
      string
    >,
    cost: "Cost class",
    costs: { standard: "Standard", high: "High" } satisfies Record<CostClass, string>,
    costHint: "High: can use many credits. The owners decide who can create these resources.",
    created: "Created",
    create: "Create resource",
    createAction: "Create",
    made: (name: string): string => `Created ${name}.`,
    actionsFor: (name: string): string => `Actions for ${name}`,
    edit: "Edit",
    editOf: (name: string): string => `Edit ${name}`,
    changed: (name: string): string => `Saved ${name}.`,
    remove: "Delete",
    removed: (name: string): string => `Deleted ${name}.`,
    removeTitle: (name: string): string => `Delete ${name}?`,
    removeDetail: (kind: string): string =>
      `All members lose this ${kind.toLowerCase()}. You cannot undo this. Its usage stays in the reports.`,
    noneOfKind: "No resources of this kind",
    none: "No resources yet",
    noneDetail:
      "Create an agent, a knowledge base or a source. All members can then use it, and its usage appears under Usage.",
  },

  usage: {
    title: "Usage",
    spent: "Spent this month",
    held: (credits: string): string => `${credits} held`,
    budget: "Budget",
    noBudget: "None",
    forecast: "Forecast",
    until: "Month ends",
    states: {
      ok: "within budget",
      warning: "threshold reached",
      exceeded: "used up",
    } as Some,
    range: "Period",
    ranges: {
      month: "This month",
      last: "Last month",
      week: "Last 7 days",
      year: "Last 12 months",
    },
    by: "Interval",
    windows: { hour: "Hour", day: "Day", month: "Month" },
    group: "Group by",
    groups: {
      none: "None",
      kind: "Kind",
      resource: "Resource",
      member: "Member",
      org: "Organization",
    },
    csv: "Download CSV",
    chartOf: (range: string, total: string): string =>
      `Chart of credits over time. ${range}: ${total} credits in total. The table below has the numbers.`,
    start: "Start (UTC)",
    credits: "Credits",
    events: "Events",
    total: (credits: string, events: string, from: string, to: string): string =>
      `${credits} ${credits === "1" ? "credit" : "credits"} in ${events} ${events === "1" ? "event" : "events"}, from ${from} to ${to}.`,
    compared: (change: string, credits: string): string =>
      `${change} compared with the period before (${credits} credits).`,
    comparedNothing: "No usage in the period before.",
    breakdown: "Breakdown",
    all: (count: string): string => `Show all ${count} rows`,
    without: "Not assigned",
    others: "All others",
    budgetLine: "Budget, spread evenly",
    expected: "Forecast",
    none: "No usage in this period",
    noneDetail:
      "Your backend reports what agents use with POST /v1/orgs/{org_id}/usage/events. It appears here within seconds.",
  },

  settings: {
    title: "Settings",
    general: "General",
    creators: "Who can create resources of the cost class High",
    creatorsHint: "This also applies to changing a resource to High.",
    administrators: "Administrators and owners",
    owners: "Owners only",
    remove: "Delete organization",
    removeDetail:
      "All members can still read the organization for 30 days, and an owner can restore it. Nobody can use or change it. After that, it is deleted permanently.",
    removeTitle: (name: string): string => `Delete ${name}?`,
    removeConfirm: (count: number): string =>
      `${count === 1 ? "Its member" : `All ${members(count)}`} can still read it for 30 days, and an owner can restore it. Nobody can use or change it. After that, its members, resources, audit log and usage are deleted permanently. Only the accounts that paid for the usage keep it, in their reports and statements.`,
    removed: (name: string): string => `Deleted ${name}. An owner can restore it within 30 days.`,
    restore: "Restore organization",
    restoreDetail: "The organization comes back as it was, with its members, resources and usage.",
    restored: (name: string): string => `Restored ${name}.`,
  },

  budget: {
    title: "Budget",
    monthly: "Credits per month",
    monthlyHint: (until: string): string =>
      `Leave this empty for no budget. The current month ends on ${until}.`,
    thresholds: "Email the owners at (percent)",
    thresholdsHint:
      "For example 50, 80, 100. At most 10 numbers, from 1 to 1000. Each threshold sends at most one email per month. If you change the credits per month, it can send another one.",
    enforce:
      "Deny new runs when the budget is used up. Runs in progress continue, and their usage is recorded.",
  },

  billing: {
    title: "Billing",
    now: (account: string, since: string): string =>
      `The account ${account} has paid since ${since}. Earlier usage stays with the account that paid then.`,
    mode: "Paid by",
    modeHint:
      "The change applies from the moment you save. Usage before that stays with the account that paid then, even if it is reported later.",
    restricted: "Your plan allows only one of these options.",
    otherOwner: "Another owner's account (current)",
    modes: {
      account: "My account",
      independent: "The organization's own account",
    } satisfies Record<BillingMode, string>,
    email: "Billing email",
  },

  policies: {
    title: "Organization policies",
    intro:
      "These policies restrict what members can do, in addition to the product's own rules. Policies can only restrict. While the organization is active, an owner can always change them.",
    ready: {
      "owners-invite": "Only owners can invite",
      "owners-remove": "Only owners can remove members",
      "office-hours": "Read-only outside 07:00 to 19:00 UTC, Monday to Friday",
      "no-agents": "Viewers cannot use agents",
    },
    byHand: "(edited, see Advanced)",
    advanced: "Advanced: edit the Cedar policies",
    text: "Cedar policies",
    textHint: "Only forbid policies. At most 20, of 2 KiB each and 8 KiB in total.",
    show: (line: number, column: number): string => `Show line ${line}, column ${column}`,
  },

  audit: {
    title: "Audit log",
    action: "Action",
    every: "All actions",
    from: "From",
    to: "To",
    when: "Time",
    who: "Person",
    what: "Action",
    change: "Changes",
    nothing: "–",
    fields: {
      account_id: "Account that pays",
      cost_class: "Cost class",
      created_by: "Created by",
      delivery: "Delivery of the email",
      description: "Description",
      email: "Email",
      enforce: "Deny new runs",
      expires_at: "Expires",
      "invited_by.name": "Invited by",
      kind: "Kind",
      mode: "Paid by",
      member_count: "Members",
      monthly_credits: "Credits per month",
      name: "Name",
      owner_count: "Owners",
      policies: "Policies",
      role: "Role",
      seat_limit: "Seats",
      "settings.high_cost_creators": "Who can create High resources",
      status: "Status",
      paid_since: "Paid since",
      reason: "Reason",
      thresholds: "Thresholds",
      unknown: "Unknown ids",
      voided: "Voided events",
    } as Some,
    values: { true: "yes", false: "no" } as Some,
    more: (count: number): string => `${count} more`,
    details: "Details",
    person: (id: string): string => `Person ${id}`,
    object: (id: string): string => `Object ${id}`,
    request: (id: string): string => `Request ${id}`,
    none: "No records in this period",
    noneDetail: "Every change is recorded here, with the person who made it.",
    actions: auditActions as Some,
  },
};

export type Texts = typeof en;

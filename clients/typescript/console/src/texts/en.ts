import { type Texts as ComponentTexts, en as components } from "@organizations/react/en";

const role = components.role;
const aRole: Record<string, string> = {
  owner: "an owner",
  administrator: "an administrator",
  viewer: "a viewer",
};

/** The English texts of the console and of the invitation page. */
export const en = {
  components,
  skip: "Skip to content",
  questions: "Questions?",
  sections: "Sections",
  tabs: {
    members: "Members",
    resources: "Resources",
    usage: "Usage",
    settings: "Settings",
    audit: "Audit log",
  },

  session: {
    intro: "Sign in to manage your organizations and their members, and to see their usage.",
    noIssuer: "Sign-in is not configured. The operator must set OIDC_ISSUER.",
    in: "Sign in",
    out: "Sign out",
    again: "Sign in again",
    failed: "Sign-in was not completed. Nothing was changed.",
    issuerAway: "Can't reach the identity provider. Try again in a moment.",
    other: (who: string): string =>
      `${who} is signed in, but this page belongs to another account. Sign in with that account.`,
    renewed: "You are signed in again",
    renewedDetail: "You can close this tab. Your changes in the other tab are still there.",
  },

  invitation: {
    signIn: "Sign in",
    signInAgain: "Sign in again",
    otherAccount: "Use another account",
    noAddress: "an account without an email address",
    accept: "Accept",
    decline: "Decline",
    back: "Back",
    tryAgain: "Try again",
    continue: (product: string): string => `Continue to ${product}`,
    issuerAway: { title: "Can't reach the identity provider", detail: "Try again in a moment." },
    notSignedIn: {
      title: "You are not signed in",
      detail: "Sign-in was not completed. The invitation is unchanged.",
    },
    noLink: {
      title: "Open the link in your email",
      detail:
        "Invitations arrive by email. The link in the email opens this page and shows the invitation.",
    },
    deadLink: {
      title: "This link does not work",
      detail:
        "It may be incomplete, or a newer email has replaced it. Open the link in the latest email, or ask the person who invited you to resend the invitation.",
    },

    offer: {
      title: (org: string): string => `Join ${org}`,
      inviter: "Invited by",
      role: "Role",
      email: "Email",
      until: "Expires",
      roles: role as Record<string, string>,
      noIssuer: (product: string): string => `Sign in to ${product} to answer this invitation.`,
      signIn: "Sign in with the invited email address to accept or decline.",
      signedInAs: (who: string): string => `Signed in as ${who}.`,
    },

    over: {
      expired: {
        title: "This invitation has expired",
        detail: (inviter: string): string => `Ask ${inviter} to resend it.`,
      },
      revoked: {
        title: "This invitation was revoked",
        detail: (inviter: string): string =>
          `If this is a mistake, ask ${inviter} to invite you again.`,
      },
      declined: {
        title: "This invitation was declined",
        detail: (inviter: string): string =>
          `If you changed your mind, ask ${inviter} to invite you again.`,
      },
      accepted: {
        title: "This invitation was already accepted",
        detail: (): string =>
          "If you accepted it and are still a member, you don't need it. Otherwise, ask for a new invitation.",
      },
    } as Record<string, { title: string; detail: (inviter: string) => string }>,
    invalid: {
      title: "This invitation is not valid",
      detail: (inviter: string): string => `Ask ${inviter} to invite you again.`,
    },

    accepted: {
      title: (org: string): string => `You are a member of ${org}`,
      detail: (as: string): string => `You joined as ${aRole[as] ?? as}.`,
    },
    confirmDecline: {
      title: (org: string): string => `Decline the invitation to ${org}?`,
      detail: (inviter: string): string =>
        `${inviter} will see that you declined. To join later, you need a new invitation.`,
    },
    declined: {
      title: "You declined the invitation",
      detail: (org: string): string => `You did not join ${org}. Nothing else changes for you.`,
    },

    wrongAddress: {
      title: "This invitation is for another address",
      detail: (email: string, who: string): string =>
        `It was sent to ${email}, and you are signed in as ${who}.`,
    },
    unverified: {
      title: "Your email address is not verified",
      detail: (who: string): string =>
        `Verify ${who} with your identity provider, then sign in again. The invitation stays valid.`,
    },
    alreadyMember: {
      title: (org: string): string => `You are already a member of ${org}`,
      detail: "Your role stays the same.",
    },
    noSeat: {
      title: "No seats left",
      detail: (org: string, inviter: string): string =>
        `${org} has no seats left in its plan. Ask ${inviter} to free a seat, then try again. The invitation stays valid.`,
    },
    notActive: {
      title: (org: string): string => `${org} is not active`,
      detail: (inviter: string): string => `Nobody can join it now. Ask ${inviter} for the reason.`,
    },

    optOut: {
      title: "Stop invitation emails?",
      detail:
        "Organizations can then no longer email invitations to this address. You can still accept invitations that you already have.",
      action: "Stop invitation emails",
    },
    optedOut: {
      title: "Invitation emails are stopped",
      detail: (email: string): string => `We no longer send invitations to ${email}.`,
    },
  },
};

export type Texts = Omit<typeof en, "components"> & { components: ComponentTexts };

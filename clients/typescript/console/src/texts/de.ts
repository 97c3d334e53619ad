import { de as components } from "@organizations/react/de";
import type { Texts } from "./en.ts";

const role: Record<string, string> = components.role;

/** The German texts of the console and of the invitation page. */
export const de: Texts = {
  components,
  skip: "Zum Inhalt springen",
  questions: "Fragen?",
  sections: "Bereiche",
  tabs: {
    members: "Mitglieder",
    resources: "Ressourcen",
    usage: "Nutzung",
    settings: "Einstellungen",
    audit: "Protokoll",
  },

  session: {
    intro:
      "Melden Sie sich an, um Ihre Organisationen und deren Mitglieder zu verwalten und die Nutzung zu sehen.",
    noIssuer: "Die Anmeldung ist nicht eingerichtet. Der Betreiber muss OIDC_ISSUER setzen.",
    in: "Anmelden",
    out: "Abmelden",
    again: "Erneut anmelden",
    failed: "Die Anmeldung wurde nicht abgeschlossen. Es wurde nichts geändert.",
    issuerAway: "Der Anmeldedienst ist nicht erreichbar. Versuchen Sie es gleich erneut.",
    other: (who) =>
      `${who} ist angemeldet, aber diese Seite gehört zu einem anderen Konto. Melden Sie sich mit dem anderen Konto an.`,
    renewed: "Sie sind wieder angemeldet",
    renewedDetail: "Sie können diesen Tab schließen. Ihre Eingaben im anderen Tab sind noch da.",
  },

  invitation: {
    signIn: "Anmelden",
    signInAgain: "Erneut anmelden",
    otherAccount: "Anderes Konto verwenden",
    noAddress: "ein Konto ohne E-Mail-Adresse",
    accept: "Annehmen",
    decline: "Ablehnen",
    back: "Zurück",
    tryAgain: "Erneut versuchen",
    continue: (product) => `Weiter zu ${product}`,
    issuerAway: {
      title: "Der Anmeldedienst ist nicht erreichbar",
      detail: "Versuchen Sie es gleich erneut.",
    },
    notSignedIn: {
      title: "Sie sind nicht angemeldet",
      detail: "Die Anmeldung wurde nicht abgeschlossen. Die Einladung ist unverändert.",
    },
    noLink: {
      title: "Öffnen Sie den Link in Ihrer E-Mail",
      detail:
        "Einladungen kommen per E-Mail. Der Link in der E-Mail öffnet diese Seite und zeigt die Einladung.",
    },
    deadLink: {
      title: "Dieser Link funktioniert nicht",
      detail:
        "Er ist möglicherweise unvollständig, oder eine neuere E-Mail hat ihn ersetzt. Öffnen Sie den Link in der neuesten E-Mail, oder bitten Sie die Person, die Sie eingeladen hat, die Einladung erneut zu senden.",
    },

    offer: {
      title: (org) => `${org} beitreten`,
      inviter: "Eingeladen von",
      role: "Rolle",
      email: "E-Mail",
      until: "Gültig bis",
      roles: role,
      noIssuer: (product) => `Melden Sie sich bei ${product} an, um zu antworten.`,
      signIn:
        "Melden Sie sich mit der eingeladenen E-Mail-Adresse an, um anzunehmen oder abzulehnen.",
      signedInAs: (who) => `Angemeldet als ${who}.`,
    },

    over: {
      expired: {
        title: "Diese Einladung ist abgelaufen",
        detail: (inviter) => `Bitten Sie ${inviter}, sie erneut zu senden.`,
      },
      revoked: {
        title: "Diese Einladung wurde zurückgezogen",
        detail: (inviter) =>
          `Wenn das ein Versehen ist, bitten Sie ${inviter} um eine neue Einladung.`,
      },
      declined: {
        title: "Diese Einladung wurde abgelehnt",
        detail: (inviter) =>
          `Wenn Sie es sich anders überlegt haben, bitten Sie ${inviter} um eine neue Einladung.`,
      },
      accepted: {
        title: "Diese Einladung wurde schon angenommen",
        detail: () =>
          "Wenn Sie die Einladung angenommen haben und noch Mitglied sind, müssen Sie nichts tun. Bitten Sie sonst um eine neue Einladung.",
      },
    },
    invalid: {
      title: "Diese Einladung ist nicht gültig",
      detail: (inviter) => `Bitten Sie ${inviter} um eine neue Einladung.`,
    },

    accepted: {
      title: (org) => `Sie sind Mitglied von ${org}`,
      detail: (as) => `Sie haben die Rolle ${role[as] ?? as}.`,
    },
    confirmDecline: {
      title: (org) => `Einladung zu ${org} ablehnen?`,
      detail: (inviter) =>
        `${inviter} sieht, dass Sie abgelehnt haben. Um später beizutreten, brauchen Sie eine neue Einladung.`,
    },
    declined: {
      title: "Sie haben die Einladung abgelehnt",
      detail: (org) => `Sie sind ${org} nicht beigetreten. Sonst ändert sich für Sie nichts.`,
    },

    wrongAddress: {
      title: "Diese Einladung gilt für eine andere Adresse",
      detail: (email, who) => `Die Einladung ging an ${email}. Angemeldet sind Sie als ${who}.`,
    },
    unverified: {
      title: "Ihre E-Mail-Adresse ist nicht bestätigt",
      detail: (who) =>
        `Bestätigen Sie ${who} bei Ihrem Anmeldedienst und melden Sie sich wieder an. Die Einladung bleibt gültig.`,
    },
    alreadyMember: {
      title: (org) => `Sie sind schon Mitglied von ${org}`,
      detail: "Ihre Rolle bleibt, wie sie ist.",
    },
    noSeat: {
      title: "Kein Platz mehr frei",
      detail: (org, inviter) =>
        `Im Tarif von ${org} ist kein Platz mehr frei. Bitten Sie ${inviter}, einen Platz frei zu machen, und versuchen Sie es erneut. Die Einladung bleibt gültig.`,
    },
    notActive: {
      title: (org) => `${org} ist nicht aktiv`,
      detail: (inviter) => `Zurzeit kann niemand beitreten. Fragen Sie ${inviter} nach dem Grund.`,
    },

    optOut: {
      title: "Keine Einladungs-E-Mails mehr erhalten?",
      detail:
        "Organisationen können dann keine Einladungen mehr an diese Adresse senden. Einladungen, die Sie schon haben, können Sie weiterhin annehmen.",
      action: "Keine Einladungen mehr erhalten",
    },
    optedOut: {
      title: "Einladungs-E-Mails sind abbestellt",
      detail: (email) => `Wir senden keine Einladungen mehr an ${email}.`,
    },
  },
};

import type { Role } from "../types.ts";
import type { auditActions } from "./audit-actions.ts";
import type { Texts } from "./en.ts";

const role = {
  owner: "Inhaber",
  administrator: "Administrator",
  viewer: "Betrachter",
} satisfies Record<Role, string>;

const members = (count: number): string => (count === 1 ? "1 Mitglied" : `${count} Mitglieder`);
const administrators = (count: number): string =>
  count === 1 ? "1 Administrator" : `${count} Administratoren`;

/** The German texts of the components. */
export const de: Texts = {
  language: "de",
  loading: "Wird geladen …",
  save: "Speichern",
  saved: "Gespeichert.",
  cancel: "Abbrechen",
  role,
  pager: { label: "Seiten", previous: "Zurück", next: "Weiter" },

  failures: {
    0: {
      title: "Der Dienst ist nicht erreichbar",
      detail:
        "Prüfen Sie Ihre Verbindung und versuchen Sie es erneut. Sie können den Vorgang gefahrlos wiederholen.",
    },
    413: { title: "Die Anfrage ist zu groß", detail: "Senden Sie weniger auf einmal." },
    429: {
      title: "Zu viele Anfragen",
      detail: "Warten Sie einen Moment und versuchen Sie es erneut.",
    },
    431: {
      title: "Die Kopfzeilen der Anfrage sind zu groß",
      detail: "Melden Sie sich ab und wieder an. Hilft das nicht, wenden Sie sich an den Support.",
    },
    500: {
      title: "Im Dienst ist ein Fehler aufgetreten",
      detail:
        "Versuchen Sie es erneut. Tritt der Fehler wieder auf, wenden Sie sich an den Support.",
    },
    502: {
      title: "Der Dienst ist nicht verfügbar",
      detail: "Versuchen Sie es gleich erneut. Sie können den Vorgang gefahrlos wiederholen.",
    },
    503: {
      title: "Der Dienst ist nicht verfügbar",
      detail: "Versuchen Sie es gleich erneut. Sie können den Vorgang gefahrlos wiederholen.",
    },
    504: {
      title: "Der Dienst hat nicht rechtzeitig geantwortet",
      detail: "Versuchen Sie es erneut. Sie können den Vorgang gefahrlos wiederholen.",
    },
  },
  failure: (status) => ({
    title: "Die Anfrage ist fehlgeschlagen",
    detail: `Der Dienst hat mit dem Status ${status} geantwortet.`,
  }),

  problem: {
    deniedTitle: "Dazu fehlt Ihnen die Berechtigung.",
    staleTitle: "Jemand anderes hat das inzwischen geändert.",
    stale: "Laden Sie den aktuellen Stand. Ihre Änderungen gehen dabei verloren.",
    staleKept:
      "Laden Sie den aktuellen Stand. Ihre Änderungen bleiben erhalten und werden beim Speichern übernommen.",
    signedOutTitle: "Ihre Anmeldung ist abgelaufen.",
    signedOut:
      "Melden Sie sich erneut an. Der Inhalt dieser Seite bleibt erhalten, bis Sie sie verlassen.",
    signInAgain: "Erneut anmelden",
    again: "Erneut versuchen",
    reload: "Aktuellen Stand laden",
    field: (name) => {
      const first = name.split("/")[0] ?? "";
      return FIELDS[first] ?? name.replaceAll("_", " ").replaceAll("/", " › ");
    },
    details: {
      email_not_verified:
        "Ihre E-Mail-Adresse ist nicht bestätigt. Bestätigen Sie sie bei Ihrem Anmeldedienst und melden Sie sich wieder an.",
      email_mismatch:
        "Die Einladung gilt für eine andere Adresse. Melden Sie sich mit der eingeladenen Adresse an.",
      owner_protected: "Nur ein Inhaber kann einen Inhaber ändern oder entfernen.",
      owner_grant: "Nur ein Inhaber kann jemanden zum Inhaber machen oder als Inhaber einladen.",
      org_not_active:
        "Die Organisation ist gesperrt oder gelöscht. Sie können sie lesen, aber nicht ändern.",
      high_cost_restricted:
        "Die Einstellungen der Organisation verlangen eine höhere Rolle für Ressourcen der Kostenklasse Hoch.",
      budget_exceeded: "Das Budget ist aufgebraucht oder reicht für diesen Vorgang nicht aus.",
      plan_restricted: "Ihr Tarif erlaubt diese Auswahl unter „Bezahlt von“ nicht.",
      missing_permission: "Ihre Rolle erlaubt das nicht.",
      org_policy: "Eine Richtlinie der Organisation verbietet das.",
      org_not_found: "Diese Organisation gibt es nicht, oder Sie sind kein Mitglied.",
      member_not_found: "Dieses Mitglied gibt es nicht mehr. Laden Sie die Liste neu.",
      resource_not_found: "Diese Ressource gibt es nicht mehr. Laden Sie die Liste neu.",
      invitation_not_found: "Diese Einladung gibt es nicht.",
      last_owner:
        "Die Organisation hätte keinen Inhaber mehr. Machen Sie zuerst ein anderes Mitglied zum Inhaber.",
      already_member: "Die Person ist bereits Mitglied.",
      already_invited: "Diese Adresse hat bereits eine offene Einladung.",
      invitation_not_pending: "Die Einladung ist nicht mehr offen.",
      address_blocked:
        "Diese Adresse empfängt keine Einladungen. Die Person kann sich an den Support wenden.",
      seat_limit_reached: "Der Tarif hat keinen freien Platz mehr.",
      org_limit_reached: "Sie haben die Höchstzahl an Organisationen erreicht.",
      invitation_expired: "Die Einladung ist abgelaufen.",
      invitation_revoked: "Die Einladung wurde zurückgezogen.",
      invitation_declined: "Die Einladung wurde abgelehnt.",
      invitation_used: "Die Einladung wurde schon angenommen.",
      validation_failed: "Einige Angaben sind ungültig.",
      report_too_large:
        "Der Bericht hat zu viele Gruppen. Wählen Sie einen kürzeren Zeitraum oder längere Intervalle.",
      rate_limited: "Das ist in kurzer Zeit zu oft geschehen. Versuchen Sie es später erneut.",
    },
    fields: {
      duplicate: "Die Angabe ist doppelt.",
      invalid_credits: "Das ist keine gültige Zahl. Höchstens 6 Nachkommastellen.",
      invalid_email: "Das ist keine gültige E-Mail-Adresse.",
      invalid_length: "Zu wenige oder zu viele Einträge.",
      invalid_range: "Das Ende muss nach dem Anfang liegen.",
      invalid_value: "Der Wert ist ungültig.",
      missing_field: "Die Angabe fehlt.",
      oneself: "Wählen Sie ein anderes Mitglied.",
      out_of_range: "Der Wert ist zu klein oder zu groß.",
      too_many: "Zu viele Einträge.",
      unknown_field: "Diese Angabe ist nicht vorgesehen.",
      wrong_type: "Der Wert hat das falsche Format.",
    },
  },

  denied: {
    title: "Sie haben keinen Zugriff auf diese Seite",
    unknown: "Das ist nicht erlaubt",
    needs: (needed) => `Dazu ist die Rolle ${role[needed]} nötig.`,
    decidedBy: (policies) => `Verboten durch ${policies}.`,
    byOwn: (policies) => `(Richtlinie der Organisation: ${policies}.)`,
  },

  org: {
    unknown: "Organisation nicht gefunden",
    unknownDetail:
      "Diese Organisation gibt es nicht, oder Sie sind kein Mitglied. Bitten Sie einen Administrator um eine Einladung.",
    isDeleted:
      "Diese Organisation ist gelöscht. Die Daten der Organisation lassen sich lesen, aber nicht ändern. Ein Inhaber kann sie 30 Tage lang unter „Einstellungen“ wiederherstellen.",
    isSuspended:
      "Diese Organisation ist gesperrt. Die Daten der Organisation lassen sich lesen, aber nicht ändern. Mitglieder können Sie weiterhin entfernen. Um die Sperre aufzuheben, wenden Sie sich an den Support.",
  },

  orgs: {
    title: "Organisationen",
    all: "Alle Organisationen …",
    switchFrom: (name) => `Organisation: ${name}`,
    choose: "Organisation wählen",
    create: "Organisation anlegen",
    createAction: "Anlegen",
    created: (name) => `${name} ist angelegt. Sie sind Inhaber.`,
    name: "Name",
    nameHint: "Höchstens 64 Zeichen. Namen müssen nicht eindeutig sein.",
    description: "Beschreibung (optional)",
    role: "Rolle",
    members: "Mitglieder",
    since: "Angelegt",
    status: { active: "aktiv", suspended: "gesperrt", deleted: "gelöscht" },
    none: "Sie sind noch in keiner Organisation Mitglied",
    noneDetail:
      "Legen Sie eine an, um Agenten, Wissensbasen und Quellen mit Ihrem Team zu teilen, oder lassen Sie sich einladen.",
    unverified:
      "Ihre E-Mail-Adresse ist nicht bestätigt. Bestätigen Sie sie bei Ihrem Anmeldedienst, um Einladungen an diese Adresse zu sehen.",
  },

  mine: {
    title: "Einladungen für Sie",
    by: (name, as, until) => `${name} hat Sie als ${role[as]} eingeladen. Gültig bis ${until}.`,
    accept: "Annehmen",
    acceptOf: (name) => `Einladung zu ${name} annehmen`,
    decline: "Ablehnen",
    declineOf: (name) => `Einladung zu ${name} ablehnen`,
    joined: (name) => `Sie sind jetzt Mitglied von ${name}.`,
    declineTitle: (name) => `Einladung zu ${name} ablehnen?`,
    declineDetail: (name) =>
      `${name} sieht, dass Sie abgelehnt haben. Um später beizutreten, brauchen Sie eine neue Einladung.`,
  },

  account: {
    title: "Nutzung meines Kontos",
    intro:
      "Die Nutzung, für die Ihr Konto bezahlt. Von jeder Organisation zählt nur die Zeit, in der Ihr Konto für sie bezahlt hat.",
    org: "Organisation",
    none: "Keine Nutzung in den letzten 12 Monaten",
    noneDetail:
      "Ihr Konto bezahlt für Organisationen, die Sie anlegen, bis deren Abrechnung geändert wird.",
  },

  statements: {
    title: "Monatsabrechnungen",
    caption: (month) => `Monatsabrechnung für ${month}`,
    kind: "Art",
    adjustment: (month) => `Korrektur für ${month}`,
    final: "Endgültig",
    open: "Vorläufig",
    finalDetail: "Diese Monatsabrechnung ändert sich nicht mehr.",
    openDetail: (day) => `Für diesen Monat wird noch Nutzung erfasst. Endgültig ab dem ${day}.`,
    total: (credits) => `Summe: ${credits} ${credits === "1" ? "Credit" : "Credits"}.`,
    none: "Diese Monatsabrechnung hat keine Zeilen",
    noneDetailOfOrg:
      "Eine Monatsabrechnung der Organisation enthält die Nutzung der Zeit, in der sie selbst bezahlt. Nutzung, für die das Konto eines Inhabers bezahlt, steht in dessen Monatsabrechnung.",
    noneDetail:
      "Eine Monatsabrechnung enthält die Nutzung, für die Ihr Konto bezahlt, nach Organisation und Art. Korrekturen früherer Monate stehen in eigenen Zeilen.",
  },

  holds: {
    title: "Offene Reservierungen",
    detail: "Credits des Budgets, die laufende Ausführungen reserviert haben.",
    run: "Reservierung",
    by: (client) => `von ${client}`,
    captured: "Bisher verbraucht",
    created: "Seit",
    expires: "Läuft ab",
    release: "Freigeben",
    releaseTitle: (id) => `Reservierung ${id} freigeben?`,
    releaseDetail:
      "Ihre ungenutzten Credits stehen anderen Ausführungen zur Verfügung. Die Ausführung selbst läuft weiter, und ihr Verbrauch wird weiterhin erfasst.",
    released: (id) => `Die Reservierung ${id} ist freigegeben.`,
  },

  members: {
    title: (name) => `Mitglieder von ${name}`,
    heading: "Mitglieder",
    count: (all, owning) => `${members(all)}, davon ${owning} Inhaber`,
    countByRole: (all, owning, administrating) =>
      `${members(all)}: ${owning} Inhaber, ${administrators(administrating)}, ${all - owning - administrating} Betrachter`,
    countWithMany: (all, owning, moreThan) =>
      `${members(all)}, davon ${owning} Inhaber und mehr als ${moreThan} Administratoren`,
    name: "Name",
    joined: "Beigetreten",
    actions: "Aktionen",
    actionsFor: (name) => `Aktionen für ${name}`,
    you: "Sie",
    search: "Name oder E-Mail beginnt mit",
    everyRole: "Alle Rollen",
    roleOf: (name) => `Rolle von ${name}`,
    changed: (name, to) => `${name} hat jetzt die Rolle ${role[to]}.`,
    shift: "Rolle ändern",
    shiftTitle: (name, to) => `Rolle von ${name} in ${role[to]} ändern?`,
    shiftUp: (name) => `${name} kann dann alles tun, auch Sie entfernen.`,
    shiftDown: (name) =>
      `${name} kann dann Inhaber, Abrechnung, Budget und Richtlinien nicht mehr verwalten. Wenn bisher ${name} bezahlt, bezahlt danach das eigene Konto der Organisation.`,
    shiftMe: "Sie geben Berechtigungen ab. Nur jemand, der sie hat, kann sie Ihnen wieder geben.",
    remove: "Entfernen",
    removed: (name) => `${name} wurde entfernt.`,
    removeTitle: (name, org) => `${name} aus ${org} entfernen?`,
    removeDetail: (name) =>
      `${name} verliert sofort den Zugriff auf alles, was hier geteilt wird. Angelegtes bleibt erhalten. Für eine Rückkehr ist eine neue Einladung nötig.`,
    leave: "Verlassen",
    leaveTitle: (org) => `${org} verlassen?`,
    leaveDetail:
      "Sie verlieren sofort den Zugriff auf alles, was hier geteilt wird. Was Sie angelegt haben, bleibt erhalten. Für eine Rückkehr brauchen Sie eine neue Einladung.",
    left: (org) => `Sie haben ${org} verlassen.`,
    transfer: "Inhaberschaft übertragen",
    transferIntro:
      "Ein anderes Mitglied wird Inhaber, und Sie werden gleichzeitig Administrator. Wenn bisher Ihr Konto bezahlt, bezahlt danach das eigene Konto der Organisation, bis ein Inhaber das unter „Abrechnung“ ändert.",
    transferTo: "Neuer Inhaber",
    transferChoose: "Mitglied wählen",
    transferNobody: "Laden Sie zuerst jemanden ein: Es gibt kein anderes Mitglied.",
    transferTitle: (name) => `Inhaberschaft an ${name} übertragen?`,
    transferDetail: (name) =>
      `${name} wird Inhaber, und Sie werden gleichzeitig Administrator. Wenn bisher Ihr Konto bezahlt, bezahlt danach das eigene Konto der Organisation, bis ein Inhaber das unter „Abrechnung“ ändert.`,
    transferred: (name) => `${name} ist jetzt Inhaber, und Sie sind Administrator.`,
    oneOwner:
      "Sie sind der einzige Inhaber. Verlieren Sie den Zugang zu Ihrem Konto, kann niemand übernehmen.",
    inviteOwner: "Zweiten Inhaber einladen",
    none: "Keine Mitglieder gefunden",
    noneDetail:
      "Suchen Sie nach dem Anfang eines Namens oder einer E-Mail-Adresse, oder wählen Sie eine andere Rolle.",
  },

  invite: {
    title: "Personen einladen",
    action: "Einladen",
    actionMany: (count) => `${count} einladen`,
    addresses: "E-Mail-Adressen",
    noAddress: "Geben Sie mindestens eine E-Mail-Adresse ein.",
    noOwners: "Nur Inhaber können Inhaber einladen.",
    addressesHint: "Eine Adresse pro Zeile oder durch Kommas getrennt.",
    roleHint: {
      viewer: "Kann alles sehen und nutzen, was geteilt wird.",
      administrator:
        "Kann außerdem Ressourcen anlegen und ändern sowie Personen einladen und entfernen, außer Inhaber.",
      owner:
        "Kann alles, auch Abrechnung, Budget und Richtlinien verwalten und die Organisation löschen.",
    },
    invited: (count) =>
      count === 1 ? "1 Einladung wird gesendet." : `${count} Einladungen werden gesendet.`,
    done: "eingeladen",
    refused: {
      validation_failed: "keine E-Mail-Adresse",
      already_invited: "schon eingeladen",
      already_member: "schon Mitglied",
      rate_limited: "zurzeit zu viele Einladungen",
      address_blocked: "empfängt keine Einladungen",
      owner_grant: "nur Inhaber können Inhaber einladen",
      org_policy: "durch eine Richtlinie verboten",
    },
    pending: "Einladungen",
    refresh: "Aktualisieren",
    address: "E-Mail",
    state: "Status",
    until: "Gültig bis",
    by: (name) => `Eingeladen von ${name}`,
    actionsFor: (email) => `Aktionen für die Einladung an ${email}`,
    status: {
      pending: "offen",
      accepted: "angenommen",
      declined: "abgelehnt",
      revoked: "zurückgezogen",
      expired: "abgelaufen",
    },
    delivery: {
      queued: "E-Mail in Warteschlange",
      sent: "E-Mail gesendet",
      delivered: "E-Mail zugestellt",
      bounced: "E-Mail unzustellbar",
      complained: "als Spam gemeldet",
      failed: "E-Mail nicht gesendet",
    },
    resend: "Erneut senden",
    resent: (email) => `Ein neuer Link wird an ${email} gesendet. Der alte Link gilt nicht mehr.`,
    revoke: "Zurückziehen",
    revoked: (email) => `Die Einladung an ${email} wurde zurückgezogen.`,
    revokeTitle: (email) => `Einladung an ${email} zurückziehen?`,
    revokeDetail:
      "Der Link in der E-Mail gilt nicht mehr. Sie können diese Adresse wieder einladen.",
    none: "Noch keine Einladungen",
    noneDetail: "Laden Sie Personen per E-Mail ein. Sie werden Mitglied, wenn sie annehmen.",
  },

  resources: {
    title: "Ressourcen",
    kind: "Art",
    every: "Alle Arten",
    kinds: { agent: "Agent", knowledge_base: "Wissensbasis", source: "Quelle" },
    cost: "Kostenklasse",
    costs: { standard: "Standard", high: "Hoch" },
    costHint:
      "Hoch: kann viele Credits verbrauchen. Die Inhaber legen fest, wer solche Ressourcen anlegen darf.",
    created: "Angelegt",
    create: "Ressource anlegen",
    createAction: "Anlegen",
    made: (name) => `${name} ist angelegt.`,
    actionsFor: (name) => `Aktionen für ${name}`,
    edit: "Bearbeiten",
    editOf: (name) => `${name} bearbeiten`,
    changed: (name) => `${name} ist gespeichert.`,
    remove: "Löschen",
    removed: (name) => `${name} ist gelöscht.`,
    removeTitle: (name) => `${name} löschen?`,
    removeDetail: (kind) =>
      `Die Ressource (${kind}) ist dann für alle Mitglieder weg. Das lässt sich nicht rückgängig machen. Die bisherige Nutzung der Ressource bleibt in den Berichten.`,
    noneOfKind: "Keine Ressourcen dieser Art",
    none: "Noch keine Ressourcen",
    noneDetail:
      "Legen Sie einen Agenten, eine Wissensbasis oder eine Quelle an. Alle Mitglieder können sie dann verwenden. Was sie kosten, steht unter „Nutzung“.",
  },

  usage: {
    title: "Nutzung",
    spent: "Diesen Monat verbraucht",
    held: (credits) => `${credits} reserviert`,
    budget: "Budget",
    noBudget: "Keines",
    forecast: "Prognose",
    until: "Monat endet am",
    states: {
      ok: "im Budget",
      warning: "Schwelle erreicht",
      exceeded: "aufgebraucht",
    },
    range: "Zeitraum",
    ranges: {
      month: "Dieser Monat",
      last: "Letzter Monat",
      week: "Letzte 7 Tage",
      year: "Letzte 12 Monate",
    },
    by: "Intervall",
    windows: { hour: "Stunde", day: "Tag", month: "Monat" },
    group: "Gruppieren nach",
    groups: {
      none: "Nicht gruppieren",
      kind: "Art",
      resource: "Ressource",
      member: "Mitglied",
      org: "Organisation",
    },
    csv: "CSV herunterladen",
    chartOf: (range, total) =>
      `Diagramm der Credits im Zeitverlauf. ${range}: insgesamt ${total} Credits. Die Tabelle darunter enthält die Zahlen.`,
    start: "Beginn (UTC)",
    credits: "Credits",
    events: "Ereignisse",
    total: (credits, events, from, to) =>
      `${credits} ${credits === "1" ? "Credit" : "Credits"} für ${events} ${events === "1" ? "Ereignis" : "Ereignisse"} (${from} bis ${to}).`,
    compared: (change, credits) => `${change} gegenüber dem Zeitraum davor (${credits} Credits).`,
    comparedNothing: "Im Zeitraum davor gab es keine Nutzung.",
    breakdown: "Aufteilung",
    all: (count) => `Alle ${count} Zeilen anzeigen`,
    without: "Nicht zugeordnet",
    others: "Alle anderen",
    budgetLine: "Budget, gleichmäßig verteilt",
    expected: "Prognose",
    none: "Keine Nutzung in diesem Zeitraum",
    noneDetail:
      "Ihr Backend meldet die Nutzung der Agenten mit POST /v1/orgs/{org_id}/usage/events. Sie erscheint hier innerhalb weniger Sekunden.",
  },

  settings: {
    title: "Einstellungen",
    general: "Allgemein",
    creators: "Wer Ressourcen der Kostenklasse „Hoch“ anlegen darf",
    creatorsHint: "Das gilt auch, wenn eine Ressource auf „Hoch“ geändert wird.",
    administrators: "Administratoren und Inhaber",
    owners: "Nur Inhaber",
    remove: "Organisation löschen",
    removeDetail:
      "Alle Mitglieder können die Organisation noch 30 Tage lesen, und ein Inhaber kann sie wiederherstellen. Niemand kann sie nutzen oder ändern. Danach wird sie endgültig gelöscht.",
    removeTitle: (name) => `${name} löschen?`,
    removeConfirm: (count) =>
      `${count === 1 ? "Das Mitglied kann" : `Alle ${members(count)} können`} die Organisation noch 30 Tage lesen, und ein Inhaber kann sie wiederherstellen. Niemand kann sie nutzen oder ändern. Danach werden Mitglieder, Ressourcen, Protokoll und Nutzung endgültig gelöscht. Erhalten bleibt nur die Nutzung in den Berichten und Monatsabrechnungen der Konten, die dafür bezahlt haben.`,
    removed: (name) =>
      `Die Organisation ${name} ist gelöscht. Ein Inhaber kann sie 30 Tage lang wiederherstellen.`,
    restore: "Organisation wiederherstellen",
    restoreDetail:
      "Die Organisation ist dann wieder wie zuvor, mit Mitgliedern, Ressourcen und Nutzung.",
    restored: (name) => `${name} ist wiederhergestellt.`,
  },

  budget: {
    title: "Budget",
    monthly: "Credits pro Monat",
    monthlyHint: (until) =>
      `Lassen Sie das Feld leer, um kein Budget zu setzen. Der laufende Monat endet am ${until}.`,
    thresholds: "E-Mail an die Inhaber bei … % des Budgets",
    thresholdsHint:
      "Zum Beispiel 50, 80, 100. Höchstens 10 Zahlen von 1 bis 1000. Pro Schwelle wird höchstens eine E-Mail im Monat gesendet. Wenn Sie die Credits pro Monat ändern, kann eine weitere folgen.",
    enforce:
      "Neue Läufe ablehnen, wenn das Budget aufgebraucht ist. Laufende Vorgänge gehen weiter, und ihre Nutzung wird erfasst.",
  },

  billing: {
    title: "Abrechnung",
    now: (account, since) =>
      `Seit dem ${since} bezahlt das Konto ${account}. Frühere Nutzung wird weiterhin dem Konto berechnet, das damals bezahlt hat.`,
    mode: "Bezahlt von",
    modeHint:
      "Die Änderung gilt ab dem Speichern. Frühere Nutzung wird dem Konto berechnet, das damals bezahlt hat, auch wenn sie erst später gemeldet wird.",
    restricted: "Ihr Tarif erlaubt nur eine dieser Möglichkeiten.",
    otherOwner: "Konto eines anderen Inhabers (zurzeit)",
    modes: {
      account: "Mein Konto",
      independent: "Eigenes Konto der Organisation",
    },
    email: "E-Mail-Adresse für Rechnungen",
  },

  policies: {
    title: "Richtlinien der Organisation",
    intro:
      "Diese Richtlinien gelten zusätzlich zu den Regeln des Produkts. Sie können Rechte nur einschränken, nicht erweitern. Solange die Organisation aktiv ist, kann ein Inhaber sie immer ändern.",
    ready: {
      "owners-invite": "Nur Inhaber können einladen",
      "owners-remove": "Nur Inhaber können Mitglieder entfernen",
      "office-hours": "Nur Lesezugriff außerhalb von Montag bis Freitag, 07:00 bis 19:00 Uhr (UTC)",
      "no-agents": "Betrachter können keine Agenten nutzen",
    },
    byHand: "(bearbeitet, siehe „Erweitert“)",
    advanced: "Erweitert: Cedar-Richtlinien bearbeiten",
    text: "Cedar-Richtlinien",
    textHint: "Nur forbid-Richtlinien. Höchstens 20, je 2 KiB und zusammen 8 KiB.",
    show: (line, column) => `Zeile ${line}, Spalte ${column} anzeigen`,
  },

  audit: {
    title: "Protokoll",
    action: "Aktion",
    every: "Alle Aktionen",
    from: "Von",
    to: "Bis",
    when: "Zeit",
    who: "Person",
    what: "Aktion",
    change: "Änderungen",
    nothing: "–",
    fields: {
      account_id: "Zahlendes Konto",
      cost_class: "Kostenklasse",
      created_by: "Angelegt von",
      delivery: "E-Mail-Versand",
      description: "Beschreibung",
      email: "E-Mail",
      enforce: "Neue Läufe ablehnen",
      expires_at: "Gültig bis",
      "invited_by.name": "Eingeladen von",
      "invited_by.user_id": "Eingeladen von (Kennung)",
      kind: "Art",
      mode: "Bezahlt von",
      monthly_credits: "Credits pro Monat",
      name: "Name",
      member_count: "Mitglieder",
      owner_count: "Inhaber",
      policies: "Richtlinien",
      role: "Rolle",
      seat_limit: "Plätze",
      "settings.high_cost_creators": "Wer Ressourcen der Klasse „Hoch“ anlegen darf",
      status: "Status",
      paid_since: "Bezahlt seit",
      reason: "Grund",
      thresholds: "E-Mail-Schwellen (%)",
      unknown: "Unbekannte Kennungen",
      voided: "Stornierte Ereignisse",
    },
    values: {
      true: "ja",
      false: "nein",
      active: "aktiv",
      suspended: "gesperrt",
      deleted: "gelöscht",
      pending: "offen",
      accepted: "angenommen",
      declined: "abgelehnt",
      revoked: "zurückgezogen",
      expired: "abgelaufen",
      account: "Konto eines Inhabers",
      independent: "Eigenes Konto der Organisation",
      owner: "Nur Inhaber",
      administrator: "Administratoren und Inhaber",
      queued: "in Warteschlange",
      sent: "gesendet",
      delivered: "zugestellt",
      bounced: "unzustellbar",
      failed: "nicht gesendet",
    },
    more: (count) => `${count} weitere`,
    details: "Einzelheiten",
    person: (id) => `Person ${id}`,
    object: (id) => `Objekt ${id}`,
    request: (id) => `Anfrage ${id}`,
    none: "Keine Einträge in diesem Zeitraum",
    noneDetail: "Jede Änderung wird hier mit der Person festgehalten, die sie gemacht hat.",
    actions: {
      forget_me: "Alle Organisationen verlassen",
      forget_user: "Person aus allen Organisationen entfernt",
      create_org: "Organisation angelegt",
      update_org: "Organisation geändert",
      delete_org: "Organisation gelöscht",
      restore_org: "Organisation wiederhergestellt",
      set_plan: "Tarif geändert",
      change_role: "Rolle geändert",
      remove_member: "Mitglied entfernt",
      add_member: "Mitglied hinzugefügt",
      appoint_owner: "Inhaber bestimmt",
      transfer_ownership: "Inhaberschaft übertragen",
      leave_org: "Organisation verlassen",
      invite_member: "Person eingeladen",
      invite_members: "Mehrere Personen eingeladen",
      resend_invitation: "Einladung erneut gesendet",
      revoke_invitation: "Einladung zurückgezogen",
      decline_invitation: "Einladung abgelehnt",
      accept_invitation: "Einladung angenommen",
      create_resource: "Ressource angelegt",
      update_resource: "Ressource geändert",
      delete_resource: "Ressource gelöscht",
      set_policies: "Richtlinien geändert",
      set_budget: "Budget geändert",
      set_billing: "Abrechnung geändert",
      void_usage: "Nutzung storniert",
      alert_budget: "Budgetwarnung",
    } satisfies Record<keyof typeof auditActions, string>,
  },
};

/** The names of the fields in which an error can be. */
const FIELDS: Record<string, string | undefined> = {
  name: "Name",
  description: "Beschreibung",
  email: "E-Mail",
  monthly_credits: "Credits pro Monat",
  thresholds: "E-Mail-Schwellen",
  role: "Rolle",
};

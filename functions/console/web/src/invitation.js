// @ts-check
// The invitation page, which the links in emails open. The link's token is in the fragment; this page
// sends it to the API in request bodies only. The bearer token is a variable: a reload forgets it.
// Everything that people typed is shown as text, never as markup.

import "./invitation.css";
import { begin, config, finish, isBack, random } from "./oidc.ts";
import { failure, invitation as t } from "./texts.ts";
import { send } from "./transport.ts";

/** @typedef {{ org: { name: string }, role: string, inviter: { name: string }, email: string, status: string, expires_at: string }} Preview */
/** @typedef {{ status: number, body: any }} Answer */

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const PATH = "/invitations";

/** The current session. @type {{ token: string, email: string | null } | null} */
let session = null;
/** One idempotency key per invitation and reply. @type {Map<string, string>} */
const keys = new Map();

// ---- showing

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {...(Node | string)} children */
const text = (...children) => element("p", {}, ...children);

/**
 * A button that is disabled while its work is running.
 * @param {string} testId
 * @param {string} label
 * @param {() => Promise<void> | void} work
 * @param {string} [kind]
 */
function button(testId, label, work, kind = "") {
  const made = /** @type {HTMLButtonElement} */ (
    element("button", { type: "button", class: kind, "data-testid": testId }, label)
  );
  made.addEventListener("click", async () => {
    const all = /** @type {NodeListOf<HTMLButtonElement>} */ (main.querySelectorAll("button"));
    if (made.disabled) return;
    for (const one of all) one.disabled = true;
    main.setAttribute("aria-busy", "true");
    try {
      await work();
    } finally {
      main.removeAttribute("aria-busy");
      for (const one of all) one.disabled = false;
    }
  });
  return made;
}

/** @param {...Node} children */
const actions = (...children) => element("div", { class: "actions" }, ...children);

/**
 * Shows a state of the page and focuses its heading.
 * @param {string} name
 * @param {string} heading
 * @param {...Node} children
 */
function show(name, heading, ...children) {
  const title = element("h1", { tabindex: "-1" }, heading);
  main.dataset.state = name;
  main.replaceChildren(title, ...children);
  document.title = `${heading} · ${config.product}`;
  title.focus();
}

/** A link to the product, or to the console if the product has no URL. @param {string | null} orgId */
function onward(orgId) {
  if (!config.app && !config.issuer) return [];
  const url = new URL(config.app ?? "/", location.origin);
  if (orgId && config.app) url.searchParams.set("org_id", orgId);
  else if (orgId) url.hash = `#/orgs/${orgId}/members`;
  return [
    actions(
      element(
        "a",
        { class: "button main", href: url.href, "data-testid": "continue" },
        t.continue(config.product),
      ),
    ),
  ];
}

function help() {
  if (!config.support) return [];
  const link = element("a", { href: config.support }, config.support.replace(/^mailto:/, ""));
  return [element("p", { class: "quiet" }, t.questions, " ", link)];
}

/**
 * Shows a failure and offers to try again.
 * @param {{ title: string, detail: string }} why
 * @param {() => Promise<void>} again
 */
function away({ title, detail }, again) {
  show(
    "away",
    title,
    text(detail),
    actions(button("try-again", t.tryAgain, again, "main")),
    ...help(),
  );
}

// ---- the API

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{ headers?: Record<string, string>, isRead?: boolean }} [options]
 * @returns {Promise<Answer>}
 */
async function api(method, path, body, { headers = {}, isRead = method === "GET" } = {}) {
  if (session) headers.authorization = `Bearer ${session.token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  const received = await send(
    `/v1${path}`,
    { method, headers, body: body === undefined ? null : JSON.stringify(body) },
    isRead,
  );
  try {
    return { status: received.status, body: JSON.parse(received.text) };
  } catch {
    return { status: received.status, body: null };
  }
}

// ---- signing in

/**
 * @param {string} link
 * @param {boolean} [another] whether to ask for another identity than the one that the issuer remembers
 */
async function signIn(link, another = false) {
  try {
    await begin(PATH, link && `#${link}`, another);
  } catch {
    away(t.issuerAway, () => signIn(link, another));
  }
}

/** Continues after the redirect from the issuer. */
async function signedIn() {
  const { token, kept } = await finish(PATH);
  const link = kept.slice(1);
  if (!token) return notSignedIn(link);
  session = { token, email: null };
  const me = await api("GET", "/me");
  session.email = me.body?.email ?? null;
  await openLink(link);
}

/** @param {string} link */
function notSignedIn(link) {
  session = null;
  show(
    "not-signed-in",
    t.notSignedIn.title,
    text(t.notSignedIn.detail),
    actions(button("sign-in", t.signIn, () => signIn(link), "main")),
    ...help(),
  );
}

// ---- an invitation

/** Shows an invitation that is no longer open. @param {string} state @param {string} inviter */
function over(state, inviter) {
  const { title, detail } = t.over[state] ?? t.invalid;
  show(
    state,
    title,
    text(detail(inviter)),
    ...(state === "accepted" ? onward(null) : []),
    ...help(),
  );
}

function deadLink() {
  show("unknown", t.deadLink.title, text(t.deadLink.detail), ...help());
}

/**
 * @param {string} link
 * @returns {Promise<void>}
 */
async function invitation(link) {
  const answer = await api("POST", "/invitations/preview", { token: link }, { isRead: true });
  if (answer.status === 404) return deadLink();
  if (answer.status !== 200) return away(failure(answer.status), () => invitation(link));
  /** @type {Preview} */
  const preview = answer.body;
  if (preview.status !== "pending") return over(preview.status, preview.inviter.name);
  offer(link, preview);
}

/**
 * @param {string} link
 * @param {Preview} preview
 */
function offer(link, preview) {
  const until = new Intl.DateTimeFormat(undefined, {
    dateStyle: "long",
    timeStyle: "short",
  }).format(new Date(preview.expires_at));
  const facts = element(
    "dl",
    {},
    element("dt", {}, t.offer.inviter),
    element("dd", {}, preview.inviter.name),
    element("dt", {}, t.offer.role),
    element("dd", {}, t.offer.roles[preview.role] ?? preview.role),
    element("dt", {}, t.offer.email),
    element("dd", {}, preview.email),
    element("dt", {}, t.offer.until),
    element("dd", {}, until),
  );
  const heading = t.offer.title(preview.org.name);
  if (!config.issuer)
    return show(
      "no-issuer",
      heading,
      facts,
      text(t.offer.noIssuer(config.product)),
      ...onward(null),
      ...help(),
    );
  if (!session) {
    return show(
      "offer",
      heading,
      facts,
      text(t.offer.signIn),
      actions(button("sign-in", t.signIn, () => signIn(link), "main")),
      ...help(),
    );
  }
  show(
    "answer",
    heading,
    facts,
    actions(
      button("accept", t.accept, () => accept(link, preview), "main"),
      button("decline", t.decline, () => confirmDecline(link, preview)),
    ),
    element(
      "p",
      { class: "quiet" },
      t.offer.signedInAs(session.email ?? t.noAddress),
      " ",
      button("another-account", t.otherAccount, () => signIn(link, true), "link"),
    ),
    ...help(),
  );
}

/**
 * @param {string} link
 * @param {Preview} preview
 */
function confirmDecline(link, preview) {
  const { title, detail } = t.confirmDecline;
  show(
    "decline",
    title(preview.org.name),
    text(detail(preview.inviter.name)),
    actions(
      button("confirm-decline", t.decline, () => decline(link, preview), "main"),
      button("back", t.back, () => offer(link, preview)),
    ),
  );
}

/**
 * Sends a reply. A repeated reply has the same key, so it counts once.
 * @param {"accept" | "decline"} what
 * @param {string} link
 */
function respond(what, link) {
  const name = `${what} ${link} ${session?.token}`;
  const key = keys.get(name) ?? random();
  keys.set(name, key);
  return api(
    "POST",
    `/invitations/${what}`,
    { token: link },
    { headers: { "idempotency-key": key } },
  );
}

/**
 * @param {string} link
 * @param {Preview} preview
 * @returns {Promise<void>}
 */
async function accept(link, preview) {
  const answer = await respond("accept", link);
  if (answer.status !== 200) return refused(answer, link, preview, () => accept(link, preview));
  const { org, member } = answer.body;
  show(
    "accepted-now",
    t.accepted.title(org.name),
    text(t.accepted.detail(member.role)),
    ...onward(org.id),
    ...help(),
  );
}

/**
 * @param {string} link
 * @param {Preview} preview
 * @returns {Promise<void>}
 */
async function decline(link, preview) {
  const answer = await respond("decline", link);
  if (answer.status !== 200) return refused(answer, link, preview, () => decline(link, preview));
  show("declined-now", t.declined.title, text(t.declined.detail(preview.org.name)), ...help());
}

/**
 * Shows why the API rejected an answer, and what to do next.
 * @param {Answer} answer
 * @param {string} link
 * @param {Preview} preview
 * @param {() => Promise<void>} again
 */
function refused(answer, link, preview, again) {
  const other = button("another-account", t.otherAccount, () => signIn(link, true), "main");
  const who = session?.email ?? t.noAddress;
  switch (answer.body?.code) {
    case "email_mismatch":
      return show(
        "wrong-address",
        t.wrongAddress.title,
        text(t.wrongAddress.detail(preview.email, who)),
        actions(other),
        ...help(),
      );
    case "email_not_verified":
      return show(
        "unverified",
        t.unverified.title,
        text(t.unverified.detail(who)),
        actions(button("sign-in-again", t.signInAgain, () => signIn(link, true), "main")),
        ...help(),
      );
    case "already_member":
      return show(
        "already-member",
        t.alreadyMember.title(preview.org.name),
        text(t.alreadyMember.detail),
        ...onward(null),
        ...help(),
      );
    case "seat_limit_reached":
      return show(
        "no-seat",
        t.noSeat.title,
        text(t.noSeat.detail(preview.org.name, preview.inviter.name)),
        actions(button("try-again", t.tryAgain, again, "main")),
        ...help(),
      );
    case "org_not_active":
      return show(
        "not-active",
        t.notActive.title(preview.org.name),
        text(t.notActive.detail(preview.inviter.name)),
        ...help(),
      );
    case "invitation_expired":
      return over("expired", preview.inviter.name);
    case "invitation_revoked":
      return over("revoked", preview.inviter.name);
    case "invitation_declined":
      return over("declined", preview.inviter.name);
    case "invitation_used":
      return over("accepted", preview.inviter.name);
    case "invitation_not_found":
      return deadLink();
  }
  if (answer.status === 401) return notSignedIn(link);
  away(failure(answer.status), again);
}

// ---- opting out

/** @param {string} link */
function optOut(link) {
  show(
    "opt-out",
    t.optOut.title,
    text(t.optOut.detail),
    actions(button("stop-invitations", t.optOut.action, () => sendOptOut(link), "main")),
    ...help(),
  );
}

/**
 * @param {string} link
 * @returns {Promise<void>}
 */
async function sendOptOut(link) {
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  const answer = await send(`/v1/mail/opt-out/${encodeURIComponent(link)}`, {
    method: "POST",
    body,
  });
  if (answer.status === 404) return deadLink();
  if (answer.status !== 200) return away(failure(answer.status), () => sendOptOut(link));
  const { email } = JSON.parse(answer.text);
  show("opted-out", t.optedOut.title, text(t.optedOut.detail(email)), ...help());
}

// ---- routing

/** @param {string} link */
async function openLink(link) {
  if (link.startsWith("inv1.")) return invitation(link);
  if (link.startsWith("out1.")) return optOut(link);
  if (link) return deadLink();
  show("no-link", t.noLink.title, text(t.noLink.detail), ...onward(null), ...help());
}

addEventListener("hashchange", () => openLink(location.hash.slice(1)));
if (isBack()) signedIn();
else openLink(location.hash.slice(1));

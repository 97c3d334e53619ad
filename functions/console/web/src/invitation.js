// @ts-check
// The page behind the links in mails. What a link carries is in the fragment: it is read here and sent to the API in a body.
// The bearer token is a variable: a reload forgets it. Everything that people typed is shown as text, never as markup.

import "./invitation.css";
import { begin, config, finish, isBack, random } from "./oidc.ts";
import { failure } from "./texts.ts";
import { send } from "./transport.ts";

/** @typedef {{ org: { name: string }, role: string, inviter: { name: string }, email: string, status: string, expires_at: string }} Preview */
/** @typedef {{ status: number, body: any }} Answer */

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const PATH = "/invitations";

/** Who is signed in, and with what. @type {{ token: string, email: string | null } | null} */
let session = null;
/** One key per invitation and answer, so that an answer which is sent twice counts once. @type {Map<string, string>} */
const keys = new Map();

const roles = /** @type {Record<string, string>} */ ({ viewer: "a viewer", administrator: "an administrator", owner: "an owner" });

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
 * A button that does its work once: it stays disabled until the work is done.
 * @param {string} testId
 * @param {string} label
 * @param {() => Promise<void> | void} work
 * @param {string} [kind]
 */
function button(testId, label, work, kind = "") {
  const made = /** @type {HTMLButtonElement} */ (element("button", { type: "button", class: kind, "data-testid": testId }, label));
  made.addEventListener("click", async () => {
    const all = /** @type {NodeListOf<HTMLButtonElement>} */ (main.querySelectorAll("button"));
    if (made.disabled) return;
    all.forEach((one) => (one.disabled = true));
    main.setAttribute("aria-busy", "true");
    try {
      await work();
    } finally {
      main.removeAttribute("aria-busy");
      all.forEach((one) => (one.disabled = false));
    }
  });
  return made;
}

/** @param {...Node} children */
const actions = (...children) => element("div", { class: "actions" }, ...children);

/**
 * Shows a state of the page, and reads out its heading.
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

/** The way on: to the product, or else to the console. @param {string | null} orgId */
function onward(orgId) {
  if (!config.app && !config.issuer) return [];
  const url = new URL(config.app ?? "/", location.origin);
  if (orgId && config.app) url.searchParams.set("org_id", orgId);
  else if (orgId) url.hash = `#/orgs/${orgId}/members`;
  return [actions(element("a", { class: "button main", href: url.href, "data-testid": "continue" }, `Go on to ${config.product}`))];
}

function help() {
  if (!config.support) return [];
  const link = element("a", { href: config.support }, config.support.replace(/^mailto:/, ""));
  return [element("p", { class: "quiet" }, "Questions: ", link)];
}

/**
 * Says why nothing was done, and offers to try again.
 * @param {{ title: string, detail: string }} why
 * @param {() => Promise<void>} again
 */
function away({ title, detail }, again) {
  show("away", title, text(detail), actions(button("try-again", "Try again", again, "main")), ...help());
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
  const received = await send("/v1" + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) }, isRead);
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
    away({ title: "Can't reach the identity provider", detail: "Try again in a moment." }, () => signIn(link, another));
  }
}

/** The issuer sent the person back. */
async function signedIn() {
  const { token, kept } = await finish(PATH);
  const link = kept.slice(1);
  if (!token) return notSignedIn(link);
  session = { token, email: null };
  const me = await api("GET", "/me");
  session.email = me.body?.email ?? null;
  await open(link);
}

/** @param {string} link */
function notSignedIn(link) {
  session = null;
  show("not-signed-in", "You are not signed in", text("Signing in was not finished. The invitation is as it was."), actions(button("sign-in", "Sign in", () => signIn(link), "main")), ...help());
}

// ---- an invitation

/** What an invitation says that is over. @param {string} state @param {string} inviter */
function over(state, inviter) {
  const ends = /** @type {Record<string, [string, string]>} */ ({
    expired: ["This invitation has expired", `Ask ${inviter} to send it again.`],
    revoked: ["This invitation was taken back", `If that is a mistake, ask ${inviter} to invite you again.`],
    declined: ["This invitation was declined", `If you changed your mind, ask ${inviter} to invite you again.`],
    accepted: ["This invitation was used", "It has been accepted. If that was you, you are in."],
  });
  const [heading, detail] = ends[state] ?? ["This invitation cannot be used", `Ask ${inviter} to invite you again.`];
  show(state, heading, text(detail), ...(state === "accepted" ? onward(null) : []), ...help());
}

function deadLink() {
  show("unknown", "This link does not work", text("It may be incomplete, or a newer mail has replaced it. Open the link in the last mail that you got, or ask whoever invited you to send it again."), ...help());
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
  const until = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" }).format(new Date(preview.expires_at));
  const facts = element("dl", {}, element("dt", {}, "Invited by"), element("dd", {}, preview.inviter.name), element("dt", {}, "As"), element("dd", {}, roles[preview.role] ?? preview.role), element("dt", {}, "For"), element("dd", {}, preview.email), element("dt", {}, "Open until"), element("dd", {}, until));
  const heading = `Join ${preview.org.name}`;
  if (!config.issuer) return show("no-issuer", heading, facts, text(`Sign in to ${config.product} to answer this invitation.`), ...onward(null), ...help());
  if (!session) {
    const ask = text(`Sign in with the address that was invited to accept or decline.`);
    return show("offer", heading, facts, ask, actions(button("sign-in", "Sign in", () => signIn(link), "main")), ...help());
  }
  show(
    "answer",
    heading,
    facts,
    actions(button("accept", "Accept", () => accept(link, preview), "main"), button("decline", "Decline", () => confirmDecline(link, preview))),
    element("p", { class: "quiet" }, `Signed in as ${session.email ?? "somebody without an address"}. `, button("another-account", "Use another account", () => signIn(link, true), "link")),
    ...help(),
  );
}

/**
 * @param {string} link
 * @param {Preview} preview
 */
function confirmDecline(link, preview) {
  const detail = text(`${preview.inviter.name} will see that you declined. To join later you need a new invitation.`);
  show("decline", `Decline the invitation to ${preview.org.name}?`, detail, actions(button("confirm-decline", "Decline", () => decline(link, preview), "main"), button("back", "Back", () => offer(link, preview))));
}

/**
 * Sends an answer once, however often it is sent.
 * @param {"accept" | "decline"} what
 * @param {string} link
 */
function respond(what, link) {
  const name = `${what} ${link} ${session?.token}`;
  const key = keys.get(name) ?? random();
  keys.set(name, key);
  return api("POST", `/invitations/${what}`, { token: link }, { headers: { "idempotency-key": key } });
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
  show("accepted-now", `You are in ${org.name}`, text(`You joined as ${roles[member.role] ?? member.role}.`), ...onward(org.id), ...help());
}

/**
 * @param {string} link
 * @param {Preview} preview
 * @returns {Promise<void>}
 */
async function decline(link, preview) {
  const answer = await respond("decline", link);
  if (answer.status !== 200) return refused(answer, link, preview, () => decline(link, preview));
  show("declined-now", "You declined", text(`You did not join ${preview.org.name}. Nothing else changes for you.`), ...help());
}

/**
 * What stands against an answer, and what to do about it.
 * @param {Answer} answer
 * @param {string} link
 * @param {Preview} preview
 * @param {() => Promise<void>} again
 */
function refused(answer, link, preview, again) {
  const other = button("another-account", "Use another account", () => signIn(link, true), "main");
  const who = session?.email ?? "an account without an address";
  switch (answer.body?.code) {
    case "email_mismatch":
      return show("wrong-address", "This invitation is for another address", text(`It is for ${preview.email}, and you are signed in as ${who}.`), actions(other), ...help());
    case "email_not_verified":
      return show("unverified", "Your address is not verified", text(`Verify ${who} where you sign in, then sign in again. The invitation stays open.`), actions(button("sign-in-again", "Sign in again", () => signIn(link, true), "main")), ...help());
    case "already_member":
      return show("already-member", `You are in ${preview.org.name} already`, text("You were a member before this invitation. Your role stays as it is."), ...onward(null), ...help());
    case "seat_limit_reached":
      return show("no-seat", "There is no seat left", text(`${preview.org.name} has no seat left in its plan. ${preview.inviter.name} can make one; the invitation stays open.`), actions(button("try-again", "Try again", again, "main")), ...help());
    case "org_not_active":
      return show("not-active", `${preview.org.name} is not active`, text(`Nobody can join it at the moment. ${preview.inviter.name} may know more.`), ...help());
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

// ---- no more mails

/** @param {string} link */
function optOut(link) {
  const detail = text("No organization can then send an invitation to this address by mail. Invitations that you have can still be accepted.");
  show("opt-out", "Get no more invitations?", detail, actions(button("stop-invitations", "Stop invitations", () => stop(link), "main")), ...help());
}

/**
 * @param {string} link
 * @returns {Promise<void>}
 */
async function stop(link) {
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  const answer = await send(`/v1/mail/opt-out/${encodeURIComponent(link)}`, { method: "POST", body });
  if (answer.status === 404) return deadLink();
  if (answer.status !== 200) return away(failure(answer.status), () => stop(link));
  const { email } = JSON.parse(answer.text);
  show("opted-out", "You get no more invitations", text(`No invitation goes to ${email} any more.`), ...help());
}

// ---- which page

/** @param {string} link */
async function open(link) {
  if (link.startsWith("inv1.")) return invitation(link);
  if (link.startsWith("out1.")) return optOut(link);
  if (link) return deadLink();
  show("no-link", "Open the link in your mail", text("An invitation comes by mail. The link in it leads here and shows who invites you to what."), ...onward(null), ...help());
}

addEventListener("hashchange", () => open(location.hash.slice(1)));
if (isBack()) signedIn();
else open(location.hash.slice(1));

// The fixtures of the console's tests: one host and one browser per file, people, and a company.
// @ts-check
import { after, before } from "node:test";
import { mail, openPage, person, signIn, startBrowser, startHost } from "./host.mjs";

/** @type {Awaited<ReturnType<typeof startHost>>} */
export let host;
/** @type {import("playwright-core").Browser} */
export let browser;

/** Starts a host and a browser for a file of tests. @param {() => Promise<string[]>} [options] the options of the host */
export function fixtures(options = async () => []) {
  before(async () => {
    host = await startHost({}, await options());
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    host?.stop();
  });
}

let counter = 0;
/** A unique name. @param {string} name */
export const fresh = (name) => `${name}${++counter}`;

/** @param {string} sub @param {string} [name] */
export const api = (sub, name) =>
  person(host.url, { sub, name: name ?? sub[0]?.toUpperCase() + sub.slice(1) });
export const operator = () => person(host.url, { sub: "operator", scope: "orgs:operate" });
export const meter = () => person(host.url, { sub: "meter", scope: "usage:write usage:void" });

/** Signs in and opens the console. @param {string} sub @param {string} [hash] @param {import("playwright-core").BrowserContextOptions} [options] */
export async function signedIn(sub, hash = "#/", options = {}, url = host.url) {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${url}/${hash}`);
  await opened.page.getByTestId("sign-in").click();
  await signIn(opened.page, `${sub}@example.com`);
  await opened.page.waitForSelector("header .tabs");
  return opened;
}

/** Advances the host's clock and returns its time. */
export async function clock(advance_seconds = 0) {
  const answer = await fetch(`${host.url}/local/clock`, {
    method: "POST",
    body: JSON.stringify({ advance_seconds }),
  });
  return String((await answer.json()).now);
}

/** An organization with members of every role, resources, invitations, a budget, usage and a hold. @param {string} name */
export async function company(name = "Acme Research") {
  const [owner, admin, viewer] = [fresh("ann"), fresh("bob"), fresh("cy")];
  const ann = await api(owner, "Ann Archer");
  const org = await ann("POST", "/orgs", { name, description: "Models, and what they read" });
  const operate = await operator();
  for (const [user_id, name, role] of [
    [admin, "Bob Baker", "administrator"],
    [viewer, "Cy Young", "viewer"],
    [fresh("dee"), "Dee Dunn", "viewer"],
  ])
    await operate("POST", `/orgs/${org.id}/members`, {
      user_id,
      email: `${user_id}@example.com`,
      name,
      role,
    });
  const [bounced, sent] = [`${fresh("eve")}@example.com`, `${fresh("fay")}@example.com`];
  await ann("POST", `/orgs/${org.id}/invitations/bulk`, {
    invitations: [{ email: bounced }, { email: sent, role: "administrator" }],
  });
  await mail(host.url, bounced);
  await fetch(`${host.url}/local/feedback`, {
    method: "POST",
    body: JSON.stringify({ to: bounced, type: "Bounce" }),
  });
  const resources = [];
  for (const [kind, name, cost_class] of [
    ["agent", "Support agent", "standard"],
    ["agent", "Deep research", "high"],
    ["knowledge_base", "Handbook", "standard"],
  ])
    resources.push(await ann("POST", `/orgs/${org.id}/resources`, { kind, name, cost_class }));
  await ann("PUT", `/orgs/${org.id}/budget`, {
    monthly_credits: "400",
    thresholds: [50, 80, 100],
    enforce: true,
  });
  const now = await clock();
  const events = [];
  for (let day = 0; day < 6; day++)
    for (let part = 0; part < 6; part++)
      events.push({
        id: `${day}-${part}`,
        timestamp: new Date(Date.parse(now) - day * 86_400_000 - part * 60_000).toISOString(),
        kind: ["chat.completion", "embedding", "crawl"][part % 3],
        credits: `${((part * 7 + day * 3) % 11) + 1}.25`,
        resource_id: resources[part % 3].id,
        user_id: [owner, admin, viewer][part % 3],
      });
  const send = await meter();
  await send("POST", `/orgs/${org.id}/usage/events`, { events });
  const run = { id: "run-7f3a", credits: "25", expires_in: 86_400, kind: "crawl" };
  await send("POST", `/orgs/${org.id}/holds`, run);
  return { ann, org, owner, admin, viewer };
}

/** Opens a page of the console in the same document. @param {import("playwright-core").Page} page @param {string} hash */
export const goTo = (page, hash) =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, hash);
/** The row of a table with this text. @param {import("playwright-core").Page} page @param {string} text */
export const row = (page, text) => page.locator("tbody tr", { hasText: text });
/** Waits for a toast. @param {import("playwright-core").Page} page @param {string | RegExp} text */
export const said = (page, text) => page.getByTestId("toast").filter({ hasText: text }).waitFor();
/** The heading of a page. @param {import("playwright-core").Page} page @param {string} text */
export const title = (page, text) =>
  page.getByRole("heading", { level: 1, name: text, exact: true });
/** @param {import("playwright-core").Page} page */
export const dialog = (page) => page.getByTestId("dialog");
/** Chooses an entry of a row's menu. @param {import("playwright-core").Locator} row @param {string} entry */
export async function choose(row, entry) {
  await row.locator("[aria-haspopup=menu]").click();
  await row.page().getByTestId(entry).click();
}
/** @param {import("playwright-core").Page} page @param {string} tab */
export const tab = (page, tab) => page.getByTestId(`tab-${tab}`).click();

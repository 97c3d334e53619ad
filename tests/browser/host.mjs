// A local host, a browser, and helpers for what a person does.
// @ts-check
import assert from "node:assert/strict";
import { execSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const root = new URL("../..", import.meta.url).pathname;
export const pictures = process.env.ORGS_PICTURES ?? join(root, "target/pictures");
mkdirSync(pictures, { recursive: true });

/** Starts a host on a free port and waits until it is ready. @param {Record<string, string>} settings @param {string[]} options */
export async function startHost(settings = {}, options = [], clock = "frozen") {
  const child = spawn(
    process.env.ORGS_LOCAL ?? join(root, "target/debug/local"),
    ["--memory", "--addr", "127.0.0.1:0", "--clock", clock, "--rate-limits", "off", ...options],
    {
      env: {
        ...process.env,
        RUST_LOG: "info",
        PRODUCT_NAME: "Acme Cloud",
        SUPPORT_URL: "mailto:help@example.com",
        ...settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const log = { text: "" };
  child.stderr.on("data", (data) => (log.text += data));
  const url = await new Promise((resolve, reject) => {
    let out = "";
    child.stdout.on("data", (data) => {
      out += data;
      const ready = out.match(/listening on (\S+)/);
      if (ready) resolve(ready[1]);
    });
    child.on("exit", () => reject(new Error(`the host ended: ${log.text}`)));
  });
  return { url: String(url), log, stop: () => void child.kill("SIGINT") };
}

/** A token of one person. @param {string} url @param {Record<string, unknown>} who @returns {Promise<string>} */
export async function tokenOf(url, who) {
  const identity = { email: `${who.sub}@example.com`, email_verified: true, ...who };
  const answer = await fetch(`${url}/local/token`, {
    method: "POST",
    body: JSON.stringify(identity),
  });
  return (await answer.json()).access_token;
}

/** Calls the API as one person. @param {string} url @param {Record<string, unknown>} who */
export async function person(url, who) {
  const access_token = await tokenOf(url, who);
  /** @param {string} method @param {string} path @param {unknown} [body] */
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
}

/** Repeats `ask` until it returns a value. The limit only ends a test that would run forever. @template T @param {() => Promise<T | undefined>} ask @returns {Promise<T>} */
export async function until(ask) {
  for (let i = 0; i < 600; i++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it never came");
}

/** The last email to an address, when at least `count` have arrived. @param {string} url @param {string} to */
export function mail(url, to, count = 1) {
  return until(async () => {
    const { data } = await (await fetch(`${url}/local/outbox?to=${encodeURIComponent(to)}`)).json();
    return data.length >= count ? data[0] : undefined;
  });
}

/** The link in an email. @param {{ text: string }} mail @param {string} kind */
export const link = (mail, kind = "inv1") =>
  /** @type {RegExpMatchArray} */ (
    mail.text.match(new RegExp(`\\S+/invitations#${kind}\\.\\S+`))
  )[0];

export function startBrowser() {
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--crash-dumps-dir=${mkdtempSync(join(tmpdir(), "crash-"))}`,
  ];
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? execSync("command -v chromium").toString().trim(),
    args,
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Opens a page and records script errors and violations of its Content-Security-Policy. @param {import("playwright-core").Browser} browser @param {import("playwright-core").BrowserContextOptions} options */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, complaints, close: () => context.close() };
}

/** Waits for a state of the invitation page. @param {import("playwright-core").Page} page @param {string} name */
export const state = (page, name) => page.waitForSelector(`main[data-state="${name}"]`);

/** The serious findings of axe-core. @param {import("playwright-core").Page} page */
export async function serious(page) {
  // The page's policy blocks scripts, so axe-core runs through the debugger.
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setBypassCSP", { enabled: true });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `${axe}; axe.run().then(found => JSON.stringify(found))`,
    awaitPromise: true,
  });
  const found = JSON.parse(String(result.value));
  if (found.passes.length === 0) throw new Error("axe-core looked at nothing");
  return found.violations
    .filter((/** @type {any} */ one) => ["serious", "critical"].includes(one.impact))
    .map(
      (/** @type {any} */ one) =>
        `${one.id}: ${one.nodes.map((/** @type {any} */ node) => node.html)}`,
    );
}

/** @param {import("playwright-core").Page} page @param {string} name */
export const picture = (page, name) =>
  page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });

/** Signs in on the local sign-in page. @param {import("playwright-core").Page} page @param {string} email */
export async function signIn(
  page,
  email,
  { sub = email.split("@")[0] ?? "", verified = true } = {},
) {
  const form = page.locator("form", { has: page.locator("input[type=email]") });
  await form.locator("input[type=email]").fill(email);
  await form.locator("input[name=sub]").fill(sub);
  await form.locator("input[type=checkbox]").setChecked(verified);
  await form.locator("button").click();
}

/** Asserts that there are no recorded errors and no serious accessibility findings. @param {import("playwright-core").Page} page @param {string[]} complaints */
export async function assertClean(page, complaints) {
  assert.deepEqual(complaints, []);
  assert.deepEqual(await serious(page), []);
}

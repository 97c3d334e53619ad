// The invitation page in a browser.
// @ts-check
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import {
  assertClean,
  link,
  mail,
  openPage,
  person,
  picture,
  serious,
  signIn,
  startBrowser,
  startHost,
  state,
} from "./host.mjs";
import { invitation as t } from "./texts.mjs";

/** @type {Awaited<ReturnType<typeof startHost>>} */
let host;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("node:http").Server} */
let app;

before(async () => {
  // The product, to which the page links after acceptance.
  app = createServer((request, answer) =>
    answer
      .setHeader("content-type", "text/html")
      .end(`<title>The product</title>${request.url?.includes("org_id=org_")}`),
  );
  await new Promise((resolve) => app.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (app.address());
  host = await startHost({ APP_URL: `http://127.0.0.1:${port}/home` });
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  host?.stop();
  app?.close();
});

let counter = 0;

/** An organization with a pending invitation to somebody new. @param {{ role?: string, org?: string, name?: string, days?: number }} [options] */
async function invited({ role = "administrator", org = "Acme", name = "Ann", days = 7 } = {}) {
  counter += 1;
  const [owner, guest] = [`ann${counter}`, `bob${counter}`];
  const ann = await person(host.url, { sub: owner, name });
  const { id } = await ann("POST", "/orgs", { name: org });
  const email = `${guest}@example.com`;
  const invitation = await ann("POST", `/orgs/${id}/invitations`, {
    email,
    role,
    expires_in_days: days,
  });
  return {
    ann,
    org: id,
    email,
    guest,
    invitation: invitation.id,
    url: link(await mail(host.url, email)),
  };
}

/** Opens an invitation's link and signs in. @param {import("playwright-core").Page} page @param {string} url @param {string} email */
async function openSignedIn(page, url, email, options = {}) {
  await page.goto(url);
  await state(page, "offer");
  await page.getByTestId("sign-in").click();
  await signIn(page, email, options);
  await state(page, "answer");
}

test("from the mail to the membership and on to the product", async () => {
  const { ann, org, email, guest, url } = await invited();
  const { page, complaints, close } = await openPage(browser);
  await page.goto(url);
  await state(page, "offer");
  const shown = await page.locator("main").innerText();
  for (const part of [
    t.offer.title("Acme"),
    "Ann",
    t.offer.roles.administrator,
    "b***@example.com",
  ])
    assert.ok(shown.includes(part), `${part} in ${shown}`);
  await picture(page, "offer-1280-light");
  await assertClean(page, complaints);
  await page.getByTestId("sign-in").click();
  await page.waitForURL(/\/local\/oidc\/authorize/);
  await picture(page, "sign-in-1280-light");
  assert.deepEqual(await serious(page), []);
  await signIn(page, email);
  await state(page, "answer");
  assert.ok(!page.url().includes("code="), "the code is not to be seen");
  assert.ok((await page.locator("main").innerText()).includes(t.offer.signedInAs(email)));
  await picture(page, "answer-1280-light");
  await assertClean(page, complaints);
  // Opening the link accepts nothing.
  assert.equal((await ann("GET", `/orgs/${org}`)).member_count, 1);
  await page.getByTestId("accept").click();
  await state(page, "accepted-now");
  await picture(page, "accepted-now-1280-light");
  await assertClean(page, complaints);
  assert.equal((await ann("GET", `/orgs/${org}/members/${guest}`)).role, "administrator");
  await page.getByTestId("continue").click();
  await page.waitForFunction(() => document.title === "The product");
  assert.ok((await page.content()).includes("true"), "the product is told which organization");
  await close();
});

test("a double click answers once", async () => {
  const { ann, org, email, url } = await invited();
  const { page, close } = await openPage(browser);
  await openSignedIn(page, url, email);
  let sent = 0;
  page.on(
    "request",
    (request) => (sent += Number(request.url().endsWith("/v1/invitations/accept"))),
  );
  await page.getByTestId("accept").dblclick();
  await state(page, "accepted-now");
  assert.equal(sent, 1);
  assert.equal((await ann("GET", `/orgs/${org}`)).member_count, 2);
  await close();
});

test("a sign-out in another tab of the same person reaches an open invitation", async () => {
  const { email, guest, url } = await invited();
  const { page, complaints, close } = await openPage(browser);
  await openSignedIn(page, url, email);
  const other = await page.context().newPage();
  await other.goto(host.url);
  const signOut = (/** @type {string} */ sub) =>
    other.evaluate((out) => new BroadcastChannel("session").postMessage({ out }), sub);
  await signOut("somebody-else");
  await signOut(guest);
  await state(page, "not-signed-in");
  await page.getByTestId("sign-in").waitFor();
  await assertClean(page, complaints);
  await close();
});

test("declining asks once, and says so afterwards", async () => {
  const { ann, org, email, url } = await invited();
  const { page, complaints, close } = await openPage(browser);
  await openSignedIn(page, url, email);
  await page.getByTestId("decline").click();
  await state(page, "decline");
  await page.getByTestId("back").click();
  await state(page, "answer");
  await page.getByTestId("decline").click();
  await state(page, "decline");
  await picture(page, "decline-1280-light");
  await page.getByTestId("confirm-decline").click();
  await state(page, "declined-now");
  await assertClean(page, complaints);
  assert.equal((await ann("GET", `/orgs/${org}/invitations`)).data[0].status, "declined");
  await page.goto("about:blank");
  await page.goto(url);
  await state(page, "declined");
  await picture(page, "declined-1280-light");
  await close();
});

test("every end has its page", async () => {
  const { page, complaints, close } = await openPage(browser);
  /** @param {string} url @param {string} name */
  const ends = async (url, name) => {
    await page.goto("about:blank");
    await page.goto(url);
    await state(page, name);
    await picture(page, `${name}-1280-light`);
    await assertClean(page, complaints);
  };
  const revoked = await invited();
  await revoked.ann("POST", `/orgs/${revoked.org}/invitations/${revoked.invitation}/revoke`, {});
  await ends(revoked.url, "revoked");
  const used = await invited();
  const bob = await person(host.url, { sub: used.guest });
  await bob("POST", "/invitations/accept", { token: used.url.split("#")[1] });
  await ends(used.url, "accepted");
  const resent = await invited();
  await resent.ann("POST", `/orgs/${resent.org}/invitations/${resent.invitation}/resend`, {});
  await mail(host.url, resent.email, 2);
  await ends(resent.url, "unknown");
  await ends(`${host.url}/invitations`, "no-link");
  await ends(`${host.url}/invitations#nonsense`, "unknown");
  await ends(`${host.url}/invitations?error=access_denied&state=x`, "not-signed-in");
  await close();
});

test("what stands against accepting is said, with the way on", async () => {
  const { page, complaints, close } = await openPage(browser);
  const here = await invited();
  // Sign in with the wrong address, then switch to the right one on the page.
  await openSignedIn(page, here.url, "eve@example.com");
  await page.getByTestId("accept").click();
  await state(page, "wrong-address");
  await picture(page, "wrong-address-1280-light");
  await assertClean(page, complaints);
  await page.getByTestId("another-account").click();
  await signIn(page, here.email, { verified: false });
  await state(page, "answer");
  await page.getByTestId("accept").click();
  await state(page, "unverified");
  await picture(page, "unverified-1280-light");
  await page.getByTestId("sign-in-again").click();
  await signIn(page, here.email);
  await state(page, "answer");
  // The operator adds the guest as a member in the meantime.
  const operator = await person(host.url, { sub: "operator", scope: "orgs:operate" });
  await operator("POST", `/orgs/${here.org}/members`, {
    user_id: here.guest,
    email: "elsewhere@example.com",
    role: "viewer",
  });
  await page.getByTestId("accept").click();
  await state(page, "already-member");
  await picture(page, "already-member-1280-light");
  await assertClean(page, complaints);
  await close();
});

test("answers that only the service can give have their pages too", async () => {
  const here = await invited();
  const { page, complaints, close } = await openPage(browser);
  await openSignedIn(page, here.url, here.email);
  for (const [code, status, name] of /** @type {[string, number, string][]} */ ([
    ["seat_limit_reached", 409, "no-seat"],
    ["org_not_active", 403, "not-active"],
    ["invitation_expired", 410, "expired"],
  ])) {
    await page.route("**/v1/invitations/accept", (route) =>
      route.fulfill({
        status,
        contentType: "application/problem+json",
        body: JSON.stringify({ code, status }),
      }),
    );
    await page.getByTestId("accept").click();
    await state(page, name);
    await picture(page, `${name}-1280-light`);
    await assertClean(page, complaints);
    await page.unroute("**/v1/invitations/accept");
    await page.goto("about:blank");
    await openSignedIn(page, here.url, here.email);
  }
  await close();
});

test("an API that is away is asked again by a click, and nothing is lost", async () => {
  const here = await invited();
  const { page, complaints, close } = await openPage(browser);
  await page.route("**/v1/invitations/preview", (route) => route.abort());
  await page.goto(here.url);
  await state(page, "away");
  await picture(page, "away-1280-light");
  await assertClean(page, complaints);
  await page.unroute("**/v1/invitations/preview");
  await page.getByTestId("try-again").click();
  await state(page, "offer");
  await page.getByTestId("sign-in").click();
  await signIn(page, here.email);
  await state(page, "answer");
  /** @type {(string | undefined)[]} */
  const keys = [];
  await page.route("**/v1/invitations/accept", (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    return route.fulfill({
      status: 503,
      contentType: "application/json",
      body: JSON.stringify({ message: "Service Unavailable" }),
    });
  });
  await page.getByTestId("accept").click();
  await state(page, "away");
  assert.equal(keys.length, 3, "it is repeated");
  assert.equal(new Set(keys).size, 1, "with one key, so that it counts once");
  await page.unroute("**/v1/invitations/accept");
  await page.getByTestId("try-again").click();
  await state(page, "accepted-now");
  await close();
});

test("an answer that was lost on its way is the same when it is sent again", async () => {
  const here = await invited();
  const { page, close } = await openPage(browser);
  await openSignedIn(page, here.url, here.email);
  await page.route("**/v1/invitations/accept", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.getByTestId("accept").click();
  await state(page, "away");
  await page.unroute("**/v1/invitations/accept");
  await page.getByTestId("try-again").click();
  await state(page, "accepted-now");
  assert.equal((await here.ann("GET", `/orgs/${here.org}`)).member_count, 2);
  await close();
});

test("the keyboard alone is enough", async () => {
  const { email, url, ann, org } = await invited();
  const { page, close } = await openPage(browser);
  await page.goto(url);
  await state(page, "offer");
  assert.equal(
    await page.evaluate(() => document.activeElement?.tagName),
    "H1",
    "the heading is read out first",
  );
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(/authorize/);
  await page.locator("input[type=email]").focus();
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  await state(page, "answer");
  await page.keyboard.press("Tab");
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute("data-testid")),
    "accept",
  );
  await picture(page, "answer-focus-1280-light");
  await page.keyboard.press("Enter");
  await state(page, "accepted-now");
  assert.equal((await ann("GET", `/orgs/${org}`)).member_count, 2);
  await close();
});

test("it is whole on a phone, and in the dark", async () => {
  const long = "An organization whose name is as long as a name can be, 64 chars";
  const { url, email } = await invited({
    org: long,
    name: "Anastasia-Alexandra Wolfeschlegelsteinhausenbergerdorff",
  });
  for (const colorScheme of /** @type {("light" | "dark")[]} */ (["light", "dark"])) {
    for (const width of [360, 1280]) {
      const { page, complaints, close } = await openPage(browser, {
        colorScheme,
        viewport: { width, height: 800 },
      });
      await openSignedIn(page, url, email);
      assert.equal(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        true,
        "nothing is wider than the screen",
      );
      await picture(page, `answer-${width}-${colorScheme}`);
      await assertClean(page, complaints);
      await close();
    }
  }
});

test("what users typed runs nowhere", async () => {
  const attack = `<img src=x onerror=alert(1)>"'`;
  const { url, email } = await invited({ org: attack, name: `<script>alert(2)</script>${attack}` });
  const { page, complaints, close } = await openPage(browser);
  await openSignedIn(page, url, email);
  assert.ok(
    (await page.locator("h1").innerText()).includes(attack),
    "it is shown as the text that it is",
  );
  assert.equal(await page.locator("main img, main script").count(), 0);
  await picture(page, "attack-1280-light");
  await page.getByTestId("accept").click();
  await state(page, "accepted-now");
  await assertClean(page, complaints);
  await close();
});

test("the token leaves the page in bodies alone, and nothing third-party is asked", async () => {
  const { url, email } = await invited();
  const token = url.split("#")[1] ?? "";
  const { page, close } = await openPage(browser);
  /** @type {string[]} */
  const leaks = [];
  page.on("request", (request) => {
    const headers = JSON.stringify(request.headers());
    if (request.url().split("#")[0]?.includes(token) || headers.includes(token))
      leaks.push(request.url());
    if (new URL(request.url()).origin !== host.url) leaks.push(request.url());
  });
  await openSignedIn(page, url, email);
  await page.getByTestId("accept").click();
  await state(page, "accepted-now");
  assert.deepEqual(leaks, []);
  assert.deepEqual(
    await page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie]),
    [0, 0, ""],
  );
  await close();
  assert.ok(
    !host.log.text.includes(token.split(".")[2] ?? "") && !host.log.text.includes(email),
    "no secret and no address is logged",
  );
});

test("without an issuer the page shows the invitation and leads to the product", async () => {
  const { url } = await invited();
  const { page, complaints, close } = await openPage(browser);
  await page.route("**/invitations", async (route) => {
    const answer = await route.fetch();
    // The configuration is data, not a script, so the policy's hashes stay valid.
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replace(/"issuer":"[^"]*"/, '"issuer":null'),
    });
  });
  await page.goto(url);
  await state(page, "no-issuer");
  assert.equal(await page.getByTestId("continue").isVisible(), true);
  await picture(page, "no-issuer-1280-light");
  await assertClean(page, complaints);
  await close();
});

test("opting out is a click on a page of its own", async () => {
  const { email, ann, org } = await invited();
  const { page, complaints, close } = await openPage(browser);
  await page.goto(link(await mail(host.url, email), "out1"));
  await state(page, "opt-out");
  await picture(page, "opt-out-1280-light");
  await assertClean(page, complaints);
  assert.notEqual(
    (await ann("GET", `/orgs/${org}/invitations`)).data[0].delivery,
    "failed",
    "looking at it changes nothing",
  );
  // Opting out twice is opting out once, so the client repeats the request.
  let sent = 0;
  await page.route("**/v1/mail/opt-out/**", (route) => {
    sent += 1;
    return route.fulfill({
      status: 503,
      contentType: "application/json",
      body: JSON.stringify({ message: "Service Unavailable" }),
    });
  });
  await page.getByTestId("stop-invitations").click();
  await state(page, "away");
  assert.equal(sent, 3);
  await page.unroute("**/v1/mail/opt-out/**");
  await page.getByTestId("try-again").click();
  await state(page, "opted-out");
  await picture(page, "opted-out-1280-light");
  await assertClean(page, complaints);
  assert.equal((await ann("GET", `/orgs/${org}/invitations`)).data[0].delivery, "failed");
  await close();
});

test("the mails can be read in the dark, on a phone, and with images off", async () => {
  for (const [kind, button] of [
    ["invitation", "See the invitation"],
    ["budget", "Open Acme Cloud"],
    ["billing", "Open Acme Cloud"],
  ]) {
    for (const colorScheme of /** @type {("light" | "dark")[]} */ (["light", "dark"])) {
      for (const width of [360, 700]) {
        const { page, close } = await openPage(browser, {
          colorScheme,
          viewport: { width, height: 900 },
        });
        await page.route("**/*.png", (route) => route.abort());
        await page.goto(`${host.url}/local/mails/${kind}.html`);
        assert.equal(
          await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          true,
          "nothing is wider than the screen",
        );
        assert.equal(await page.getByRole("link", { name: button }).isVisible(), true);
        assert.deepEqual(await serious(page), []);
        await picture(page, `mail-${kind}-${width}-${colorScheme}`);
        await close();
      }
    }
  }
});

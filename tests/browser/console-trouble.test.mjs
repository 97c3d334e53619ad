// The console in a browser: denials, failures and conflicts.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  api,
  choose,
  clock,
  company,
  dialog,
  fixtures,
  fresh,
  goTo,
  host,
  meter,
  operator,
  row,
  signedIn,
  tab,
  title,
} from "./company.mjs";
import { assertClean, person, picture, signIn, startHost, until } from "./host.mjs";
import { ANY, failure, pattern, session, t } from "./texts.mjs";

fixtures();

test("a role that sees less is told what it would need", async () => {
  const { ann, org, viewer } = await company();
  const { page, complaints, close } = await signedIn(viewer, `#/orgs/${org.id}/members`);
  await page.locator('[data-testid="invite"][aria-disabled="true"]').waitFor();
  await page.getByTestId("invite").focus();
  await page
    .getByTestId("invite-reason")
    .filter({ hasText: t.denied.needs("administrator") })
    .waitFor();
  await row(page, "Bob Baker").getByTestId("member-menu").click();
  await page
    .getByTestId("remove-member-reason")
    .filter({ hasText: t.denied.needs("administrator") })
    .waitFor();
  assert.equal(await page.getByTestId("remove-member").getAttribute("aria-disabled"), "true");
  await picture(page, "console-viewer-members-1280-light");
  await assertClean(page, complaints);
  await page.getByTestId("remove-member").click({ force: true });
  assert.equal(await dialog(page).count(), 0);
  await page.keyboard.press("Escape");
  await page.getByTestId("invite").focus();
  await page.keyboard.press("Enter");
  assert.equal(await dialog(page).count(), 0);
  assert.equal(
    await row(page, "Bob Baker").getByTestId("member-role").count(),
    0,
    "a role that cannot be changed is text",
  );
  assert.equal(await page.getByTestId("invitations").count(), 0);
  await tab(page, "audit");
  await page.getByTestId("audit-denied").waitFor();
  await tab(page, "settings");
  await page.getByTestId("settings-billing").getByRole("heading").waitFor();
  await page.locator('[data-testid="delete-org"][aria-disabled="true"]').waitFor();
  await picture(page, "console-viewer-settings-1280-light");
  await assertClean(page, complaints);

  // An owner forbids inviting while an administrator's page is open: the page shows the API's reason.
  const admin = await signedIn(await boss(ann, org.id), `#/orgs/${org.id}/members`);
  await admin.page.getByTestId("invite").click();
  await dialog(admin.page).getByTestId("invite-addresses").fill("late@example.com");
  await ann("PUT", `/orgs/${org.id}/policies`, {
    policies: `@id("closed") @reason("hiring is closed") forbid (principal, action == Orgs::Action::"invite_members", resource) unless { principal in Orgs::Role::"owner" };`,
  });
  await dialog(admin.page).getByTestId("dialog-confirm").click();
  await dialog(admin.page).getByTestId("error").getByText("Hiring is closed.").waitFor();
  await dialog(admin.page)
    .getByTestId("error-policies")
    .filter({ hasText: t.denied.decidedBy("own.closed") })
    .waitFor();
  assert.equal(
    await dialog(admin.page).getByTestId("invite-addresses").inputValue(),
    "late@example.com",
  );
  await picture(admin.page, "console-denied-1280-light");
  await assertClean(admin.page, admin.complaints);
  await admin.close();
  await close();
});

/** The user id of an organization's administrator. @param {Awaited<ReturnType<typeof api>>} ann @param {string} org */
async function boss(ann, org) {
  return (await ann("GET", `/orgs/${org}/members?role=administrator`)).data[0].user_id;
}

test("a slow and a failing API lose nothing, and nothing is sent twice", async () => {
  const ann = fresh("ann");
  const owner = await api(ann);
  const { page, complaints, close } = await signedIn(ann);
  let reads = 0;
  await page.route("**/v1/account/usage**", (route) =>
    ++reads < 3
      ? route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          body: JSON.stringify({ code: "contention", detail: "busy" }),
        })
      : route.continue(),
  );
  await goTo(page, "#/account");
  await page.getByTestId("account-empty").waitFor();
  assert.equal(reads, 3, "a read is asked again");
  await page.unroute("**/v1/account/usage**");

  // The response to a change is lost: the repeated request counts once.
  await goTo(page, "#/");
  await page.getByTestId("create-org").click();
  await dialog(page).getByTestId("org-name").fill("Once");
  /** @type {(string | undefined)[]} */
  const keys = [];
  await page.route("**/v1/orgs", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(route.request().headers()["idempotency-key"]);
    await route.fetch();
    await route.abort();
  });
  await dialog(page).getByTestId("dialog-confirm").dblclick();
  await dialog(page).getByTestId("error").getByText(failure(0).title).waitFor();
  assert.equal(keys.length, 3, "a double click sends once, with two repetitions");
  assert.equal(await dialog(page).getByTestId("org-name").inputValue(), "Once");
  await picture(page, "console-away-1280-light");
  await assertClean(page, complaints);
  await page.unroute("**/v1/orgs");
  page.on(
    "request",
    (request) =>
      request.method() === "POST" &&
      request.url().endsWith("/v1/orgs") &&
      keys.push(request.headers()["idempotency-key"]),
  );
  await dialog(page).getByTestId("error-retry").click();
  await title(page, t.members.title("Once")).waitFor();
  assert.equal(keys.length, 4);
  assert.deepEqual(new Set(keys), new Set([keys[0]]));
  assert.equal((await owner("GET", "/orgs")).data.length, 1);

  // While a response is pending, the table is marked as busy.
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((resolve) => (go = () => resolve(null)));
  await page.route("**/members?**", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByTestId("member-search").fill("x");
  await page.locator('table[aria-busy="true"]').waitFor();
  go();
  await page.getByTestId("members-empty").waitFor();
  await close();
});

/** A response that API Gateway or Lambda writes itself. @param {number} status @param {string} message @param {Record<string, string>} [headers] */
const gateway = (status, message, headers = {}) => ({
  status,
  headers,
  contentType: "application/json",
  body: JSON.stringify({ message }),
});

test("a read that API Gateway rejects is repeated, and a long Retry-After is shown instead", async () => {
  const { page, complaints, close } = await signedIn(fresh("ann"));
  for (const [status, message] of /** @type {[number, string][]} */ ([
    [429, "Too Many Requests"],
    [503, "Service Unavailable"],
    [504, "Endpoint request timed out"],
  ])) {
    let reads = 0;
    await page.route("**/v1/account/usage**", (route) =>
      ++reads < 3
        ? route.fulfill(gateway(status, message, { "retry-after": "0" }))
        : route.continue(),
    );
    await tab(page, "account");
    await page.getByTestId("account-empty").waitFor();
    await until(async () => (reads === 3 ? true : undefined));
    await page.unroute("**/v1/account/usage**");
    await tab(page, "orgs");
    await title(page, t.orgs.title).waitFor();
  }
  let reads = 0;
  await page.route("**/v1/account/usage**", (route) => {
    reads += 1;
    return route.fulfill(gateway(429, "Too Many Requests", { "retry-after": "3600" }));
  });
  await tab(page, "account");
  await page.getByTestId("error").getByText(failure(429).title).waitFor();
  assert.equal(reads, 1, "a long pause is not waited for");
  await page.unroute("**/v1/account/usage**");
  await page.getByTestId("error-retry").click();
  await page.getByTestId("account-empty").waitFor();
  await assertClean(page, complaints);
  await close();
});

test("each status that API Gateway answers with has its sentence", async () => {
  const { page, complaints, close } = await signedIn(fresh("ann"));
  for (const [status, message, sent] of /** @type {[number, string, number][]} */ ([
    [413, "Request Entity Too Large", 1],
    [429, "Too Many Requests", 3],
    [431, "Request Header Fields Too Large", 1],
    [500, "Internal Server Error", 3],
    [502, "Bad Gateway", 3],
    [503, "Service Unavailable", 3],
    [504, "Endpoint request timed out", 3],
    [418, "I'm a teapot", 1],
  ])) {
    let reads = 0;
    await page.route("**/v1/account/usage**", (route) => {
      reads += 1;
      return route.fulfill(gateway(status, message));
    });
    await tab(page, "account");
    const error = page.locator(`[data-testid="error"][data-status="${status}"]`);
    await error.waitFor();
    const { title: heading, detail } = failure(status);
    assert.ok(
      (await error.innerText()).startsWith(`${heading}. ${detail}`),
      `${status}: ${await error.innerText()}`,
    );
    assert.equal(reads, sent, `${status} is sent ${sent} times`);
    assert.equal(
      await page.getByTestId("error-retry").count(),
      status === 429 || status >= 500 ? 1 : 0,
    );
    await page.unroute("**/v1/account/usage**");
    await tab(page, "orgs");
    await title(page, t.orgs.title).waitFor();
  }
  await assertClean(page, complaints);
  await close();
});

test("a change that API Gateway rejects is repeated with the same key, and done once", async () => {
  const ann = fresh("ann");
  const owner = await api(ann);
  const { page, complaints, close } = await signedIn(ann);
  await page.getByTestId("create-org").click();
  await dialog(page).getByTestId("org-name").fill("Repeated");
  /** @type {(string | undefined)[]} */
  const keys = [];
  await page.route("**/v1/orgs", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(route.request().headers()["idempotency-key"]);
    // The first request arrives, although API Gateway responds with an error.
    if (keys.length === 1) await route.fetch();
    return keys.length < 3 ? route.fulfill(gateway(503, "Service Unavailable")) : route.continue();
  });
  await dialog(page).getByTestId("dialog-confirm").click();
  await title(page, t.members.title("Repeated")).waitFor();
  assert.equal(keys.length, 3);
  assert.ok(keys[0]);
  assert.deepEqual(new Set(keys), new Set([keys[0]]));
  assert.equal((await owner("GET", "/orgs")).data.length, 1);
  await assertClean(page, complaints);
  await close();
});

test("when the sign-in ends, what was typed is kept, and another tab renews it", async () => {
  // This test advances the clock, so it needs a host of its own.
  const own = await startHost();
  const ann = fresh("ann");
  const owner = await person(own.url, { sub: ann });
  await owner("POST", "/orgs", { name: "Before" });
  const { page, complaints, close } = await signedIn(ann, "#/", {}, own.url);
  await page.getByTestId("create-org").click();
  await dialog(page).getByTestId("org-name").fill("Typed before it ended");
  await fetch(`${own.url}/local/clock`, {
    method: "POST",
    body: JSON.stringify({ advance_seconds: 2 * 3600 }),
  });
  await dialog(page).getByTestId("dialog-confirm").click();
  await dialog(page).getByTestId("error").getByText(t.problem.signedOutTitle).waitFor();
  await picture(page, "console-ended-1280-light");
  await assertClean(page, complaints);
  // If someone else signs in by mistake, the page says so.
  const renewed = async (/** @type {string} */ who) => {
    const opened = page.context().waitForEvent("page");
    await dialog(page).getByTestId("error-sign-in").click();
    const other = await opened;
    await signIn(other, `${who}@example.com`);
    await until(async () => (other.isClosed() ? true : undefined));
  };
  await renewed("eve");
  await page
    .getByTestId("session-expired")
    .getByText(session.other("eve@example.com"))
    .waitFor({ state: "attached" });
  await renewed(ann);
  await dialog(page).getByTestId("error").waitFor({ state: "detached" });
  assert.equal(await dialog(page).getByTestId("org-name").inputValue(), "Typed before it ended");
  await dialog(page).getByTestId("dialog-confirm").click();
  await title(page, t.members.title("Typed before it ended")).waitFor();
  assert.deepEqual(
    await page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie]),
    [0, 0, ""],
  );

  // Requests that failed in the meantime are repeated with the new token.
  await fetch(`${own.url}/local/clock`, {
    method: "POST",
    body: JSON.stringify({ advance_seconds: 2 * 3600 }),
  });
  await tab(page, "audit");
  const opened = page.context().waitForEvent("page");
  await page.locator("main").getByTestId("error-sign-in").first().click();
  await signIn(await opened, `${ann}@example.com`);
  await page.getByTestId("audit-create_org").waitFor();
  await page.locator("main").getByTestId("error-sign-in").waitFor({ state: "detached" });

  // Signing out affects every tab of the same person.
  const beside = async (/** @type {string} */ who) => {
    const tab = await page.context().newPage();
    await tab.goto(`${own.url}/`);
    await tab.getByTestId("sign-in").click();
    await signIn(tab, `${who}@example.com`);
    await title(tab, t.orgs.title).waitFor();
    return tab;
  };
  const [third, second] = [await beside("eve"), await beside(ann)];
  await page.getByTestId("sign-out").click();
  await second.getByTestId("sign-in").waitFor();
  assert.equal(await title(third, t.orgs.title).isVisible(), true, "another person's tab stays");
  await close();
  own.stop();
});

test("a sign-out lasts over a reload, and the next sign-in asks for the identity", async () => {
  const ann = fresh("ann");
  const owner = await api(ann);
  const { id } = await owner("POST", "/orgs", { name: "Private" });
  const { page, close } = await signedIn(ann, `#/orgs/${id}/members`);
  await page.getByTestId("sign-out").click();
  await page.getByTestId("sign-in").waitFor();
  assert.ok(!page.url().includes(id), "the address names no organization");
  await page.reload();
  for (const hash of ["", "#/again"]) {
    // A link of another page loads the console again.
    await page.goto("about:blank");
    await page.goto(`${host.url}/${hash}`);
    if (!hash) await page.getByTestId("sign-in").click();
    await page.waitForURL(/authorize\?/);
    assert.equal(new URL(page.url()).searchParams.get("prompt"), "login");
  }
  await close();
});

test("what users typed runs nowhere", async () => {
  const attack = `<img src=x onerror=alert(1)>"'`;
  const ann = fresh("ann");
  const owner = await api(ann, `<script>alert(2)</script>${attack}`);
  const org = await owner("POST", "/orgs", { name: attack, description: attack });
  const operate = await operator();
  await operate("POST", `/orgs/${org.id}/members`, {
    user_id: `"><svg/onload=alert(3)>${fresh("x")}`,
    email: `${fresh("m")}@example.com`,
    name: attack,
    role: "viewer",
  });
  const resource = await owner("POST", `/orgs/${org.id}/resources`, {
    kind: "agent",
    name: attack,
  });
  await owner("PUT", `/orgs/${org.id}/policies`, {
    policies: `@id("x") @reason("<img src=x onerror=alert(4)>") forbid (principal, action == Orgs::Action::"create_resource", resource);`,
  });
  await owner("POST", `/orgs/${org.id}/invitations`, { email: `${fresh("o")}@example.com` });
  const now = await clock();
  await (await meter())("POST", `/orgs/${org.id}/usage/events`, {
    events: [
      {
        id: "1",
        timestamp: now,
        kind: "x",
        credits: "1",
        resource_id: resource.id,
        user_id: attack,
      },
    ],
  });
  const { page, complaints, close } = await signedIn(ann);
  const typed = page.locator("main :is(td, th, label, p)").getByText(attack).first();
  for (const [hash, shown] of /** @type {[string, import("playwright-core").Locator][]} */ ([
    ["#/", typed],
    [`#/orgs/${org.id}/members`, typed],
    [`#/orgs/${org.id}/resources`, typed],
    [
      `#/orgs/${org.id}/usage`,
      page
        .getByTestId("usage-total")
        .filter({ hasText: pattern(t.usage.total("1", "1", ANY, ANY)) }),
    ],
    [`#/orgs/${org.id}/settings`, page.getByTestId("billing-mode")],
    [`#/orgs/${org.id}/audit`, page.getByTestId("audit-create_org")],
  ])) {
    await goTo(page, hash);
    await shown.waitFor();
    await page.waitForLoadState("networkidle");
    for (const group of hash.endsWith("usage") ? ["resource", "member"] : []) {
      await page.getByTestId("usage-group").selectOption(group);
      await page.locator("tbody").getByText(attack).waitFor();
    }
    if (hash.endsWith("audit"))
      for (const summary of await page.locator("summary").all()) await summary.click();
    if (hash.endsWith("resources")) await page.getByTestId("create-resource").focus();
    assert.equal(await page.locator("main img, main script, main svg").count(), 0);
    await assertClean(page, complaints);
  }
  await picture(page, "console-attack-1280-light");
  await close();
});

test("a concurrent change is shown, and typed text can still be saved", async () => {
  const { ann, org, owner } = await company();
  const { page, complaints, close } = await signedIn(owner, `#/orgs/${org.id}/resources`);
  await choose(row(page, "Handbook"), "edit-resource");
  await dialog(page).getByTestId("resource-name").fill("Handbook, mine");
  const { data } = await ann("GET", `/orgs/${org.id}/resources?kind=knowledge_base`);
  await ann("PATCH", `/orgs/${org.id}/resources/${data[0].id}`, {
    name: "Handbook, theirs",
    cost_class: "high",
  });
  await dialog(page).getByTestId("dialog-confirm").click();
  await dialog(page).getByTestId("error").getByText(t.problem.staleTitle).waitFor();
  await assertClean(page, complaints);
  await dialog(page).getByTestId("error-reload").click();
  await row(page, "Handbook, theirs").waitFor();
  assert.equal(await dialog(page).getByTestId("resource-name").inputValue(), "Handbook, mine");
  await dialog(page).getByTestId("dialog-confirm").click();
  // The cost class was changed by the other person only.
  await row(page, "Handbook, mine").getByTestId("cost-high").waitFor();
  await close();
});

test("nothing of one organization is shown in another, nor what an address smuggles in", async () => {
  const { ann, org, owner } = await company("First");
  const other = await ann("POST", "/orgs", { name: "Second" });
  await ann("PUT", `/orgs/${other.id}/budget`, { monthly_credits: "7" });
  const { page, complaints, close } = await signedIn(owner, `#/orgs/${org.id}/settings`);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("input")].some((input) => input.value === "400"),
  );
  await page.route(`**/orgs/${other.id}/budget`, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "contention", detail: "busy" }),
    }),
  );
  await page.getByTestId("org-switch").click();
  await page.getByTestId("org-list").getByRole("menuitem", { name: "Second" }).click();
  const budget = page.getByTestId("settings-budget");
  await budget.getByTestId("error").getByText(failure(503).title).waitFor();
  assert.equal(await budget.locator("input").count(), 0, "the other's budget is not here");
  await page.unroute(`**/orgs/${other.id}/budget`);
  await budget.getByTestId("error-retry").click();
  await page.waitForFunction(() =>
    [...document.querySelectorAll("input")].some((input) => input.value === "7"),
  );
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => request.url().includes("leave") && asked.push(request.url()));
  for (const odd of [`${org.id}%2Fleave%3F`, "..%2F..", "%E0%A4%A", "org_x"]) {
    await goTo(page, `#/orgs/${odd}/members`);
    await page.getByTestId("org-unknown").waitFor();
  }
  assert.deepEqual(asked, []);
  await assertClean(page, complaints);
  await close();
});

test("what makes or unmakes an owner is asked about", async () => {
  const { ann, org, owner, admin } = await company();
  const { page, close } = await signedIn(owner, `#/orgs/${org.id}/members`);
  const role = () => row(page, "Bob Baker").getByTestId("member-role");
  await role().selectOption("owner");
  await dialog(page).getByText(t.members.shiftUp("Bob Baker")).waitFor();
  await dialog(page).getByTestId("dialog-cancel").click();
  assert.equal(await role().inputValue(), "administrator", "what was not done is not shown");
  await role().selectOption("owner");
  await dialog(page).getByTestId("dialog-confirm").click();
  await until(async () =>
    (await ann("GET", `/orgs/${org.id}/members/${admin}`)).role === "owner" ? true : undefined,
  );
  await row(page, "Ann Archer").getByTestId("member-role").selectOption("viewer");
  await dialog(page).getByText(t.members.shiftMe).waitFor();
  await dialog(page).getByTestId("dialog-confirm").click();
  // The new role has fewer permissions.
  await row(page, "Cy Young").getByTestId("member-role").waitFor({ state: "detached" });
  await close();
});

test("an invitation can be revoked when nobody can be invited", async () => {
  const { ann, org, admin } = await company();
  await ann("PUT", `/orgs/${org.id}/policies`, {
    policies: `@id("owners-invite") @reason("here, owners invite") forbid (principal, action in [Orgs::Action::"invite_members", Orgs::Action::"resend_invitation"], resource) unless { principal in Orgs::Role::"owner" };`,
  });
  const { page, close } = await signedIn(admin, `#/orgs/${org.id}/members`);
  const invited = page
    .getByTestId("invitation-row")
    .filter({ has: page.getByTestId("delivery-bounced") });
  await invited.getByTestId("invitation-menu").click();
  await page.locator('[data-testid="resend-invitation"][aria-disabled="true"]').waitFor();
  await page.getByTestId("revoke-invitation").click();
  await dialog(page).getByTestId("dialog-confirm").click();
  await page.getByTestId("invitation-row").getByTestId("status-revoked").waitFor();
  await close();
});

// The console, in a browser: what stands in the way.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { api, clock, company, dialog, fresh, meter, operator, row, signedIn, tab } from "./company.mjs";
import { assertClean, person, picture, signIn, startHost, until } from "./host.mjs";

test("a role that sees less is told what it would need", async () => {
  const { ann, org, viewer } = await company();
  const { page, complaints, close } = await signedIn(viewer, `#/orgs/${org.id}/members`);
  const invite = page.getByRole("button", { name: "Invite people" });
  await invite.focus();
  await page.getByText("This needs the role administrator.").first().waitFor();
  await row(page, "Bob Baker").locator('button[aria-disabled="true"]').waitFor();
  assert.equal(await row(page, "Bob Baker").getByRole("button", { name: "Remove" }).getAttribute("aria-disabled"), "true");
  await picture(page, "console-viewer-members-1280-light");
  await assertClean(page, complaints);
  await page.keyboard.press("Enter");
  assert.equal(await dialog(page).count(), 0);
  assert.equal(await row(page, "Bob Baker").getByLabel("Role of").count(), 0, "a role that cannot be changed is text");
  assert.equal(await page.getByRole("heading", { name: "Invitations" }).count(), 0);
  await tab(page, "Audit");
  await page.getByText("Not for your role").waitFor();
  await tab(page, "Settings");
  await page.getByRole("heading", { name: "Billing" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Delete this organization" }).getAttribute("aria-disabled"), "true");
  await picture(page, "console-viewer-settings-1280-light");
  await assertClean(page, complaints);

  // An administrator's page is open while the organization forbids inviting: the API's own words are shown.
  const admin = await signedIn(await boss(ann, org.id), `#/orgs/${org.id}/members`);
  await admin.page.getByRole("button", { name: "Invite people" }).click();
  await dialog(admin.page).getByLabel("E-mail addresses").fill("late@example.com");


  await ann("PUT", `/orgs/${org.id}/policies`, { policies: `@id("closed") @reason("hiring is closed") forbid (principal, action == Orgs::Action::"invite_members", resource) unless { principal in Orgs::Role::"owner" };` });
  await dialog(admin.page).getByRole("button", { name: "Invite" }).click();
  await dialog(admin.page).getByText("Hiring is closed.").waitFor();
  await dialog(admin.page).getByText("Decided by own.closed.").waitFor();
  assert.equal(await dialog(admin.page).getByLabel("E-mail addresses").inputValue(), "late@example.com");
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
  await page.route("**/v1/account/usage**", (route) => (++reads < 3 ? route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ code: "contention", detail: "busy" }) }) : route.continue()));
  await page.evaluate(() => void (location.hash = "#/account"));
  await page.getByText("Your account has paid for nothing").waitFor();
  assert.equal(reads, 3, "a read is asked again");
  await page.unroute("**/v1/account/usage**");

  // The answer to a change is lost on its way: sent again, it counts once.
  await page.evaluate(() => void (location.hash = "#/"));
  await page.getByRole("button", { name: "Create an organization" }).click();
  await dialog(page).getByLabel("Name").fill("Once");
  /** @type {(string | undefined)[]} */
  const keys = [];
  await page.route("**/v1/orgs", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(route.request().headers()["idempotency-key"]);
    await route.fetch();
    await route.abort();
  });
  await dialog(page).getByRole("button", { name: "Create" }).dblclick();
  await dialog(page).getByText("The service does not answer.").waitFor();
  assert.equal(keys.length, 1, "a double click sends once");
  assert.equal(await dialog(page).getByLabel("Name").inputValue(), "Once");
  await picture(page, "console-away-1280-light");
  await assertClean(page, complaints);
  await page.unroute("**/v1/orgs");
  page.on("request", (request) => request.method() === "POST" && request.url().endsWith("/v1/orgs") && keys.push(request.headers()["idempotency-key"]));
  await dialog(page).getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Members of Once" }).waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal((await owner("GET", "/orgs")).data.length, 1);

  // While an answer takes its time, the page says that it waits.
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((resolve) => (go = () => resolve(null)));
  await page.route("**/members?**", async (route) => (await held, route.continue()));
  await page.getByLabel("Name or e-mail").fill("x");
  await page.locator('table[aria-busy="true"]').waitFor();
  go();
  await page.getByText("Nobody is found").waitFor();
  await close();
});

test("when the sign-in ends, what was typed is kept, and another tab renews it", async () => {
  // It moves the time, which others go by too.
  const own = await startHost();
  const ann = fresh("ann");
  const owner = await person(own.url, { sub: ann });
  await owner("POST", "/orgs", { name: "Before" });
  const { page, complaints, close } = await signedIn(ann, "#/", {}, own.url);
  await page.getByRole("button", { name: "Create an organization" }).click();
  await dialog(page).getByLabel("Name").fill("Typed before it ended");
  await fetch(`${own.url}/local/clock`, { method: "POST", body: JSON.stringify({ advance_seconds: 2 * 3600 }) });
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await dialog(page).getByText("Your sign-in has ended.").first().waitFor();
  await picture(page, "console-ended-1280-light");
  await assertClean(page, complaints);
  // Somebody else signs in by mistake, and is told whose page this is.
  const renewed = async (/** @type {string} */ who) => {
    const opened = page.context().waitForEvent("page");
    await dialog(page).getByRole("button", { name: "Sign in again" }).click();
    const other = await opened;
    await signIn(other, `${who}@example.com`);
    await until(async () => (other.isClosed() ? true : undefined));
  };
  await renewed("eve");
  await page.getByText("eve@example.com signed in").waitFor({ state: "attached" });
  await renewed(ann);
  await dialog(page).getByText("Your sign-in has ended.").waitFor({ state: "detached" });
  assert.equal(await dialog(page).getByLabel("Name").inputValue(), "Typed before it ended");
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "Members of Typed before it ended" }).waitFor();
  assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie]), [0, 0, ""]);

  // What could not be read meanwhile is read with the new token.
  await fetch(`${own.url}/local/clock`, { method: "POST", body: JSON.stringify({ advance_seconds: 2 * 3600 }) });
  await tab(page, "Audit");
  const opened = page.context().waitForEvent("page");
  await page.locator("main").getByRole("button", { name: "Sign in again" }).first().click();
  await signIn(await opened, `${ann}@example.com`);
  await row(page, "Created the organization").waitFor();
  await page.locator("main").getByRole("button", { name: "Sign in again" }).waitFor({ state: "detached" });

  // Signing out is for every tab of the same person.
  const beside = async (/** @type {string} */ who) => {
    const tab = await page.context().newPage();
    await tab.goto(`${own.url}/`);
    await tab.getByRole("button", { name: "Sign in" }).click();
    await signIn(tab, `${who}@example.com`);
    await tab.getByRole("heading", { name: "Organizations" }).waitFor();
    return tab;
  };
  const [third, second] = [await beside("eve"), await beside(ann)];
  await page.getByRole("button", { name: "Sign out" }).click();
  await second.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await third.getByRole("heading", { name: "Organizations" }).isVisible(), true, "another person's tab stays");
  await close();
  own.stop();
});

test("what users typed runs nowhere", async () => {
  const attack = `<img src=x onerror=alert(1)>"'`;
  const ann = fresh("ann");
  const owner = await api(ann, `<script>alert(2)</script>${attack}`);
  const org = await owner("POST", "/orgs", { name: attack, description: attack });
  const operate = await operator();
  await operate("POST", `/orgs/${org.id}/members`, { user_id: `"><svg/onload=alert(3)>${fresh("x")}`, email: `${fresh("m")}@example.com`, name: attack, role: "viewer" });
  const resource = await owner("POST", `/orgs/${org.id}/resources`, { kind: "agent", name: attack });
  await owner("PUT", `/orgs/${org.id}/policies`, { policies: `@id("x") @reason("<img src=x onerror=alert(4)>") forbid (principal, action == Orgs::Action::"create_resource", resource);` });
  await owner("POST", `/orgs/${org.id}/invitations`, { email: `${fresh("o")}@example.com` });
  const now = await clock();
  await (await meter())("POST", `/orgs/${org.id}/usage/events`, { events: [{ id: "1", timestamp: now, kind: "x", credits: "1", resource_id: resource.id, user_id: attack }] });
  const { page, complaints, close } = await signedIn(ann);
  for (const [hash, shown] of [["#/", attack], ...["members", "resources", "usage", "settings", "audit"].map((tab) => [`#/orgs/${org.id}/${tab}`, tab === "usage" ? "1 credits" : tab === "settings" ? "Who pays" : tab === "audit" ? "Created the organization" : attack])]) {
    await page.evaluate((hash) => void (location.hash = hash ?? ""), hash);
    await page.locator("main :is(td, th, label, p)").getByText(shown ?? "").first().waitFor();
    await page.waitForLoadState("networkidle");
    for (const group of hash?.endsWith("usage") ? ["resource", "member"] : []) {
      await page.getByLabel("Stacked by").selectOption(group);
      await page.locator("tbody").getByText(attack).waitFor();
    }
    if (hash?.endsWith("audit")) for (const summary of await page.locator("summary").all()) await summary.click();
    if (hash?.endsWith("resources")) await page.getByRole("button", { name: "Create a resource" }).focus();
    assert.equal(await page.locator("main img, main script, main svg").count(), 0);
    await assertClean(page, complaints);
  }
  await picture(page, "console-attack-1280-light");
  await close();
});

test("what somebody else changed meanwhile is told, and what was typed can still be saved", async () => {
  const { ann, org, owner } = await company();
  const { page, complaints, close } = await signedIn(owner, `#/orgs/${org.id}/resources`);
  await row(page, "Handbook").getByRole("button", { name: "Edit" }).click();
  await dialog(page).getByLabel("Name").fill("Handbook, mine");
  const { data } = await ann("GET", `/orgs/${org.id}/resources?kind=knowledge_base`);
  await ann("PATCH", `/orgs/${org.id}/resources/${data[0].id}`, { name: "Handbook, theirs", cost_class: "high" });
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await dialog(page).getByText("Somebody else changed this meanwhile.").waitFor();
  await assertClean(page, complaints);
  await dialog(page).getByRole("button", { name: "Load it again" }).click();
  await row(page, "Handbook, theirs").waitFor();
  assert.equal(await dialog(page).getByLabel("Name").inputValue(), "Handbook, mine");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await row(page, "Handbook, mine").getByText("Standard").waitFor();
  await close();
});

test("nothing of one organization is shown in another, nor what an address smuggles in", async () => {
  const { ann, org, owner } = await company("First");
  const other = await ann("POST", "/orgs", { name: "Second" });
  await ann("PUT", `/orgs/${other.id}/budget`, { monthly_credits: "7" });
  const { page, complaints, close } = await signedIn(owner, `#/orgs/${org.id}/settings`);
  await page.waitForFunction(() => [...document.querySelectorAll("input")].some((input) => input.value === "400"));
  await page.route(`**/orgs/${other.id}/budget`, (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ code: "contention", detail: "busy" }) }));
  await page.locator(".switch summary").click();
  await page.locator(".switch").getByRole("link", { name: "Second" }).click();
  const budget = page.locator("section", { has: page.getByRole("heading", { name: "Budget" }) });
  await budget.getByText("The service does not answer.").waitFor();
  assert.equal(await budget.locator("input").count(), 0, "the other's budget is not here");
  await page.unroute(`**/orgs/${other.id}/budget`);
  await budget.getByRole("button", { name: "Try again" }).click();
  await page.waitForFunction(() => [...document.querySelectorAll("input")].some((input) => input.value === "7"));
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => request.url().includes("leave") && asked.push(request.url()));
  for (const odd of [`${org.id}%2Fleave%3F`, "..%2F..", "%E0%A4%A", "org_x"]) {
    await page.evaluate((hash) => void (location.hash = hash), `#/orgs/${odd}/members`);
    await page.getByText("This organization does not exist").waitFor();
  }
  assert.deepEqual(asked, []);
  await assertClean(page, complaints);
  await close();
});

test("what makes or unmakes an owner is asked about", async () => {
  const { ann, org, owner, admin } = await company();
  const { page, close } = await signedIn(owner, `#/orgs/${org.id}/members`);
  const role = () => row(page, "Bob Baker").getByLabel("Role of");
  await role().selectOption("owner");
  await dialog(page).getByText("Bob Baker may then do everything").waitFor();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  assert.equal(await role().inputValue(), "administrator", "what was not done is not shown");
  await role().selectOption("owner");
  await dialog(page).getByRole("button", { name: "Change the role" }).click();
  await until(async () => ((await ann("GET", `/orgs/${org.id}/members/${admin}`)).role === "owner" ? true : undefined));
  await row(page, "Ann Archer").getByLabel("Role of").selectOption("viewer");
  await dialog(page).getByText("You give up rights").waitFor();
  await dialog(page).getByRole("button", { name: "Change the role" }).click();
  // What one may is another thing from then on.
  await row(page, "Cy Young").getByLabel("Role of").waitFor({ state: "detached" });
  await close();
});

test("an invitation can be taken back where nobody can be invited any more", async () => {
  const { ann, org, admin } = await company();
  await ann("PUT", `/orgs/${org.id}/policies`, { policies: `@id("owners-invite") @reason("here, owners invite") forbid (principal, action in [Orgs::Action::"invite_members", Orgs::Action::"resend_invitation"], resource) unless { principal in Orgs::Role::"owner" };` });
  const { page, close } = await signedIn(admin, `#/orgs/${org.id}/members`);
  const invited = row(page, "mail bounced");
  assert.equal(await invited.getByRole("button", { name: "Send again" }).getAttribute("aria-disabled"), "true");
  await invited.getByRole("button", { name: "Take back" }).click();
  await dialog(page).getByRole("button", { name: "Take back" }).click();
  await row(page, "taken back").waitFor();
  await close();
});

// The console, in a browser: what people do with it.
// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { api, browser, clock, company, dialog, fresh, host, meter, operator, row, said, signedIn, tab } from "./company.mjs";
import { assertClean, link, mail, openPage, picture, signIn, until } from "./host.mjs";

test("two people, from sign-in to the chart of what they used", async () => {
  const [ann, bob] = [fresh("ann"), fresh("bob")];
  const one = await signedIn(ann);
  await one.page.getByText("You are in no organization yet").waitFor();
  await picture(one.page, "console-empty-1280-light");
  await assertClean(one.page, one.complaints);
  await one.page.getByRole("button", { name: "Create an organization" }).click();
  await dialog(one.page).getByLabel("Name").fill("Northwind");
  await dialog(one.page).getByLabel("Description").fill("Wind, and where it blows");
  await picture(one.page, "console-create-1280-light");
  await assertClean(one.page, one.complaints);
  await dialog(one.page).getByRole("button", { name: "Create" }).click();
  await one.page.getByRole("heading", { name: "Members of Northwind" }).waitFor();
  await one.page.getByText("You are the only owner").waitFor();
  const org = one.page.url().split("/")[5];

  // A list is pasted: what is no address stays, to be put right; viewer is what was picked for everybody.
  await one.page.getByRole("button", { name: "Invite people" }).click();
  assert.equal(await dialog(one.page).getByLabel("Role").inputValue(), "viewer");
  await dialog(one.page).getByLabel("E-mail addresses").fill(`Bob <${bob}@example.com>, nobody at all; ${fresh("cy")}@example.com`);
  await dialog(one.page).getByRole("button", { name: "Invite 3" }).click();
  await dialog(one.page).getByText("not an e-mail address").waitFor();
  assert.equal(await dialog(one.page).locator(".chip.good").count(), 2);
  assert.equal(await dialog(one.page).getByLabel("E-mail addresses").inputValue(), "nobody at all");
  await picture(one.page, "console-invited-1280-light");
  await assertClean(one.page, one.complaints);
  await dialog(one.page).getByRole("button", { name: "Cancel" }).click();
  await row(one.page, `${bob}@example.com`).getByText("pending").waitFor();
  await row(one.page, `${bob}@example.com`).getByText("mail sent").waitFor();

  // The mail leads Bob to the invitation, and accepting it to the console.
  const two = await openPage(browser);
  await two.page.goto(link(await mail(host.url, `${bob}@example.com`)));
  await two.page.getByRole("button", { name: "Sign in" }).click();
  await signIn(two.page, `${bob}@example.com`);
  await two.page.getByRole("button", { name: "Accept" }).click();
  await two.page.getByRole("link", { name: "Go on to Acme Cloud" }).click();
  await two.page.getByRole("button", { name: "Sign in" }).click();
  await signIn(two.page, `${bob}@example.com`);
  await two.page.getByRole("heading", { name: "Members of Northwind" }).waitFor();
  assert.equal(await two.page.getByRole("button", { name: "Invite people" }).getAttribute("aria-disabled"), "true");

  await one.page.reload();
  await one.page.getByRole("button", { name: "Sign in" }).click();
  await signIn(one.page, `${ann}@example.com`);
  await row(one.page, `${bob}@example.com`).getByLabel("Role of").selectOption("administrator");
  await said(one.page, "is administrator now");
  await two.page.evaluate(() => location.reload());
  await two.page.getByRole("button", { name: "Sign in" }).click();
  await signIn(two.page, `${bob}@example.com`);

  // What may cost much shows what there is before it is made.
  await tab(two.page, "Resources");
  await two.page.getByText("No resources yet").waitFor();
  await two.page.getByRole("button", { name: "Create a resource" }).click();
  await dialog(two.page).getByLabel("Kind").selectOption("source");
  await dialog(two.page).getByLabel("Name").fill("Wind tables");
  await dialog(two.page).getByText("Spent this month").waitFor();
  await dialog(two.page).getByText("none").waitFor();
  await picture(two.page, "console-source-1280-light");
  await assertClean(two.page, two.complaints);
  await dialog(two.page).getByRole("button", { name: "Create" }).click();
  await row(two.page, "Wind tables").waitFor();

  const report = await meter();
  const now = await clock();
  await report("POST", `/orgs/${org}/usage/events`, { events: [{ id: "1", timestamp: now, kind: "crawl", credits: "0.25" }, { id: "2", timestamp: now, kind: "chat", credits: "2" }] });
  await tab(two.page, "Usage");
  await two.page.getByText("2.25 credits in 2 events").waitFor();
  await two.page.getByRole("img", { name: "2.25 credits over time" }).waitFor();
  const download = two.page.waitForEvent("download");
  await two.page.getByRole("button", { name: "Download CSV" }).click();
  const csv = readFileSync(await (await download).path(), "utf8");
  assert.ok(csv.startsWith("start,end,group,credits,events") && csv.includes("crawl,0.25,1"), csv);
  await assertClean(two.page, two.complaints);

  // And back: the role is taken, the person removed, everything is on record.
  await row(one.page, `${bob}@example.com`).getByRole("button", { name: "Remove" }).click();
  await dialog(one.page).getByText("loses access at once").waitFor();
  await picture(one.page, "console-remove-1280-light");
  await dialog(one.page).getByRole("button", { name: "Remove" }).click();
  await said(one.page, "no member any more");
  await row(one.page, `${bob}@example.com`).getByLabel("Role of").waitFor({ state: "detached" });
  await tab(one.page, "Audit");
  await row(one.page, "Removed a member").waitFor();
  await one.page.getByLabel("What").selectOption("change_role");
  await row(one.page, "Changed a role").locator("summary").click();
  assert.deepEqual(await row(one.page, "Changed a role").locator(".inner tbody tr", { hasText: "role" }).locator("td").allInnerTexts(), ["viewer", "administrator"]);
  await picture(one.page, "console-audit-1280-light");
  await assertClean(one.page, one.complaints);
  await tab(two.page, "Members");
  await two.page.getByText("This organization does not exist").waitFor();
  await one.close();
  await two.close();
});

test("invitations for me are answered where they are seen", async () => {
  const [zed, guest] = [fresh("zed"), fresh("gil")];
  const owner = await api(zed);
  for (const name of ["First", "Second"]) {
    const { id } = await owner("POST", "/orgs", { name });
    await owner("POST", `/orgs/${id}/invitations`, { email: `${guest}@example.com` });
  }
  const { page, complaints, close } = await signedIn(guest);
  await page.getByText("You are invited").waitFor();
  await picture(page, "console-invited-me-1280-light");
  await page.getByRole("button", { name: "Accept the invitation to First" }).click();
  await said(page, "You joined First");
  await page.getByRole("link", { name: "First" }).waitFor();
  await page.getByRole("button", { name: "Decline the invitation to Second" }).click();
  await dialog(page).getByRole("button", { name: "Decline" }).click();
  await page.getByText("You are invited").waitFor({ state: "detached" });
  await assertClean(page, complaints);
  await close();
});

test("every page is whole on a phone and on a desk, in the light and in the dark", async () => {
  const { org, owner } = await company();
  for (const colorScheme of /** @type {("light" | "dark")[]} */ (["light", "dark"])) {
    for (const width of [360, 1280]) {
      const { page, complaints, close } = await signedIn(owner, "#/", { colorScheme, viewport: { width, height: 800 } });
      // Answers come in another order than they were asked for.
      let asked = 0;
      await page.route("**/v1/**", async (route) => {
        await new Promise((done) => setTimeout(done, 200 - 50 * (asked++ % 5)));
        await route.continue();
      });
      // What moves without having been asked to, as the browser counts it.
      await page.evaluate(() => {
        const moves = (/** @type {any} */ (window).moves = /** @type {{ value: number, what: string[] }[]} */ ([]));
        new PerformanceObserver((list) => {
          for (const { hadRecentInput, value, sources } of /** @type {any[]} */ (list.getEntries())) {
            if (!hadRecentInput) moves.push({ value, what: sources.map((/** @type {any} */ source) => source.node?.textContent) });
          }
        }).observe({ type: "layout-shift", buffered: true });
      });
      for (const [name, hash, shown] of [
        ["orgs", "#/", "Acme Research"],
        ["account", "#/account", "November|December|January|February|March|April|May|June|July|August|September|October"],
        ["members", `#/orgs/${org.id}/members`, "mail bounced"],
        ["resources", `#/orgs/${org.id}/resources`, "Deep research"],
        ["usage", `#/orgs/${org.id}/usage`, "chat.completion"],
        ["settings", `#/orgs/${org.id}/settings`, "Only owners invite"],
        ["audit", `#/orgs/${org.id}/audit`, "Changed the budget"],
      ]) {
        await page.evaluate((hash) => void (location.hash = hash ?? ""), hash);
        await page.locator("main :is(td, th, label)").getByText(new RegExp(shown ?? "")).first().waitFor();
        await page.waitForLoadState("networkidle");
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name} is wider than ${width}`);
        const moves = await page.evaluate(() => /** @type {{ value: number }[]} */ (/** @type {any} */ (window).moves.splice(0)));
        // What web.dev calls good, of one page.
        assert.ok(moves.reduce((sum, { value }) => sum + value, 0) < 0.1, `${name} moves at ${width}: ${JSON.stringify(moves)}`);
        await picture(page, `console-${name}-${width}-${colorScheme}`);
        await assertClean(page, complaints);
      }
      await close();
    }
  }
});

test("settings are saved, a stale change is not, and nothing that was typed is lost", async () => {
  const { ann, org, owner } = await company();
  const { page, complaints, close } = await signedIn(owner, `#/orgs/${org.id}/settings`);
  const general = page.locator("section", { hasText: "General" });
  await general.getByLabel("Name").fill("Acme Labs");
  await general.getByLabel("Who creates").selectOption("owner");
  await general.getByRole("button", { name: "Save" }).click();
  await said(page, "Saved.");
  assert.deepEqual([(await ann("GET", `/orgs/${org.id}`)).name, (await ann("GET", `/orgs/${org.id}`)).settings.high_cost_creators], ["Acme Labs", "owner"]);

  await general.getByLabel("Name").fill("see https://example.com");
  await general.getByRole("button", { name: "Save" }).click();
  await general.getByRole("alert").waitFor();
  assert.equal(await general.getByLabel("Name").inputValue(), "see https://example.com");
  await ann("PATCH", `/orgs/${org.id}`, { name: "Acme Elsewhere" });
  await general.getByLabel("Name").fill("Acme Here");
  await general.getByRole("button", { name: "Save" }).click();
  await general.getByText("Somebody else changed this meanwhile.").waitFor();
  await picture(page, "console-stale-1280-light");
  await assertClean(page, complaints);
  await general.getByRole("button", { name: "Load it again" }).click();
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.querySelector("main input"))?.value === "Acme Elsewhere");

  const budget = page.locator("section", { hasText: "Credits per month" });
  await budget.getByLabel("Credits per month").fill("1e3");
  await budget.getByRole("button", { name: "Save" }).click();
  await budget.getByRole("alert").waitFor();
  await budget.getByLabel("Credits per month").fill("1000.5");
  await budget.getByRole("button", { name: "Save" }).click();
  await until(async () => ((await ann("GET", `/orgs/${org.id}/budget`)).monthly_credits === "1000.5" ? true : undefined));

  const billing = page.locator("section", { hasText: "Who pays" });
  await billing.getByLabel("Who pays").selectOption("independent");
  await billing.getByRole("button", { name: "Save" }).click();
  await until(async () => ((await ann("GET", `/orgs/${org.id}/billing`)).mode === "independent" ? true : undefined));

  // A ready-made policy is switched on; then a text of one's own is wrong at a place, which is shown.
  const policies = page.locator("section", { hasText: "Policies of this organization" });
  await policies.getByLabel("Only owners invite").check();
  await policies.getByRole("button", { name: "Save" }).click();
  await until(async () => ((await ann("GET", `/orgs/${org.id}/policies`)).policies.includes('@id("owners-invite")') ? true : undefined));
  await policies.getByText("Advanced").click();
  const text = policies.getByLabel("Cedar policies");
  await text.fill("forbid (principal, action, resource);\npermit (principal, action, resource);");
  await policies.getByRole("button", { name: "Save" }).click();
  await policies.getByRole("button", { name: "Show line 2, column 1" }).click();
  assert.equal(await text.evaluate((area) => /** @type {HTMLTextAreaElement} */ (area).selectionStart), 38);
  await picture(page, "console-policies-1280-light");
  await assertClean(page, complaints);
  await close();
});

test("an organization is deleted after a question, and restored", async () => {
  const { ann, org, owner } = await company();
  const { page, complaints, close } = await signedIn(owner, `#/orgs/${org.id}/settings`);
  await page.getByRole("button", { name: "Delete this organization" }).click();
  await dialog(page).getByText("ends the work of 4 members").waitFor();
  await picture(page, "console-delete-1280-light");
  await assertClean(page, complaints);
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Delete this organization", "whoever opened it goes on there");
  assert.equal((await ann("GET", `/orgs/${org.id}`)).status, "active");
  await page.getByRole("button", { name: "Delete this organization" }).click();
  await dialog(page).getByRole("button", { name: "Delete this organization" }).click();
  await page.getByText("This organization is deleted.").waitFor();
  await picture(page, "console-deleted-1280-light");
  await page.getByRole("button", { name: "Restore this organization" }).click();
  await said(page, "is back");
  assert.equal((await ann("GET", `/orgs/${org.id}`)).status, "active");
  await assertClean(page, complaints);
  await close();
});

test("ownership is handed over, and one leaves", async () => {
  const { ann, org, owner } = await company();
  const { page, close } = await signedIn(owner, `#/orgs/${org.id}/members`);
  await row(page, "Bob Baker").getByRole("button", { name: "Transfer ownership" }).click();
  await dialog(page).getByText("Bob Baker becomes an owner and you become an administrator").waitFor();
  await dialog(page).getByRole("button", { name: "Transfer ownership" }).click();
  await said(page, "you are an administrator");
  // An administrator does not touch the owner.
  await page.waitForFunction(() => [...document.querySelectorAll("tr")].some((row) => row.textContent?.includes("Bob Baker") && !row.querySelector("select")));
  await page.getByRole("button", { name: "Leave" }).click();
  await dialog(page).getByRole("button", { name: "Leave" }).click();
  await page.getByRole("heading", { name: "Organizations" }).waitFor();
  await assert.rejects(ann("GET", `/orgs/${org.id}`), /404/);
  await close();
});

test("members are found by search and role, page by page", async () => {
  const ann = fresh("ann");
  const owner = await api(ann);
  const { id } = await owner("POST", "/orgs", { name: "Large" });
  const operate = await operator();
  await Promise.all(Array.from({ length: 60 }, (_, n) => operate("POST", `/orgs/${id}/members`, { user_id: fresh("member"), email: `${fresh("m")}@example.com`, name: `Member ${n}`, role: n % 20 === 0 ? "administrator" : "viewer" })));
  const { page, complaints, close } = await signedIn(ann, `#/orgs/${id}/members`);
  await row(page, "Member").first().waitFor();
  const rows = () => page.getByRole("region", { name: "Members of Large" }).locator("tbody tr").count();
  assert.equal(await rows(), 50);
  await page.getByRole("button", { name: "Next" }).click();
  await until(async () => ((await rows()) === 11 ? true : undefined));
  await page.getByRole("button", { name: "Previous" }).click();
  await until(async () => ((await rows()) === 50 ? true : undefined));
  await page.getByLabel("Name or e-mail").fill("member 4");
  await until(async () => ((await rows()) === 11 ? true : undefined));
  await page.getByRole("combobox", { name: "Role", exact: true }).selectOption("administrator");
  await until(async () => ((await rows()) === 1 ? true : undefined));
  await row(page, "Member 40").waitFor();
  await page.getByLabel("Name or e-mail").fill("nobody");
  await page.getByText("Nobody is found").waitFor();
  await picture(page, "console-search-1280-light");
  await assertClean(page, complaints);
  await close();
});

test("the keyboard alone is enough", async () => {
  const ann = fresh("ann");
  const { page, close } = await openPage(browser);
  await page.goto(host.url);
  await page.waitForSelector("h1");
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  /** Presses Tab until the focus is on this. @param {string} text */
  const reach = async (text) => {
    for (let i = 0; i < 40; i++) {
      if ((await focused()) === text) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${text} cannot be reached`);
  };
  await reach("Sign in");
  await page.keyboard.press("Enter");
  await page.waitForURL(/authorize/);
  await page.locator("input[type=email]").focus();
  await page.keyboard.type(`${ann}@example.com`);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Organizations" }).waitFor();
  await reach("Create an organization");
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await page.keyboard.type("By keyboard");
  await picture(page, "console-focus-1280-light");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Members of By keyboard" }).waitFor();
  assert.equal(await focused(), "Members of By keyboard", "the heading of a new page is read out");
  await reach("Usage");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Usage" }).waitFor();
  await reach("Sign out");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await close();
});

test("the first view is there at once, small, and from here alone", async () => {
  const { page, complaints, close } = await openPage(browser);
  /** @type {string[]} */
  const elsewhere = [];
  page.on("request", (request) => new URL(request.url()).origin !== host.url && elsewhere.push(request.url()));
  await page.goto(host.url);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const sizes = await page.evaluate(() => performance.getEntries().map((entry) => /** @type {any} */ (entry).transferSize ?? 0));
  const sent = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(sent > 20_000 && sent < 150 * 1024, `${sent} bytes`);
  assert.deepEqual(elsewhere, []);
  await assertClean(page, complaints);
  await close();
});

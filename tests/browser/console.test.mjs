// The console in a browser: what people do with it.
// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  api,
  browser,
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
  said,
  signedIn,
  tab,
  title,
} from "./company.mjs";
import { assertClean, link, mail, openPage, picture, signIn, until } from "./host.mjs";
import { ANY, pattern, t } from "./texts.mjs";

fixtures();

test("two people, from sign-in to the chart of what they used", async () => {
  const [ann, bob] = [fresh("ann"), fresh("bob")];
  const one = await signedIn(ann);
  await one.page.getByTestId("orgs-empty").waitFor();
  await picture(one.page, "console-empty-1280-light");
  await assertClean(one.page, one.complaints);
  await one.page.getByTestId("create-org").click();
  await dialog(one.page).getByTestId("org-name").fill("Northwind");
  await dialog(one.page).getByTestId("org-description").fill("Wind, and where it blows");
  await picture(one.page, "console-create-1280-light");
  await assertClean(one.page, one.complaints);
  await dialog(one.page).getByTestId("dialog-confirm").click();
  await title(one.page, t.members.title("Northwind")).waitFor();
  await one.page.getByTestId("only-owner").waitFor();
  const org = one.page.url().split("/")[5];

  // Ann pastes a list. Text that is not an address stays in the field. Viewer is the default role.
  await one.page.getByTestId("invite").click();
  assert.equal(await dialog(one.page).getByTestId("invite-role").inputValue(), "viewer");
  await dialog(one.page)
    .getByTestId("invite-addresses")
    .fill(`Bob <${bob}@example.com>, nobody at all; ${fresh("cy")}@example.com`);
  await dialog(one.page)
    .getByRole("button", { name: t.invite.actionMany(3), exact: true })
    .click();
  await dialog(one.page)
    .getByTestId("invite-refused")
    .getByText(String(t.invite.refused.validation_failed))
    .waitFor();
  assert.equal(await dialog(one.page).getByTestId("invite-invited").count(), 2);
  assert.equal(
    await dialog(one.page).getByTestId("invite-addresses").inputValue(),
    "nobody at all",
  );
  await picture(one.page, "console-invited-1280-light");
  await assertClean(one.page, one.complaints);
  await dialog(one.page).getByTestId("dialog-cancel").click();
  await row(one.page, `${bob}@example.com`).getByTestId("status-pending").waitFor();
  await row(one.page, `${bob}@example.com`).getByTestId("delivery-sent").waitFor();

  // The email leads Bob to the invitation page, and from there to the console.
  const two = await openPage(browser);
  await two.page.goto(link(await mail(host.url, `${bob}@example.com`)));
  await two.page.getByTestId("sign-in").click();
  await signIn(two.page, `${bob}@example.com`);
  await two.page.getByTestId("accept").click();
  await two.page.getByTestId("continue").click();
  await two.page.getByTestId("sign-in").click();
  await signIn(two.page, `${bob}@example.com`);
  await title(two.page, t.members.title("Northwind")).waitFor();
  await two.page.locator('[data-testid="invite"][aria-disabled="true"]').waitFor();

  await one.page.reload();
  await one.page.getByTestId("sign-in").click();
  await signIn(one.page, `${ann}@example.com`);
  await row(one.page, `${bob}@example.com`)
    .getByTestId("member-role")
    .selectOption("administrator");
  await dialog(one.page).getByText(t.invite.roleHint.administrator).waitFor();
  await dialog(one.page).getByTestId("dialog-confirm").click();
  await said(one.page, pattern(t.members.changed(ANY, "administrator")));
  await two.page.evaluate(() => location.reload());
  await two.page.getByTestId("sign-in").click();
  await signIn(two.page, `${bob}@example.com`);

  // The dialog shows the budget before Bob creates a source.
  await tab(two.page, "resources");
  await two.page.getByTestId("resources-empty").waitFor();
  await two.page.getByTestId("create-resource").click();
  await dialog(two.page).getByTestId("resource-kind").selectOption("source");
  await dialog(two.page).getByTestId("resource-name").fill("Wind tables");
  await dialog(two.page).getByTestId("budget-spent").waitFor();
  await dialog(two.page)
    .getByTestId("budget-monthly")
    .filter({ hasText: t.usage.noBudget })
    .waitFor();
  await picture(two.page, "console-source-1280-light");
  await assertClean(two.page, two.complaints);
  await dialog(two.page).getByTestId("dialog-confirm").click();
  await row(two.page, "Wind tables").waitFor();

  const report = await meter();
  const now = await clock();
  await report("POST", `/orgs/${org}/usage/events`, {
    events: [
      { id: "1", timestamp: now, kind: "crawl", credits: "0.25" },
      { id: "2", timestamp: now, kind: "chat", credits: "2" },
    ],
  });
  await tab(two.page, "usage");
  await two.page
    .getByTestId("usage-total")
    .filter({ hasText: pattern(t.usage.total("2.25", "2", ANY, ANY)) })
    .waitFor();
  await two.page
    .getByRole("img", { name: t.usage.chartOf(t.usage.ranges.month, "2.25"), exact: true })
    .waitFor();
  const download = two.page.waitForEvent("download");
  await two.page.getByTestId("download-csv").click();
  const csv = readFileSync(await (await download).path(), "utf8");
  assert.ok(csv.startsWith("start,end,group,credits,events") && csv.includes("crawl,0.25,1"), csv);
  await assertClean(two.page, two.complaints);

  // Ann removes Bob, and the audit log shows every change.
  await choose(row(one.page, `${bob}@example.com`), "remove-member");
  await dialog(one.page)
    .getByText(pattern(t.members.removeDetail(ANY)))
    .waitFor();
  await picture(one.page, "console-remove-1280-light");
  await dialog(one.page).getByTestId("dialog-confirm").click();
  await said(one.page, pattern(t.members.removed(ANY)));
  await row(one.page, `${bob}@example.com`)
    .getByTestId("member-role")
    .waitFor({ state: "detached" });
  await tab(one.page, "audit");
  await one.page.getByTestId("audit-remove_member").waitFor();
  await one.page.getByTestId("audit-action").selectOption("change_role");
  const changed = one.page.getByTestId("audit-change_role");
  assert.match(
    await changed.getByTestId("audit-changes").innerText(),
    new RegExp(`${t.audit.fields.role}: ${t.role.viewer} → ${t.role.administrator}`),
  );
  await changed.locator("summary").click();
  await changed.getByText(t.audit.object(bob)).waitFor();
  await picture(one.page, "console-audit-1280-light");
  await assertClean(one.page, one.complaints);
  await tab(two.page, "members");
  await two.page.getByTestId("org-unknown").waitFor();
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
  await page.getByTestId("my-invitations").waitFor();
  await picture(page, "console-invited-me-1280-light");
  await page.getByRole("button", { name: t.mine.acceptOf("First"), exact: true }).click();
  await said(page, t.mine.joined("First"));
  await page.getByRole("link", { name: "First" }).waitFor();
  await page.getByRole("button", { name: t.mine.declineOf("Second"), exact: true }).click();
  await dialog(page).getByTestId("dialog-confirm").click();
  await page.getByTestId("my-invitations").waitFor({ state: "detached" });
  await assertClean(page, complaints);
  await close();
});

test("every page is whole on a phone and on a desk, in the light and in the dark", async () => {
  const { org, owner } = await company();
  for (const colorScheme of /** @type {("light" | "dark")[]} */ (["light", "dark"])) {
    for (const width of [360, 1280]) {
      const { page, complaints, close } = await signedIn(owner, "#/", {
        colorScheme,
        viewport: { width, height: 800 },
      });
      // Responses arrive in a different order than the requests.
      let asked = 0;
      await page.route("**/v1/**", async (route) => {
        await new Promise((done) => setTimeout(done, 200 - 50 * (asked++ % 5)));
        await route.continue();
      });
      // Counts layout shifts that no input caused.
      await page.evaluate(() => {
        /** @type {{ value: number, what: string[] }[]} */
        const moves = [];
        Object.assign(window, { moves });
        new PerformanceObserver((list) => {
          for (const { hadRecentInput, value, sources } of /** @type {any[]} */ (
            list.getEntries()
          )) {
            if (!hadRecentInput)
              moves.push({
                value,
                what: sources.map((/** @type {any} */ source) => source.node?.textContent),
              });
          }
        }).observe({ type: "layout-shift", buffered: true });
      });
      for (const [name, hash, shown] of [
        ["orgs", "#/", "org-row"],
        ["account", "#/account", "account-row"],
        ["statements", "#/statements", "statement-row"],
        ["members", `#/orgs/${org.id}/members`, "delivery-bounced"],
        ["resources", `#/orgs/${org.id}/resources`, "resource-row"],
        ["usage", `#/orgs/${org.id}/usage`, "usage-row"],
        ["settings", `#/orgs/${org.id}/settings`, "policy-owners-invite"],
        ["audit", `#/orgs/${org.id}/audit`, "audit-set_budget"],
      ]) {
        await goTo(page, String(hash));
        await page
          .locator("main")
          .getByTestId(shown ?? "")
          .first()
          .waitFor();
        await page.waitForLoadState("networkidle");
        assert.equal(
          await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          true,
          `${name} is wider than ${width}`,
        );
        const moves = await page.evaluate(
          () => /** @type {{ value: number }[]} */ (/** @type {any} */ (window).moves.splice(0)),
        );
        // web.dev's limit for a good score.
        assert.ok(
          moves.reduce((sum, { value }) => sum + value, 0) < 0.1,
          `${name} moves at ${width}: ${JSON.stringify(moves)}`,
        );
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
  const general = page.getByTestId("settings-general");
  await general.getByTestId("settings-name").fill("Acme Labs");
  await general.getByTestId("settings-creators").selectOption("owner");
  await general.getByTestId("save").click();
  await said(page, t.saved);
  assert.deepEqual(
    [
      (await ann("GET", `/orgs/${org.id}`)).name,
      (await ann("GET", `/orgs/${org.id}`)).settings.high_cost_creators,
    ],
    ["Acme Labs", "owner"],
  );

  await general.getByTestId("settings-name").fill("see https://example.com");
  await general.getByTestId("save").click();
  await general.getByRole("alert").waitFor();
  assert.equal(await general.getByTestId("settings-name").inputValue(), "see https://example.com");
  await ann("PATCH", `/orgs/${org.id}`, { name: "Acme Elsewhere" });
  await general.getByTestId("settings-name").fill("Acme Here");
  await general.getByTestId("save").click();
  await general.getByTestId("error").getByText(t.problem.staleTitle).waitFor();
  await picture(page, "console-stale-1280-light");
  await assertClean(page, complaints);
  await general.getByTestId("error-reload").click();
  await page.waitForFunction(
    () =>
      /** @type {HTMLInputElement} */ (document.querySelector("main input"))?.value ===
      "Acme Elsewhere",
  );

  const budget = page.getByTestId("settings-budget");
  await budget.getByTestId("budget-credits").fill("1e3");
  await budget.getByTestId("save").click();
  await budget.getByRole("alert").waitFor();
  await budget.getByTestId("budget-credits").fill("1000.5");
  await budget.getByTestId("save").click();
  await until(async () =>
    (await ann("GET", `/orgs/${org.id}/budget`)).monthly_credits === "1000.5" ? true : undefined,
  );

  const billing = page.getByTestId("settings-billing");
  await billing.getByTestId("billing-mode").selectOption("independent");
  await billing.getByTestId("save").click();
  await until(async () =>
    (await ann("GET", `/orgs/${org.id}/billing`)).mode === "independent" ? true : undefined,
  );

  // Switch on a ready-made policy. Then write an invalid one: the page shows the position of the error.
  const policies = page.getByTestId("settings-policies");
  await policies.getByTestId("policy-owners-invite").check();
  await policies.getByTestId("save").click();
  await until(async () =>
    (await ann("GET", `/orgs/${org.id}/policies`)).policies.includes('@id("owners-invite")')
      ? true
      : undefined,
  );
  await policies.getByTestId("policies-advanced").click();
  const text = policies.getByTestId("policies-text");
  await text.fill("forbid (principal, action, resource);\npermit (principal, action, resource);");
  await policies.getByTestId("save").click();
  await policies.getByRole("button", { name: t.policies.show(2, 1), exact: true }).click();
  assert.equal(
    await text.evaluate((area) => /** @type {HTMLTextAreaElement} */ (area).selectionStart),
    38,
  );
  await picture(page, "console-policies-1280-light");
  await assertClean(page, complaints);
  await close();
});

test("an organization is deleted after a question, and restored", async () => {
  const { ann, org, owner } = await company();
  const { page, complaints, close } = await signedIn(owner, `#/orgs/${org.id}/settings`);
  await page.getByTestId("delete-org").click();
  await dialog(page).getByText(t.settings.removeConfirm(4)).waitFor();
  await picture(page, "console-delete-1280-light");
  await assertClean(page, complaints);
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute("data-testid")),
    "delete-org",
    "the focus returns to the button that opened the dialog",
  );
  assert.equal((await ann("GET", `/orgs/${org.id}`)).status, "active");
  await page.getByTestId("delete-org").click();
  await dialog(page).getByTestId("dialog-confirm").click();
  await page.getByTestId("org-deleted").waitFor();
  await picture(page, "console-deleted-1280-light");
  await page.getByTestId("restore-org").click();
  await said(page, t.settings.restored("Acme Research"));
  assert.equal((await ann("GET", `/orgs/${org.id}`)).status, "active");
  await assertClean(page, complaints);
  await close();
});

test("ownership is handed over, and one leaves", async () => {
  const { ann, org, owner } = await company();
  const { page, close } = await signedIn(owner, `#/orgs/${org.id}/members`);
  await choose(row(page, "Bob Baker"), "transfer-ownership");
  await dialog(page).getByText(t.members.transferDetail("Bob Baker")).waitFor();
  await dialog(page).getByTestId("dialog-confirm").click();
  await said(page, t.members.transferred("Bob Baker"));
  // An administrator cannot change an owner's role.
  await page.waitForFunction(() =>
    [...document.querySelectorAll("tr")].some(
      (row) => row.textContent?.includes("Bob Baker") && !row.querySelector("select"),
    ),
  );
  await choose(page.getByTestId("member-row").filter({ hasText: "Ann Archer" }), "leave-org");
  await dialog(page).getByTestId("dialog-confirm").click();
  await title(page, t.orgs.title).waitFor();
  await assert.rejects(ann("GET", `/orgs/${org.id}`), /404/);
  await close();
});

test("members are found by search and role, page by page", async () => {
  const ann = fresh("ann");
  const owner = await api(ann);
  const { id } = await owner("POST", "/orgs", { name: "Large" });
  const operate = await operator();
  await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      operate("POST", `/orgs/${id}/members`, {
        user_id: fresh("member"),
        email: `${fresh("m")}@example.com`,
        name: `Member ${n}`,
        role: n % 20 === 0 ? "administrator" : "viewer",
      }),
    ),
  );
  const { page, complaints, close } = await signedIn(ann, `#/orgs/${id}/members`);
  await row(page, "Member").first().waitFor();
  const rows = () => page.getByTestId("members-table").locator("tbody tr").count();
  assert.equal(await rows(), 50);
  await page
    .getByTestId("member-count")
    .getByText(t.members.countByRole(61, 1, 3))
    .waitFor();
  await page.getByTestId("next-page").click();
  await until(async () => ((await rows()) === 11 ? true : undefined));
  await page.getByTestId("previous-page").click();
  await until(async () => ((await rows()) === 50 ? true : undefined));
  await page.getByTestId("member-search").fill("member 4");
  await until(async () => ((await rows()) === 11 ? true : undefined));
  await page.getByTestId("member-role-filter").selectOption("administrator");
  await until(async () => ((await rows()) === 1 ? true : undefined));
  await row(page, "Member 40").waitFor();
  await page.getByTestId("member-search").fill("nobody");
  await page.getByTestId("members-empty").waitFor();
  await picture(page, "console-search-1280-light");
  // A list with more than one page of administrators says so.
  const isOfAdministrators = (/** @type {URL} */ url) =>
    url.searchParams.get("role") === "administrator";
  await page.route(isOfAdministrators, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, next_cursor: "more" } });
  });
  await page.getByTestId("member-role-filter").selectOption("");
  await page.getByTestId("member-search").fill("member 40");
  await row(page, "Member 40").getByTestId("member-role").selectOption("viewer");
  await dialog(page).getByTestId("dialog-confirm").click();
  await page
    .getByTestId("member-count")
    .getByText(t.members.countWithMany(61, 1, 2))
    .waitFor();
  await assertClean(page, complaints);
  await close();
});

test("administrators see open holds and release them", async () => {
  const ann = fresh("ann");
  const owner = await api(ann);
  const { id } = await owner("POST", "/orgs", { name: "Northwind" });
  const budget = { monthly_credits: "100", enforce: true };
  await owner("PUT", `/orgs/${id}/budget`, budget);
  const send = await meter();
  const hold = { id: "run-7f3a", credits: "12.5", expires_in: 600 };
  await send("POST", `/orgs/${id}/holds`, hold);
  await send("POST", `/orgs/${id}/usage/events`, {
    events: [
      {
        id: "1",
        timestamp: new Date().toISOString(),
        kind: "chat",
        credits: "2",
        hold_id: "run-7f3a",
      },
    ],
  });
  const { page, complaints, close } = await signedIn(ann, `#/orgs/${id}/usage`);
  const row = page.getByTestId("hold-row");
  await row.getByText("run-7f3a").waitFor();
  assert.match(await row.innerText(), /12\.5\s+2\s/);
  assert.equal(await page.getByTestId("budget-held").innerText(), t.usage.held("10.5"));
  await picture(page, "console-holds-1280-light");
  await page.getByTestId("release-hold").click();
  await page.getByTestId("dialog-confirm").click();
  await page.getByText(t.holds.released("run-7f3a")).waitFor();
  await row.waitFor({ state: "detached" });
  await page.getByTestId("budget-held").waitFor({ state: "detached" });
  await assertClean(page, complaints);
  await close();
});

test("a statement shows what my account owes for a month, with corrections of closed months", async () => {
  const ann = fresh("ann");
  const owner = await api(ann);
  const { id } = await owner("POST", "/orgs", { name: "Northwind" });
  const send = await meter();
  await send("POST", `/orgs/${id}/usage/events`, {
    events: [{ id: "1", timestamp: new Date().toISOString(), kind: "chat", credits: "12.5" }],
  });
  const { page, complaints, close } = await signedIn(ann, "#/statements");
  const line = page.getByTestId("statement-row");
  await line.getByText("12.5").waitFor();
  assert.equal(await line.count(), 1);
  assert.match(await line.innerText(), /Northwind\s+chat/);
  await page.getByTestId("statement-state").getByText(t.statements.open).waitFor();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId("download-statement").click(),
  ]);
  assert.equal(
    readFileSync(await file.path(), "utf8"),
    `org_id,kind,adjustment_of,credits,events\n${id},chat,,12.5,1\n`,
  );
  // The month before is empty.
  const month = page.getByTestId("statement-month");
  const before = await month.locator("option").nth(1).getAttribute("value");
  await month.selectOption(before);
  await page.getByTestId("statement-empty").waitFor();
  await picture(page, "console-statement-empty-1280-light");

  // A final statement with a correction, in two pages.
  const chat = { org_id: id, kind: "chat", adjustment_of: null, credits: "20", events: 10 };
  await page.route("**/statements/**", async (route) => {
    const response = await route.fetch();
    const isSecond = route.request().url().includes("cursor=1");
    const lines = isSecond
      ? [{ ...chat, kind: "search", credits: "1", events: 4 }]
      : [chat, { ...chat, adjustment_of: "2026-01", credits: "-0.25", events: -1 }];
    const total = { credits: "20.75", events: 13 };
    const next_cursor = isSecond ? null : "1";
    const body = { ...(await response.json()), final: true, lines, total, next_cursor };
    await route.fulfill({ response, json: body });
  });
  await month.selectOption(await month.locator("option").nth(2).getAttribute("value"));
  await row(page, t.statements.adjustment("January 2026")).getByText("-0.25").waitFor();
  await page.getByTestId("statement-state").getByText(t.statements.finalDetail).waitFor();
  await page.getByTestId("statement-state").getByText(t.statements.total("20.75")).waitFor();
  await picture(page, "console-statement-1280-light");
  await page.getByTestId("next-page").click();
  await row(page, "search").waitFor();
  await page.getByTestId("previous-page").click();
  await row(page, t.statements.adjustment("January 2026")).waitFor();
  await assertClean(page, complaints);
  await close();
});

test("the keyboard alone is enough", async () => {
  const ann = fresh("ann");
  const { page, close } = await openPage(browser);
  await page.goto(host.url);
  await page.waitForSelector("h1");
  /** Presses Tab until the focus is on this. @param {string} testId */
  const reach = async (testId) => {
    for (let i = 0; i < 40; i++) {
      if (
        (await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))) === testId
      )
        return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${testId} cannot be reached`);
  };
  await reach("sign-in");
  await page.keyboard.press("Enter");
  await page.waitForURL(/authorize/);
  await page.locator("input[type=email]").focus();
  await page.keyboard.type(`${ann}@example.com`);
  await page.keyboard.press("Enter");
  await title(page, t.orgs.title).waitFor();
  await reach("create-org");
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await page.keyboard.type("By keyboard");
  await picture(page, "console-focus-1280-light");
  await page.keyboard.press("Enter");
  await title(page, t.members.title("By keyboard")).waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement?.textContent),
    t.members.title("By keyboard"),
    "the heading of a new page is read out",
  );
  await reach("tab-usage");
  await page.keyboard.press("Enter");
  await title(page, t.usage.title).waitFor();
  await reach("sign-out");
  await page.keyboard.press("Enter");
  await page.getByTestId("sign-in").waitFor();
  await close();
});

test("the first view is there at once, small, and from here alone", async () => {
  const { page, complaints, close } = await openPage(browser);
  /** @type {string[]} */
  const elsewhere = [];
  page.on(
    "request",
    (request) => new URL(request.url()).origin !== host.url && elsewhere.push(request.url()),
  );
  await page.goto(host.url);
  await page.getByTestId("sign-in").waitFor();
  const sizes = await page.evaluate(() =>
    performance.getEntries().map((entry) => /** @type {any} */ (entry).transferSize ?? 0),
  );
  const sent = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(sent > 20_000 && sent < 150 * 1024, `${sent} bytes`);
  assert.deepEqual(elsewhere, []);
  await assertClean(page, complaints);
  await close();
});

// The components in a page of another product, on another origin: with React, and as custom elements.
// @ts-check
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  api,
  browser,
  choose,
  company,
  dialog,
  fixtures,
  fresh,
  goTo,
  host,
  row,
  said,
} from "./company.mjs";
import { startProduct } from "./embedded.mjs";
import { assertClean, openPage, picture, tokenOf, until } from "./host.mjs";
import { t } from "./texts.mjs";

/** @type {Record<"react" | "elements", Awaited<ReturnType<typeof startProduct>>>} */
let products;
fixtures(async () => {
  products = {
    react: await startProduct("react.jsx"),
    elements: await startProduct("elements.js"),
  };
  return Object.values(products).flatMap(({ origin }) => ["--cors-origin", origin]);
});
after(() => {
  for (const product of Object.values(products ?? {})) product.stop();
});

/**
 * Opens a page of the product for a person.
 * @param {"react" | "elements"} kind
 * @param {string} sub
 * @param {string} orgId
 * @param {string} path the query and the name of the component, such as `?dir=rtl#members`
 * @param {import("playwright-core").BrowserContextOptions & { language?: string }} [options]
 */
async function embedded(kind, sub, orgId, path, { language = "en", ...options } = {}) {
  const product = products[kind];
  product.use({ url: host.url, token: await tokenOf(host.url, { sub }), orgId, language });
  const opened = await openPage(browser, options);
  await opened.page.goto(`${product.origin}/${path}`);
  return opened;
}

/** What shows that a component has loaded. */
const LOADED = {
  members: "delivery-bounced",
  resources: "resource-row",
  usage: "hold-row",
  settings: "policy-owners-invite",
  policies: "policy-owners-invite",
  audit: "audit-set_budget",
  account: "account-row",
  list: "org-row",
  create: "create-org",
  switcher: "org-switch",
};

test("every component is whole in a product: light, dark, on a phone and from right to left", async () => {
  const { org, owner } = await company();
  for (const [colorScheme, width, dir] of /** @type {["light" | "dark", number, string][]} */ ([
    ["light", 1280, "ltr"],
    ["dark", 360, "ltr"],
    ["light", 360, "rtl"],
  ])) {
    const { page, complaints, close } = await embedded("react", owner, org.id, `?dir=${dir}#can`, {
      colorScheme,
      viewport: { width, height: 800 },
    });
    for (const [name, shown] of Object.entries(LOADED)) {
      await goTo(page, `#${name}`);
      await page.getByTestId(shown).first().waitFor();
      await page.waitForLoadState("networkidle");
      assert.equal(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        true,
        `${name} is wider than ${width}`,
      );
      await picture(page, `component-${name}-${width}-${colorScheme}-${dir}`);
      await assertClean(page, complaints);
    }
    await close();
  }
});

test("German is complete: no English is left on any page", async () => {
  const { org, owner } = await company();
  const { page, complaints, close } = await embedded("react", owner, org.id, "#can", {
    language: "de",
    locale: "de-DE",
  });
  for (const [name, shown] of Object.entries(LOADED)) {
    await goTo(page, `#${name}`);
    await page.getByTestId(shown).first().waitFor();
    await page.waitForLoadState("networkidle");
    const text = await page.locator("main").innerText();
    for (const english of [t.save, t.members.joined, t.orgs.role, t.usage.total("", "", "", "")])
      assert.ok(!text.split("\n").includes(english), `${english} on ${name}`);
    await picture(page, `component-${name}-1280-german`);
    await assertClean(page, complaints);
  }
  await close();
});

test("a component says what is denied and why, before and after it is tried", async () => {
  const { ann, org, viewer } = await company();
  const { page, complaints, close } = await embedded("react", viewer, org.id, "#can");
  await page.getByText(`No: ${t.denied.needs("administrator")}`).waitFor();
  await page
    .getByTestId("delete")
    .filter({ hasText: t.denied.needs("owner") })
    .waitFor();
  await assertClean(page, complaints);
  await ann("PATCH", `/orgs/${org.id}/members/${viewer}`, { role: "administrator" });
  await page.reload();
  await page.getByText("You can create resources").waitFor();
  await close();
});

test("what a person does in a component, the product is told", async () => {
  const { ann, org, owner, viewer } = await company();
  const other = await ann("POST", "/orgs", { name: "Other" });
  /** @param {import("playwright-core").Page} page @param {string} what */
  const happened = (page, what) => page.getByTestId("happened").filter({ hasText: what }).waitFor();

  const one = await embedded("react", owner, org.id, "#switcher");
  await one.page.getByTestId("org-switch").click();
  await picture(one.page, "component-switcher-open-1280-light");
  await assertClean(one.page, one.complaints);
  await one.page.getByRole("menuitem", { name: "Other" }).click();
  await one.page.getByTestId("shown").filter({ hasText: other.id }).waitFor();
  await one.close();

  const two = await embedded("react", owner, org.id, "#create");
  await two.page.getByTestId("create-org").click();
  await dialog(two.page).getByTestId("org-name").fill("Third");
  await dialog(two.page).getByTestId("dialog-confirm").click();
  await happened(two.page, "created Third");
  await said(two.page, t.orgs.created("Third"));
  assert.equal(await two.page.getByTestId("submits").innerText(), "0", "the page's form stays");
  await two.close();

  const three = await embedded("react", viewer, org.id, "#members");
  await choose(row(three.page, `${viewer}@example.com`), "leave-org");
  await dialog(three.page).getByTestId("dialog-confirm").click();
  await happened(three.page, "left");
  await three.page.getByTestId("org-unknown").waitFor();
  await assertClean(three.page, three.complaints);
  await three.close();

  const guest = fresh("gil");
  await ann("POST", `/orgs/${org.id}/invitations`, { email: `${guest}@example.com` });
  const four = await embedded("react", guest, org.id, "#invitations");
  await four.page.getByTestId("accept-invitation").click();
  await happened(four.page, `joined ${org.id}`);
  await four.close();
});

test("the keyboard alone opens menus and dialogs, and the focus returns", async () => {
  const { org, owner } = await company();
  const { page, close } = await embedded("react", owner, org.id, "#members");
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? null);
  const menu = row(page, "Bob Baker").getByTestId("member-menu");
  await menu.waitFor();
  await menu.focus();
  await page.keyboard.press("Enter");
  await until(async () => ((await focused()) === "transfer-ownership" ? true : undefined));
  await page.keyboard.press("ArrowDown");
  await until(async () => ((await focused()) === "remove-member" ? true : undefined));
  // The entry does nothing until its access is known.
  await page.locator("[data-testid=remove-member]:not([aria-disabled=true])").waitFor();
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  // A dangerous dialog starts at its harmless button, and Tab stays inside.
  await until(async () => ((await focused()) === "dialog-cancel" ? true : undefined));
  for (let tabs = 0; tabs < 5; tabs++) {
    await page.keyboard.press("Tab");
    assert.ok(
      await page.evaluate(
        () =>
          document.activeElement === document.body ||
          document.activeElement?.closest("[role=dialog]") !== null,
      ),
      "the focus left the dialog",
    );
  }
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await until(async () => ((await focused()) === "member-menu" ? true : undefined));
  await close();
});

test("custom elements do the same without React, and tell it by events", async () => {
  const { ann, org, owner, viewer } = await company();
  const { page, complaints, close } = await embedded("elements", owner, org.id, "#org-members");
  await row(page, "Bob Baker").getByTestId("member-role").selectOption("viewer");
  await dialog(page).getByTestId("dialog-confirm").click();
  await said(page, /Bob Baker/);
  await picture(page, "element-members-1280-light");
  await assertClean(page, complaints);
  // Another organization: the element shows it at once, and nothing of the one before.
  const other = await ann("POST", "/orgs", { name: "Other" });
  await page.locator("org-members").evaluate((element, id) => {
    element.setAttribute("org-id", id);
  }, other.id);
  await row(page, "Bob Baker").waitFor({ state: "detached" });
  await row(page, "Ann Archer").waitFor();
  // An element that moves keeps what was typed; one that is removed is gone.
  await page.getByTestId("member-search").fill("Ann");
  await page.locator("org-members").evaluate((element) => document.body.append(element));
  assert.equal(await page.getByTestId("member-search").inputValue(), "Ann");
  await page.locator("org-members").evaluate((element) => element.remove());
  await page.getByTestId("members-table").waitFor({ state: "detached" });
  await close();

  // Two elements share their data, and have no id in common.
  const two = await embedded("elements", owner, org.id, "#org-list");
  await two.page.getByTestId("org-row").first().waitFor();
  await two.page.evaluate(() =>
    document.getElementById("app")?.append(document.createElement("org-switcher")),
  );
  await two.page.getByTestId("create-org").click();
  await dialog(two.page).getByTestId("org-name").fill("Shared");
  await dialog(two.page).getByTestId("dialog-confirm").click();
  await two.page.getByTestId("org-switch").click();
  await two.page.getByRole("menuitem", { name: "Shared" }).waitFor();
  const ids = await two.page.evaluate(() =>
    [...document.querySelectorAll("[id]")].map(({ id }) => id),
  );
  assert.equal(new Set(ids).size, ids.length, ids.join(" "));
  await two.close();

  const usage = await embedded("elements", owner, org.id, "#org-usage");
  await usage.page.getByTestId("usage-chart").waitFor();
  await assertClean(usage.page, usage.complaints);
  await usage.close();

  const leaving = await embedded("elements", viewer, org.id, "#org-members");
  await choose(row(leaving.page, `${viewer}@example.com`), "leave-org");
  await dialog(leaving.page).getByTestId("dialog-confirm").click();
  await leaving.page.waitForFunction((id) => document.body.dataset.orgLeave === id, org.id);
  await leaving.close();
});

test("the next person sees nothing of the one before, and no organization gets what was typed for another", async () => {
  const { ann, org, owner } = await company();
  const guest = fresh("gil");
  await api(guest);
  const one = await embedded("react", owner, org.id, "#list");
  await row(one.page, "Acme Research").waitFor();
  const token = await tokenOf(host.url, { sub: guest });
  await one.page.evaluate(
    (token) => dispatchEvent(new CustomEvent("person", { detail: token })),
    token,
  );
  await one.page.getByTestId("orgs-empty").waitFor();
  assert.equal(await row(one.page, "Acme Research").count(), 0);
  // The list of the next person is loaded again after a change, and their rejected token is reported.
  await one.page.getByTestId("create-org").click();
  await dialog(one.page).getByTestId("org-name").fill("Of the guest");
  await dialog(one.page).getByTestId("dialog-confirm").click();
  await row(one.page, "Of the guest").waitFor();
  await one.page.evaluate(() =>
    dispatchEvent(new CustomEvent("person", { detail: "no.valid.token" })),
  );
  await one.page.getByTestId("error").first().waitFor();
  await one.page.getByTestId("happened").filter({ hasText: "unauthorized" }).waitFor();
  await one.close();

  // From one organization to another and back: the form is that of the organization that is shown.
  const other = await ann("POST", "/orgs", { name: "Other" });
  await ann("PUT", `/orgs/${other.id}/budget`, { monthly_credits: "999" });
  const two = await embedded("react", owner, org.id, "#settings");
  const credits = two.page.getByTestId("budget-credits");
  /** @param {string} orgId @param {string} amount */
  const shows = async (orgId, amount) => {
    await two.page.evaluate((id) => dispatchEvent(new CustomEvent("org", { detail: id })), orgId);
    await until(async () =>
      (await credits.inputValue({ timeout: 2_000 }).catch(() => "")) === amount ? true : undefined,
    );
  };
  await shows(org.id, "400");
  await credits.fill("401");
  await shows(other.id, "999");
  await shows(org.id, "400");
  await assertClean(two.page, two.complaints);
  await two.close();
});

test("what users call themselves changes no page", async () => {
  const { ann, org, owner } = await company();
  for (const name of ["__proto__", "constructor"]) {
    await ann("POST", `/orgs/${org.id}/resources`, { kind: "agent", name });
    await ann("PATCH", `/orgs/${org.id}`, { description: name });
  }
  const { page, complaints, close } = await embedded("react", owner, org.id, "#audit");
  await page.getByTestId("audit-create_resource").first().waitFor();
  await page.getByTestId("audit-changes").getByText("constructor").first().waitFor();
  assert.equal(await page.getByTestId("crashed").count(), 0);
  assert.deepEqual(
    await page.evaluate(() =>
      Object.getOwnPropertyNames(Object.prototype).filter((one) => one.length < 4),
    ),
    [],
  );
  await assertClean(page, complaints);
  await close();
});

test("a product is told that its token was rejected, and nobody sees another person's data", async () => {
  const { org } = await company();
  const stranger = fresh("eve");
  await api(stranger);
  const { page, complaints, close } = await embedded("react", stranger, org.id, "#members");
  await page.getByTestId("org-unknown").waitFor();
  await assertClean(page, complaints);
  await close();
});

// The sample product, from the first sign-up to the budget that stops an agent.
// @ts-check
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  link,
  mail,
  openPage,
  picture,
  serious,
  startBrowser,
  startHost,
  state,
  until,
} from "./host.mjs";
import { t } from "./texts.mjs";

const folder = fileURLToPath(new URL("../../clients/examples/acme", import.meta.url));

/** @type {Awaited<ReturnType<typeof startHost>>} */
let host;
/** @type {import("playwright-core").Browser} */
let browser;
const server = createServer();
/** The address of the product. */
let url = "";
/** @type {{ handle: import("node:http").RequestListener, close: () => Promise<void> }} */
let acme;

before(async () => {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: folder, stdio: "inherit" });
  await new Promise((resolve) => server.listen(0, "localhost", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  url = `http://localhost:${port}`;
  // The tokens have the system's time.
  host = await startHost(
    {
      OIDC_ISSUER: `${url}/oidc`,
      SERVICE_CLIENTS: "acme-server",
      APP_URL: `${url}/`,
      PRODUCT_NAME: "Acme",
    },
    ["--audience", "urn:acme:api", "--audience", "organizations", "--cors-origin", url],
    "system",
  );
  const { createAcme } = await import(`${folder}/server/acme.js`);
  acme = createAcme({ url, organizationsUrl: host.url, stepMilliseconds: 0 });
  server.on("request", acme.handle);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
  await acme?.close();
  host?.stop();
});

/** Signs in on the page of Acme's identity provider. @param {import("playwright-core").Page} page @param {string} email @param {string} name */
async function signIn(page, email, name) {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Sign in or sign up" }).click();
}

/** Opens Acme as a new person. @param {string} email @param {string} name */
async function signUp(email, name) {
  const opened = await openPage(browser);
  await opened.page.goto(url);
  await opened.page.getByRole("button", { name: "Sign in or sign up" }).click();
  await opened.page.waitForURL(/\/sign-in\//);
  await signIn(opened.page, email, name);
  await opened.page.getByText(name, { exact: true }).waitFor();
  return opened;
}

/** @param {import("playwright-core").Page} page @param {string} name */
const section = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** A token of a page. @param {import("playwright-core").Page} page @param {"access_token" | "id_token"} kind */
const tokenOf = (page, kind) =>
  page.evaluate((kind) => {
    const [user] = Object.keys(sessionStorage).filter((name) => name.startsWith("oidc.user:"));
    return JSON.parse(sessionStorage.getItem(user ?? "") ?? "{}")[kind];
  }, kind);

/** Calls Acme's API, or the API of Organizations, with the token of a page. @param {import("playwright-core").Page} page @param {string} method @param {string} address @param {unknown} [body] */
async function call(page, method, address, body) {
  const token = await tokenOf(page, "access_token");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(address, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

test("a team signs up, is denied with a reason, and runs an agent until the budget stops it", async () => {
  // Ann signs up, creates an organization and an agent, and sets a budget.
  const ann = await signUp("ann@example.com", "Ann Archer");
  await ann.page.getByTestId("create-org").click();
  await ann.page.getByTestId("org-name").fill("Acme Research");
  await ann.page.getByTestId("dialog-confirm").click();
  await ann.page.getByLabel("New agent").fill("Market research");
  await ann.page.getByRole("button", { name: "Create", exact: true }).click();
  const agent = ann.page.getByRole("region", { name: "Market research" });
  await agent.getByLabel("Instructions").fill("Read the annual reports of our competitors.");
  await agent.getByRole("button", { name: "Save" }).click();
  await agent.getByText("Saved.").waitFor();
  await section(ann.page, "Settings");
  await ann.page.getByTestId("budget-credits").fill("9");
  await ann.page.getByTestId("budget-enforce").check();
  await ann.page.getByTestId("settings-budget").getByTestId("save").click();
  await ann.page.getByText(t.saved).waitFor();

  // She invites Bob, who accepts with the link in his mail.
  await section(ann.page, "Members");
  await ann.page.getByTestId("invite").click();
  await ann.page.getByTestId("invite-addresses").fill("bob@example.com");
  await ann.page.getByTestId("dialog-confirm").click();
  await ann.page.getByTestId("invitations-table").getByText("bob@example.com").waitFor();
  const bob = await openPage(browser);
  await bob.page.goto(link(await mail(host.url, "bob@example.com")));
  await state(bob.page, "offer");
  await bob.page.getByTestId("sign-in").click();
  await bob.page.waitForURL(/\/sign-in\//);
  await picture(bob.page, "acme-sign-in");
  assert.deepEqual(await serious(bob.page), []);
  await signIn(bob.page, "bob@example.com", "Bob Baker");
  await state(bob.page, "answer");
  await bob.page.getByTestId("accept").click();
  await state(bob.page, "accepted-now");
  await bob.page.getByTestId("continue").click();

  // He is signed in already. As a viewer, he cannot change the instructions, and reads why.
  const his = bob.page.getByRole("region", { name: "Market research" });
  await his.getByText(t.denied.needs("administrator")).waitFor();
  assert.ok(await his.getByRole("button", { name: "Save" }).isDisabled());
  await until(async () => {
    const text = await his.getByLabel("Instructions").inputValue();
    return text === "Read the annual reports of our competitors." || undefined;
  });
  await picture(bob.page, "acme-denied");
  assert.deepEqual(await serious(bob.page), []);
  const orgId = new URL(bob.page.url()).searchParams.get("org_id");
  const {
    body: { data: agents },
  } = await call(bob.page, "GET", `${host.url}/v1/orgs/${orgId}/resources`);
  const its = `${url}/api/orgs/${orgId}/agents/${agents[0].id}`;
  const denied = await call(bob.page, "PUT", its, { instructions: "Mine" });
  assert.deepEqual(
    [denied.status, denied.body.code, denied.body.required_role],
    [403, "missing_permission", "administrator"],
  );

  // Ann promotes him.
  await ann.page.reload();
  await section(ann.page, "Members");
  await ann.page
    .locator("tr", { hasText: "Bob Baker" })
    .getByTestId("member-role")
    .selectOption("administrator");
  await ann.page.getByTestId("dialog-confirm").click();
  await ann.page.getByText(t.members.changed("Bob Baker", "administrator")).waitFor();
  await bob.page.reload();
  await his.getByLabel("Instructions").fill("Compare the prices.");
  await his.getByRole("button", { name: "Save" }).click();
  await his.getByText("Saved.").waitFor();

  // He runs the agent: four steps of two credits fit into the budget of nine.
  await his.getByRole("button", { name: "Run" }).click();
  await his.getByText(/^Stopped: .*enforced budget/).waitFor();
  assert.equal(await his.getByText("2 credits").count(), 4);
  await picture(bob.page, "acme-stopped");
  assert.deepEqual(await serious(bob.page), []);
  const again = await call(bob.page, "POST", `${its}/runs`);
  assert.deepEqual([again.status, again.body.code], [403, "budget_exceeded"]);
  const usage = await call(ann.page, "GET", `${host.url}/v1/orgs/${orgId}/usage?group_by=member`);
  assert.deepEqual(
    usage.body.data.map((/** @type {any} */ row) => [row.credits, row.events]),
    [["8", 4]],
  );
  await section(ann.page, "Usage");
  await ann.page.getByTestId("usage-table").waitFor();
  await picture(ann.page, "acme-usage");

  // An ID token is not for Acme's API.
  const authorization = `Bearer ${await tokenOf(bob.page, "id_token")}`;
  assert.equal((await fetch(its, { headers: { authorization } })).status, 401);

  // To somebody else, neither the organization nor the agent exists.
  const eve = await signUp("eve@example.com", "Eve");
  for (const { method = "GET", address = its, body = undefined } of [
    {},
    { method: "PUT", body: { instructions: "Hers" } },
    { method: "POST", address: `${its}/runs` },
    { address: `${url}/api/orgs/x/agents/y` },
  ])
    assert.deepEqual(
      await call(eve.page, method, address, body),
      { status: 404, body: { code: "not_found", detail: "There is no such agent." } },
      `${method} ${address}`,
    );
  assert.equal((await fetch(its)).status, 401);
  for (const one of [ann, bob, eve]) {
    assert.deepEqual(one.complaints, []);
    await one.close();
  }
});

test("a run stops when its usage cannot be recorded, when the person leaves, and when others hold the budget", async () => {
  const { runAgent } = await import(`${folder}/server/agent.js`);
  const { createOrganizations } = await import(`${folder}/server/organizations.js`);
  /** What the API of Organizations answers to a batch of usage. @type {{ status: number, result: string }} */
  let usage = { status: 200, result: "accepted" };
  /** Called for each batch. */
  let onUsage = () => {};
  let isHeld = false;
  const stub = createServer(async (request, response) => {
    const bytes = Buffer.concat(await request.toArray());
    if (request.method === "DELETE") {
      response.statusCode = 204;
      return response.end();
    }
    const body = JSON.parse(bytes.toString());
    response.setHeader("content-type", "application/json");
    if (request.url?.endsWith("/holds")) {
      response.statusCode = isHeld ? 403 : 201;
      const denied = {
        code: "budget_held",
        detail: "other holds reserve the credits",
        status: 403,
      };
      if (isHeld) response.setHeader("content-type", "application/problem+json");
      return response.end(JSON.stringify(isHeld ? denied : { id: body.id }));
    }
    if (request.url?.endsWith("/access")) {
      const result = { decision: "allow", code: null, detail: null, policies: [] };
      return response.end(JSON.stringify({ results: [{ ...result, required_role: null }] }));
    }
    onUsage();
    response.statusCode = usage.status;
    const { id } = body.events[0];
    response.end(JSON.stringify({ results: [{ id, status: usage.result }] }));
  });
  await new Promise((resolve) => stub.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (stub.address());
  const organizations = createOrganizations({
    url: `http://127.0.0.1:${port}`,
    getToken: async () => "token",
  });
  async function run(signal = new AbortController().signal) {
    const ids = { orgId: "org_1", agentId: "res_1", personId: "ann" };
    const lines = [];
    for await (const line of runAgent({ ...ids, organizations, stepMilliseconds: 0, signal }))
      lines.push(line);
    return lines;
  }
  try {
    assert.deepEqual((await run()).slice(5), [
      { step: "Writing the answer", credits: "2" },
      { done: true },
    ]);
    let steps = 0;
    const leaving = new AbortController();
    onUsage = () => {
      steps += 1;
      if (steps === 2) leaving.abort();
    };
    assert.equal((await run(leaving.signal)).length, 2);
    onUsage = () => {};
    for (usage of [
      { status: 200, result: "invalid" },
      { status: 500, result: "" },
    ])
      assert.deepEqual(
        (await run()).map(({ step, refusal }) => step ?? refusal.code),
        ["Searching the sources", "usage_not_recorded"],
      );
    isHeld = true;
    assert.deepEqual(
      (await run()).map(({ refusal }) => refusal.code),
      ["budget_held"],
    );
    // What was not sent counts later.
    usage = { status: 200, result: "accepted" };
    await organizations.close();
  } finally {
    stub.closeAllConnections();
    stub.close();
  }
});

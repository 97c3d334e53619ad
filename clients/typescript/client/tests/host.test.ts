// Runs against the local host. Without ORGS_URL these tests are skipped.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createClient, ifMatch, isProblem, UsageRecorder } from "@organizations/client";
import { person, token, url } from "./host.js";

const skip = url ? false : "set ORGS_URL to the URL of a local host: cargo run";
const unique = (): string => Math.random().toString(36).slice(2);

test("an organization is created, changed with its version, and deleted", { skip }, async () => {
  const ann = await person(`ann-${unique()}`);
  const org = await ann.post("/v1/orgs", { body: { name: "Acme" } });
  const path = { org_id: org.id };
  const renamed = await ann.patch("/v1/orgs/{org_id}", {
    params: { path, header: ifMatch(org.version) },
    body: { name: "Acme Europe" },
  });
  assert.deepEqual([renamed.name, renamed.version], ["Acme Europe", 2]);
  await assert.rejects(
    ann.patch("/v1/orgs/{org_id}", {
      params: { path, header: ifMatch(org.version) },
      body: { name: "Late" },
    }),
    (error) => isProblem(error, "version_mismatch"),
  );
  assert.equal(await ann.delete("/v1/orgs/{org_id}", { params: { path } }), undefined);
});

test("an outsider gets 404, and a denied member gets the reason", { skip }, async () => {
  const [ann, eve] = [await person(`ann-${unique()}`), await person(`eve-${unique()}`)];
  const org = await ann.post("/v1/orgs", { body: { name: "Acme" } });
  const get = eve.get("/v1/orgs/{org_id}", { params: { path: { org_id: org.id } } });
  await assert.rejects(get, (error) => isProblem(error, "org_not_found"));
  const [use, invite] = await Promise.all([
    ann.can(org.id, { action: "use_resource", resource_id: `res_${"0".repeat(32)}` }),
    ann.can(org.id, { action: "invite_member", role: "owner" }),
  ]);
  assert.deepEqual([use.decision, use.code], ["deny", "resource_not_found"]);
  assert.equal(invite.decision, "allow");
});

test("a list returns the items of all pages", { skip }, async () => {
  const ann = await person(`ann-${unique()}`);
  const org = await ann.post("/v1/orgs", { body: { name: "Acme" } });
  const path = { org_id: org.id };
  for (const name of ["a", "b", "c"])
    await ann.post("/v1/orgs/{org_id}/resources", {
      params: { path },
      body: { kind: "agent", name },
    });
  const names: string[] = [];
  for await (const resource of ann.list("/v1/orgs/{org_id}/resources", {
    params: { path, query: { limit: 2 } },
  }))
    names.push(resource.name);
  assert.deepEqual(names.sort(), ["a", "b", "c"]);
});

test("each recorded event counts once, also when it is sent twice", { skip }, async () => {
  const ann = await person(`ann-${unique()}`);
  const org = await ann.post("/v1/orgs", { body: { name: "Acme" } });
  const service = await token({ sub: "meter", scope: "usage:write" });
  let lost = 0;
  const client = createClient({
    url,
    getToken: () => service,
    retry: { backoffMilliseconds: 1 },
    fetch: async (request, init) => {
      const response = await fetch(request, init);
      if (lost++ > 0) return response;
      throw new TypeError("the response was lost");
    },
  });
  const usage = new UsageRecorder({
    client,
    onRejected: (event) => assert.fail(event.reason),
  });
  for (let index = 0; index < 20; index++)
    await usage.record(org.id, { kind: "chat.completion", credits: "0.25" });
  await usage.close();
  assert.ok(lost > 1);
  const { total } = await ann.get("/v1/orgs/{org_id}/usage", {
    params: {
      path: { org_id: org.id },
      query: { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() },
    },
  });
  assert.deepEqual(total, { credits: "5", events: 20 });
});

test("the examples of README.md compile and run in their order", { skip }, async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? "");
  assert.ok(examples.length >= 5);
  const owner = `ann-${unique()}`;
  const tokens = {
    person: await token({ sub: owner, email: `${owner}@example.com`, email_verified: true }),
    service: await token({ sub: "meter", scope: "usage:write" }),
  };
  const folder = new URL("../tests/", import.meta.url).pathname;
  const source = join(folder, "readme.example.ts");
  // The imports of all examples come first, because each example continues the previous one.
  const lines = examples.join("\n").split("\n");
  const isImport = (line: string): boolean => line.startsWith("import ");
  writeFileSync(
    source,
    [
      ...lines.filter(isImport),
      'const auth = { getAccessToken: async (): Promise<string> => process.env.PERSON ?? "" };',
      'const tokens = { service: async (): Promise<string> => process.env.SERVICE ?? "" };',
      ...lines.filter((line) => !isImport(line)),
    ]
      .join("\n")
      .replaceAll("https://orgs.example.com", url),
  );
  const cwd = mkdtempSync(join(tmpdir(), "readme-"));
  try {
    const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "--project", folder], { stdio: "inherit" });
    execFileSync(process.execPath, [new URL("readme.example.js", import.meta.url).pathname], {
      cwd,
      env: { ...process.env, PERSON: tokens.person, SERVICE: tokens.service },
      stdio: "inherit",
    });
  } finally {
    rmSync(source);
    rmSync(cwd, { recursive: true });
  }
});

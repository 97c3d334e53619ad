import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import {
  type ClientOptions,
  createClient,
  ifMatch,
  isProblem,
  withHold,
} from "@organizations/client";
import { problem, type Received, type Reply, stub, until } from "./stub.js";

async function served(
  t: TestContext,
  reply: (received: Received, count: number) => Reply,
  options: Partial<ClientOptions> = {},
) {
  const { url, received, close } = await stub(reply);
  t.after(close);
  const retry = { backoffMilliseconds: 1, ...options.retry };
  return { client: createClient({ url, getToken: () => "token-1", ...options, retry }), received };
}

const ORG = { id: "org_1", name: "Acme", version: 1 };
const path = { org_id: "org_1" };

test("a request has the token, and its response is the body", async (t) => {
  const { client, received } = await served(t, () => ({ status: 200, body: ORG }));
  const org = await client.get("/v1/orgs/{org_id}", { params: { path } });
  assert.equal(org.name, "Acme");
  assert.equal(received[0]?.path, "/v1/orgs/org_1");
  assert.equal(received[0]?.headers.authorization, "Bearer token-1");
  assert.equal(received[0]?.headers["idempotency-key"], undefined);
});

test("an error response is thrown with its code, and the type guard takes codes", async (t) => {
  const { client } = await served(t, () => problem(409, "last_owner"));
  const error = await client
    .delete("/v1/orgs/{org_id}/members/{user_id}", {
      params: { path: { ...path, user_id: "a/b" } },
    })
    .catch((error: unknown) => error);
  assert.equal(isProblem(error, "org_not_found"), false);
  assert.ok(isProblem(error, "last_owner"));
  assert.deepEqual([error.status, error.code, error.requestId], [409, "last_owner", "r1"]);
});

test("a response without content can have a body, as in Chromium", async () => {
  let requests = 0;
  const client = createClient({
    url: "https://example.com",
    fetch: async () => {
      requests += 1;
      const response = new Response(null, { status: 204 });
      return Object.defineProperty(response, "body", { value: new ReadableStream() });
    },
  });
  const init = { params: { path: { ...path, user_id: "u1" } } };
  assert.equal(await client.delete("/v1/orgs/{org_id}/members/{user_id}", init), undefined);
  assert.equal(requests, 1);
});

test("a report is CSV, and another content type is an error", async (t) => {
  const csv = "start,end,group,credits,events\n";
  const { client, received } = await served(t, (_, count) => ({
    status: 200,
    body: csv,
    headers: { "content-type": count === 1 ? "text/csv; charset=utf-8" : "text/html" },
  }));
  const init = { params: { path, query: { group_by: "kind" as const } } };
  assert.equal(await client.csv("/v1/orgs/{org_id}/usage", init), csv);
  assert.equal(received[0]?.headers.accept, "text/csv");
  assert.equal(received[0]?.path, "/v1/orgs/org_1/usage?group_by=kind");
  const error = await client.csv("/v1/orgs/{org_id}/usage", init).catch((error: unknown) => error);
  assert.ok(isProblem(error, "gateway_error"));
});

test("all pages of a report are one CSV, and the pages of a statement are of one version", async (t) => {
  let version = "a";
  const { client, received } = await served(t, ({ path }) => {
    const isFirst = !path.includes("cursor");
    return {
      status: 200,
      body: isFirst ? "head\n1\n" : "2\n",
      headers: {
        "content-type": "text/csv",
        etag: `"${version === "new" ? received.length : version}"`,
        ...(isFirst && { link: `</v1/x?window=day&to=2026%3A1&cursor=x%3D>; rel="next"` }),
      },
    };
  });
  const init = { params: { path, query: { window: "day" as const } } };
  assert.equal(await client.csv("/v1/orgs/{org_id}/usage", init), "head\n1\n2\n");
  assert.equal(received[1]?.path, "/v1/orgs/org_1/usage?window=day&to=2026%3A1&cursor=x%3D");
  version = "new";
  await assert.rejects(client.csv("/v1/orgs/{org_id}/usage", init), /changes while it is read/);
  assert.equal(received.length, 8);
});

test("a path parameter is encoded", async (t) => {
  const { client, received } = await served(t, () => ({ status: 200, body: {} }));
  await client.get("/v1/orgs/{org_id}/members/{user_id}", {
    params: { path: { ...path, user_id: "auth0|a/b" } },
  });
  assert.equal(received[0]?.path, "/v1/orgs/org_1/members/auth0%7Ca%2Fb");
});

test("a path parameter that would change the path is rejected", async (t) => {
  const { client, received } = await served(t, () => ({ status: 204 }));
  for (const user_id of ["", ".", ".."])
    await assert.rejects(
      client.delete("/v1/orgs/{org_id}/members/{user_id}", {
        params: { path: { ...path, user_id } },
      }),
      /the path parameter `user_id`/,
    );
  assert.equal(received.length, 0);
});

test("an abort ends a request that waits for its token", async () => {
  const client = createClient({ url: "http://127.0.0.1:9", getToken: () => new Promise(() => {}) });
  const controller = new AbortController();
  const get = client.get("/v1/me", { signal: controller.signal });
  controller.abort(new Error("left the page"));
  await assert.rejects(get, /left the page/);
});

test("a write is repeated with the same key and body until it succeeds", async (t) => {
  const { client, received } = await served(t, (_, count) =>
    count === 1
      ? problem(503, "contention", { "retry-after": "0" })
      : count === 2
        ? null
        : { status: 201, body: ORG },
  );
  await client.post("/v1/orgs", { body: { name: "Acme" } });
  assert.equal(received.length, 3);
  const keys = new Set(received.map(({ headers }) => headers["idempotency-key"]));
  assert.equal(keys.size, 1);
  assert.match([...keys][0] as string, /^[0-9a-f]{32}$/);
  for (const { body } of received) assert.deepEqual(body, { name: "Acme" });
  await client.post("/v1/orgs", { body: { name: "Acme" } });
  assert.notEqual(received[3]?.headers["idempotency-key"], received[2]?.headers["idempotency-key"]);
});

test("a key of your own is kept", async (t) => {
  const { client, received } = await served(t, () => ({ status: 201, body: ORG }));
  await client.post("/v1/orgs", {
    params: { header: { "Idempotency-Key": "mine" } },
    body: { name: "Acme" },
  });
  assert.equal(received[0]?.headers["idempotency-key"], "mine");
});

test("the last attempt's error is thrown, and a client error is not repeated", async (t) => {
  const { client, received } = await served(t, () => problem(500, "internal_error"));
  await assert.rejects(client.get("/v1/me"), (error) => isProblem(error, "internal_error"));
  assert.equal(received.length, 3);
  const other = await served(t, () => problem(422, "validation_failed"));
  await assert.rejects(other.client.post("/v1/orgs", { body: { name: "" } }), (error) =>
    isProblem(error, "validation_failed"),
  );
  assert.equal(other.received.length, 1);
});

test("without a response, the error of fetch is thrown after the last attempt", async (t) => {
  const { client, received } = await served(t, () => null, { retry: { attempts: 2 } });
  await assert.rejects(client.get("/v1/me"), TypeError);
  assert.equal(received.length, 2);
});

test("a request is not repeated if Retry-After is longer than the longest wait", async (t) => {
  const { client, received } = await served(t, () =>
    problem(429, "rate_limited", { "retry-after": "3600" }),
  );
  await assert.rejects(client.get("/v1/me"), (error) => isProblem(error, "rate_limited"));
  assert.equal(received.length, 1);
});

test("bulk invitations are repeated after 429 only", async (t) => {
  const invite = { params: { path }, body: { invitations: [{ email: "bob@example.com" }] } };
  const failing = await served(t, () => problem(503, "contention"));
  await assert.rejects(failing.client.post("/v1/orgs/{org_id}/invitations/bulk", invite));
  assert.equal(failing.received.length, 1);
  const limited = await served(t, (_, count) =>
    count === 1
      ? { status: 429, body: { message: "Too Many Requests" } }
      : { status: 200, body: { results: [] } },
  );
  assert.deepEqual(await limited.client.post("/v1/orgs/{org_id}/invitations/bulk", invite), {
    results: [],
  });
});

test("an attempt without a response times out and is repeated", async (t) => {
  const { client, received } = await served(
    t,
    (_, count) => (count === 1 ? "hang" : { status: 200, body: ORG }),
    {
      retry: { timeoutMilliseconds: 1_000 },
    },
  );
  await client.get("/v1/orgs/{org_id}", { params: { path } });
  assert.equal(received.length, 2);
});

test("an aborted request rejects with the signal's reason, also during a wait", async (t) => {
  const controller = new AbortController();
  const { client, received } = await served(
    t,
    () => {
      setTimeout(() => controller.abort(new Error("left the page")), 1);
      return problem(503, "contention");
    },
    { retry: { backoffMilliseconds: 8_000 } },
  );
  await assert.rejects(client.get("/v1/me", { signal: controller.signal }), /left the page/);
  assert.equal(received.length, 1);
});

test("after 401 the request is sent once more with another token", async (t) => {
  const asked: (string | undefined)[] = [];
  const { client, received } = await served(
    t,
    ({ headers }) =>
      headers.authorization === "Bearer new"
        ? { status: 200, body: ORG }
        : { status: 401, body: { message: "Unauthorized" } },
    {
      getToken: (rejected) => {
        asked.push(rejected);
        return rejected ? "new" : "old";
      },
    },
  );
  await client.patch("/v1/orgs/{org_id}", {
    params: { path, header: ifMatch(3) },
    body: { name: "B" },
  });
  assert.deepEqual(asked, [undefined, "old"]);
  assert.deepEqual(
    received.map(({ headers }) => headers["if-match"]),
    ['"3"', '"3"'],
  );
  assert.equal(received[0]?.headers["idempotency-key"], received[1]?.headers["idempotency-key"]);
});

test("the same token is not sent again after 401", async (t) => {
  const { client, received } = await served(t, () => ({
    status: 401,
    body: { message: "Unauthorized" },
  }));
  await assert.rejects(client.get("/v1/me"), (error) => isProblem(error, "unauthorized"));
  assert.equal(received.length, 1);
});

test("without a token the request has no authorization", async (t) => {
  const { client, received } = await served(t, () => ({ status: 200, body: { status: "ok" } }), {
    getToken: () => null,
  });
  await client.get("/v1/health");
  assert.equal(received[0]?.headers.authorization, undefined);
});

test("responses that are not the service's own are gateway errors", async (t) => {
  const html = { "content-type": "text/html" };
  for (const reply of [
    { status: 502, body: "<html>", headers: html },
    { status: 200, body: "<html>", headers: html },
    { status: 403, body: { message: "Forbidden" } },
  ]) {
    const { client } = await served(t, () => reply);
    await assert.rejects(client.get("/v1/me"), (error) => isProblem(error, "gateway_error"));
  }
});

test("a list loads its pages one by one, with the same parameters", async (t) => {
  const { client, received } = await served(t, ({ path }) => ({
    status: 200,
    body: path.includes("cursor=two")
      ? { data: [{ user_id: "c" }], next_cursor: null }
      : { data: [{ user_id: "a" }, { user_id: "b" }], next_cursor: "two" },
  }));
  const ids: string[] = [];
  for await (const { user_id } of client.list("/v1/orgs/{org_id}/members", {
    params: { path, query: { limit: 2, role: "viewer" } },
  })) {
    ids.push(user_id);
    if (user_id === "b") assert.equal(received.length, 1);
  }
  assert.deepEqual(ids, ["a", "b", "c"]);
  assert.deepEqual(
    received.map(({ path }) => path),
    [
      "/v1/orgs/org_1/members?limit=2&role=viewer",
      "/v1/orgs/org_1/members?limit=2&role=viewer&cursor=two",
    ],
  );
});

test("checks that are made together are one request of at most 30, and equal checks are sent once", async (t) => {
  const { client, received } = await served(t, ({ body }) => ({
    status: 200,
    body: {
      results: (body as { checks: { user_id: string }[] }).checks.map(({ user_id }) => ({
        decision: user_id === "u7" ? "deny" : "allow",
      })),
    },
  }));
  const users = Array.from({ length: 35 }, (_, index) => `u${index}`);
  const results = await Promise.all(
    [...users, "u7"].map((user_id) => client.can("org_1", { action: "remove_member", user_id })),
  );
  assert.deepEqual(
    results.map(({ decision }) => decision === "deny"),
    [...users, "u7"].map((user) => user === "u7"),
  );
  assert.deepEqual(
    received.map(({ body }) => (body as { checks: unknown[] }).checks.length),
    [30, 5],
  );
  await client.can("org_1", { action: "invite_member" });
  assert.equal(received.length, 3);
});

test("a failed check rejects every caller that asked", async (t) => {
  const { client } = await served(t, () => problem(404, "org_not_found"));
  const check = { action: "invite_member" };
  const results = await Promise.allSettled([
    client.can("org_1", check),
    client.can("org_1", check),
  ]);
  for (const result of results)
    assert.ok(result.status === "rejected" && isProblem(result.reason, "org_not_found"));
});

test("a redirect is an error, so that a write never becomes a read", async (t) => {
  const { client, received } = await served(t, () => ({
    status: 302,
    headers: { location: "/elsewhere" },
  }));
  await assert.rejects(client.post("/v1/orgs", { body: { name: "Acme" } }), (error) =>
    isProblem(error, "gateway_error"),
  );
  assert.equal(received.length, 1);
});

test("a connection that is lost in the body is repeated", async (t) => {
  let count = 0;
  const body = JSON.stringify(ORG);
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.write(body.slice(0, 5));
    if (count++ === 0) setTimeout(() => response.destroy(), 20);
    else response.end(body.slice(5));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = createClient({
    url: `http://127.0.0.1:${port}`,
    retry: { backoffMilliseconds: 1 },
  });
  assert.equal((await client.get("/v1/orgs/{org_id}", { params: { path } })).name, "Acme");
  assert.equal(count, 2);
});

test("the backoff is at most the longest wait", async (t) => {
  const { client, received } = await served(t, () => problem(503, "contention"), {
    retry: { attempts: 6, backoffMilliseconds: 1, waitMillisecondsMax: 2 },
  });
  await assert.rejects(client.get("/v1/me"));
  assert.equal(received.length, 6);
});

test("an error has the time of Retry-After", async (t) => {
  const { client } = await served(t, () => problem(429, "rate_limited", { "retry-after": "3600" }));
  const error = await client.get("/v1/me").catch((error: unknown) => error);
  assert.ok(isProblem(error));
  assert.equal(error.retryAfterMilliseconds, 3_600_000);
});

test("an invalid check rejects alone", async (t) => {
  const { client } = await served(t, ({ body }) => {
    const { checks } = body as { checks: { action: string }[] };
    return checks.some(({ action }) => action === "unknown")
      ? problem(422, "validation_failed")
      : { status: 200, body: { results: checks.map(() => ({ decision: "allow" })) } };
  });
  const [good, bad] = await Promise.allSettled([
    client.can("org_1", { action: "invite_member" }),
    client.can("org_1", { action: "unknown" }),
  ]);
  assert.ok(good.status === "fulfilled" && good.value.decision === "allow");
  assert.ok(bad.status === "rejected" && isProblem(bad.reason, "validation_failed"));
});

test("the timeout and the signal work after a garbage collection", async (t) => {
  const collect = globalThis.gc;
  assert.ok(collect, "run the tests with --expose-gc");
  const { client, received } = await served(t, () => "hang", {
    retry: { attempts: 1, timeoutMilliseconds: 500 },
  });
  const timed = assert.rejects(client.get("/v1/me"), { name: "TimeoutError" });
  const controller = new AbortController();
  const patient = await served(t, () => "hang");
  const aborted = assert.rejects(
    patient.client.get("/v1/me", { signal: controller.signal }),
    /left the page/,
  );
  await until(() => received.length === 1 && patient.received.length === 1);
  for (let round = 0; round < 10; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  controller.abort(new Error("left the page"));
  await Promise.all([timed, aborted]);
});

test("a hold is released when its run ends, also by an error, and a failed release is no error", async (t) => {
  const { client, received } = await served(
    t,
    ({ method }) =>
      method === "POST" ? { status: 201, body: { id: "run/1" } } : problem(404, "hold_not_found"),
    { retry: { attempts: 1 } },
  );
  const request = { id: "run/1", credits: "5", expires_in: 600 };
  assert.equal(await withHold(client, "org_1", request, (hold) => hold.id), "run/1");
  const failing = withHold(client, "org_1", request, () => Promise.reject(new Error("no")));
  await assert.rejects(failing, /no/);
  const asked = ["POST /v1/orgs/org_1/holds", "DELETE /v1/orgs/org_1/holds/run%2F1"];
  assert.deepEqual(
    received.map(({ method, path }) => `${method} ${path}`),
    [...asked, ...asked],
  );
});

test("a denied hold calls no run", async (t) => {
  const { client, received } = await served(t, () => problem(403, "budget_held"));
  const request = { id: "run-1", credits: "5", expires_in: 600 };
  const denied = withHold(client, "org_1", request, () => assert.fail("it must not run"));
  const error = await denied.catch((error: unknown) => error);
  assert.ok(isProblem(error, "budget_held"));
  assert.equal(received.length, 1);
});

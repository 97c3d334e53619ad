import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  createClient,
  type RejectedEvent,
  UnsentUsageError,
  type UsageEvent,
  type UsageQueue,
  UsageQueueFullError,
  UsageRecorder,
  type UsageRecorderOptions,
} from "@organizations/client";
import { folderQueue } from "@organizations/client/node";
import { problem, type Received, type Reply, stub, until } from "./stub.js";

const events = ({ body }: Received): UsageEvent[] => (body as { events: UsageEvent[] }).events;
const results = (received: Received, status: (event: UsageEvent) => string): Reply => ({
  status: 200,
  body: { results: events(received).map((event) => ({ id: event.id, status: status(event) })) },
});
const accepted = (received: Received): Reply => results(received, () => "accepted");

async function recorder(
  t: TestContext,
  reply: (received: Received, count: number) => Reply,
  options: Partial<UsageRecorderOptions> = {},
) {
  const { url, received, close } = await stub(reply);
  t.after(close);
  const rejected: RejectedEvent[] = [];
  const errors: unknown[] = [];
  const client = createClient({ url, getToken: () => "service", retry: { attempts: 1 } });
  const usage = new UsageRecorder({
    client,
    onRejected: (event) => rejected.push(event),
    onError: (error) => errors.push(error),
    intervalMilliseconds: 60_000,
    ...options,
  });
  // Waiting events keep a process alive.
  t.after(() => usage.close(0).catch(() => undefined));
  return { usage, received, rejected, errors };
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "usage-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

const chat = { kind: "chat.completion", credits: "0.25" };

test("events are sent together per organization, with an id and a time", async (t) => {
  const { usage, received } = await recorder(t, accepted);
  await usage.record("org_1", chat);
  await usage.record("org_2", chat);
  await usage.record("org_1", { ...chat, id: "run-1", timestamp: "2026-11-30T10:00:00Z" });
  assert.equal(usage.waiting, 3);
  await usage.close();
  assert.deepEqual(
    received.map(({ path }) => path),
    ["/v1/orgs/org_1/usage/events", "/v1/orgs/org_2/usage/events"],
  );
  const [first, second] = events(received[0] as Received);
  assert.match(first?.id ?? "", /^[0-9a-f]{32}$/);
  assert.ok(Math.abs(Date.parse(first?.timestamp ?? "") - Date.now()) < 60_000);
  assert.deepEqual([second?.id, second?.timestamp], ["run-1", "2026-11-30T10:00:00Z"]);
  assert.equal(usage.waiting, 0);
});

test("a full batch is sent at once, and a request has at most 500 events", async (t) => {
  const { usage, received } = await recorder(t, accepted, { batchSize: 3 });
  for (let index = 0; index < 3; index++) await usage.record("org_1", chat);
  await until(() => usage.waiting === 0);
  assert.equal(received.length, 1);
  const large = await recorder(t, accepted, { batchSize: 10_000 });
  // The largest batch has 500 events, so the first 500 do not wait for the rest.
  await Promise.all(Array.from({ length: 1_100 }, () => large.usage.record("org_1", chat)));
  await large.usage.close();
  assert.ok(large.received.every((received) => events(received).length <= 500));
  assert.equal(new Set(large.received.flatMap(events).map(({ id }) => id)).size, 1_100);
});

test("an event is sent after the interval", async (t) => {
  const { usage, received } = await recorder(t, accepted, { intervalMilliseconds: 20 });
  await usage.record("org_1", chat);
  await until(() => usage.waiting === 0);
  assert.equal(received.length, 1);
});

test("after a failure the same events are sent again", async (t) => {
  let isDown = true;
  const { usage, received, errors, rejected } = await recorder(t, (received, count) =>
    count === 1 ? null : isDown ? problem(503, "contention") : results(received, () => "duplicate"),
  );
  await usage.record("org_1", chat);
  await usage.flush();
  await usage.flush();
  assert.equal(usage.waiting, 1);
  assert.equal(errors.length, 2);
  isDown = false;
  await usage.flush();
  assert.equal(usage.waiting, 0);
  assert.deepEqual(rejected, []);
  assert.deepEqual(events(received[0] as Received), events(received[2] as Received));
});

test("a missing scope and an expired token keep the events", async (t) => {
  for (const [status, code] of [
    [401, "unauthorized"],
    [403, "missing_permission"],
  ] as const) {
    const { usage, rejected, errors } = await recorder(t, () => problem(status, code));
    await usage.record("org_1", chat);
    await usage.flush();
    assert.deepEqual([usage.waiting, errors.length, rejected.length], [1, 1, 0]);
    await assert.rejects(usage.close(0), UnsentUsageError);
  }
});

test("events that can never count are removed and reported", async (t) => {
  const { usage, rejected } = await recorder(t, (received) =>
    results(received, ({ kind }) => kind),
  );
  for (const kind of ["accepted", "conflict", "too_old", "invalid"])
    await usage.record("org_1", { kind, credits: "1" });
  await usage.close();
  assert.deepEqual(
    rejected.map(({ reason }) => reason),
    ["conflict", "too_old", "invalid"],
  );
  assert.equal(rejected[0]?.orgId, "org_1");
});

test("an event ahead of the service's clock is sent again later", async (t) => {
  const { usage, rejected } = await recorder(t, (received, count) =>
    results(received, () => (count === 1 ? "in_future" : "accepted")),
  );
  await usage.record("org_1", chat);
  await usage.flush();
  assert.equal(usage.waiting, 1);
  await usage.flush();
  assert.deepEqual([usage.waiting, rejected], [0, []]);
});

test("one organization's failure does not stop the events of another", async (t) => {
  const { usage } = await recorder(t, (received) =>
    received.path.includes("org_1") ? problem(503, "contention") : accepted(received),
  );
  await usage.record("org_1", chat);
  await usage.record("org_2", chat);
  await usage.flush();
  assert.equal(usage.waiting, 1);
});

test("record throws if too many events wait, and after close", async (t) => {
  const { usage } = await recorder(t, accepted, { capacity: 2 });
  await Promise.all([usage.record("org_1", chat), usage.record("org_1", chat)]);
  await assert.rejects(usage.record("org_1", chat), UsageQueueFullError);
  await usage.close();
  await assert.rejects(usage.record("org_1", chat), /closed/);
});

test("close returns the events that it could not send", async (t) => {
  const { usage } = await recorder(t, () => null);
  const id = await usage.record("org_1", chat);
  const error = await usage.close(30).catch((error: unknown) => error);
  assert.ok(error instanceof UnsentUsageError);
  assert.deepEqual(
    error.events.map(({ event }) => event.id),
    [id],
  );
});

test("an event that the service cannot read is rejected alone", async (t) => {
  const { usage, rejected } = await recorder(t, (received) =>
    events(received).some(({ id }) => id === "bad")
      ? problem(413, "body_too_large")
      : accepted(received),
  );
  for (const id of ["a", "b", "bad", "c", "d"])
    await usage.record("org_1", { ...chat, id, timestamp: "2026-11-30T10:00:00Z" });
  await usage.close();
  assert.deepEqual(
    rejected.map(({ event, reason }) => [event.id, reason]),
    [["bad", "body_too_large"]],
  );
});

test("responses that are not the service's own keep the events", async (t) => {
  const replies: Reply[] = [
    { status: 404, body: { message: "Not Found" } },
    { status: 431, body: {} },
    { status: 200, body: "<html>", headers: { "content-type": "text/html" } },
    { status: 302, headers: { location: "http://127.0.0.1:9/" } },
    { status: 200, body: { results: [] } },
  ];
  for (const reply of replies) {
    const { usage, rejected, errors } = await recorder(t, () => reply);
    await usage.record("org_1", chat);
    await usage.flush();
    assert.deepEqual([usage.waiting, rejected.length, errors.length], [1, 0, 1]);
  }
});

test("an organization that is not found keeps its events for 35 days", async (t) => {
  const { usage, rejected } = await recorder(t, () => problem(404, "org_not_found"));
  const old = new Date(Date.now() - 36 * 86_400_000).toISOString();
  await usage.record("org_1", { ...chat, id: "old", timestamp: old });
  await usage.record("org_1", chat);
  await usage.flush();
  assert.equal(usage.waiting, 1);
  assert.deepEqual(
    rejected.map(({ event, reason }) => [event.id, reason]),
    [["old", "org_not_found"]],
  );
});

test("an event that is days ahead is rejected", async (t) => {
  const { usage, rejected } = await recorder(t, (received) => results(received, () => "in_future"));
  await usage.record("org_1", { ...chat, timestamp: "2206-01-01T00:00:00Z" });
  await usage.close();
  assert.deepEqual(
    rejected.map(({ reason }) => reason),
    ["in_future"],
  );
});

test("close ends at its deadline while the service hangs", async (t) => {
  const { usage, received } = await recorder(t, () => "hang");
  for (const org of ["org_1", "org_2", "org_3"]) await usage.record(org, chat);
  const error = await usage.close(200).catch((error: unknown) => error);
  assert.ok(error instanceof UnsentUsageError);
  assert.equal(error.events.length, 3);
  assert.equal(received.length, 1);
});

test("a flush of one organization sends nothing of another, and says what is left", async (t) => {
  const { usage, received } = await recorder(t, (request) =>
    request.path.includes("org_1") ? problem(503, "contention") : accepted(request),
  );
  for (const org of ["org_1", "org_1", "org_2"]) await usage.record(org, chat);
  assert.equal(await usage.flush("org_2"), 0);
  assert.deepEqual(
    received.map(({ path }) => path),
    ["/v1/orgs/org_2/usage/events"],
  );
  assert.equal(await usage.flush("org_1"), 2);
  assert.equal(await usage.flush("org_3"), 0);
  await usage.record("org_2", chat);
  assert.equal(await usage.flush(), 2);
});

test("flushes of one organization do not count each other's events", async (t) => {
  const { usage, received, errors } = await recorder(t, accepted);
  await usage.record("org_1", chat);
  const first = usage.flush("org_1");
  await usage.record("org_1", chat);
  assert.deepEqual(await Promise.all([first, usage.flush("org_1")]), [0, 0]);
  assert.deepEqual(
    received.map((request) => events(request).length),
    [1, 1],
  );
  assert.deepEqual([usage.waiting, errors.length], [0, 0]);
});

test("flushes of the same events are one request, and the timer keeps the pause that was asked", async (t) => {
  const { usage, received } = await recorder(
    t,
    () => problem(429, "contention", { "retry-after": "3600" }),
    { intervalMilliseconds: 1 },
  );
  await usage.record("org_1", chat);
  assert.deepEqual(await Promise.all([usage.flush("org_1"), usage.flush("org_1")]), [1, 1]);
  const count = received.length;
  await usage.record("org_1", chat);
  await usage.record("org_2", chat);
  // The timer sends the other organization's event.
  await until(() => received.some(({ path }) => path.includes("org_2")));
  assert.equal(received.filter(({ path }) => path.includes("org_1")).length, count);
});

test("a flush does not wait for another organization's request", async (t) => {
  let release = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const client = createClient({
    url: "http://api",
    fetch: async (request) => {
      if (request.url.includes("org_1")) await slow;
      const { events } = await request.json();
      const results = events.map(({ id }: UsageEvent) => ({ id, status: "accepted" }));
      return Response.json({ results });
    },
  });
  const { usage } = await recorder(t, accepted, { client });
  await usage.record("org_1", chat);
  await usage.record("org_2", chat);
  const first = usage.flush("org_1");
  assert.equal(await usage.flush("org_2"), 0);
  assert.equal(usage.waiting, 1);
  release();
  assert.equal(await first, 0);
});

test("an event that arrives between two flushes is sent", async (t) => {
  let isFirst = true;
  const { usage, received } = await recorder(t, (received) => {
    if (received.path.includes("org_2") && isFirst) {
      isFirst = false;
      void usage.record("org_1", { ...chat, id: "late", timestamp: new Date().toISOString() });
    }
    return accepted(received);
  });
  await usage.record("org_1", chat);
  await usage.record("org_2", chat);
  await Promise.all([usage.flush(), usage.flush()]);
  await usage.close();
  assert.ok(received.flatMap(events).some(({ id }) => id === "late"));
  assert.equal(usage.waiting, 0);
});

test("close ends at its deadline while the token is missing", async () => {
  const client = createClient({ url: "http://127.0.0.1:9", getToken: () => new Promise(() => {}) });
  const usage = new UsageRecorder({ client, onRejected: () => assert.fail() });
  await usage.record("org_1", chat);
  await assert.rejects(usage.close(50), UnsentUsageError);
});

test("a Retry-After of a month neither ends a timer at once nor stops the recorder", async (t) => {
  const { usage, received } = await recorder(
    t,
    () => problem(503, "contention", { "retry-after": "2592000" }),
    { intervalMilliseconds: 1 },
  );
  await usage.record("org_1", chat);
  await until(() => received.length === 1);
  await assert.rejects(usage.close(200), UnsentUsageError);
  assert.equal(received.length, 2);
});

test("close waits for events that record is storing", async (t) => {
  let store = (): void => undefined;
  const queue: UsageQueue = {
    open: async () => [],
    add: () => new Promise((resolve) => (store = resolve)),
    remove: async () => undefined,
  };
  const { usage, received } = await recorder(t, accepted, { queue });
  await usage.open();
  const recorded = usage.record("org_1", chat);
  await until(() => store.length === 1);
  const closed = usage.close();
  store();
  await Promise.all([recorded, closed]);
  assert.equal(received.length, 1);
});

test("a queue that cannot be opened is tried again, and one that cannot remove stops nothing", async (t) => {
  let opens = 0;
  const queue: UsageQueue = {
    open: async () => {
      if (opens++ === 0) throw new Error("the folder is not mounted");
      return [];
    },
    add: async () => undefined,
    remove: () => Promise.reject(new Error("the disk is read-only")),
  };
  const { usage, errors } = await recorder(t, accepted, { queue });
  await assert.rejects(usage.record("org_1", chat), /not mounted/);
  await usage.record("org_1", chat);
  await usage.close();
  assert.deepEqual([usage.waiting, errors.length], [0, 1]);
});

test("a callback that fails stops nothing", async (t) => {
  t.mock.method(console, "error", () => undefined);
  const fail = (): void => {
    throw new Error("the log is full");
  };
  const { usage } = await recorder(
    t,
    (received, count) => (count === 1 ? null : results(received, () => "invalid")),
    { onRejected: fail, onError: fail },
  );
  await usage.record("org_1", chat);
  await usage.flush();
  await usage.close();
  assert.equal(usage.waiting, 0);
});

test("a failure waits for the service's Retry-After", async (t) => {
  const { usage, received } = await recorder(
    t,
    () => problem(503, "contention", { "retry-after": "3600" }),
    { intervalMilliseconds: 1 },
  );
  await usage.record("org_1", chat);
  await until(() => received.length === 1);
  await assert.rejects(usage.close(100), UnsentUsageError);
  // The attempt of `close` itself is the second one.
  assert.equal(received.length, 2);
});

test("a folder queue keeps events across processes, and sends each once", async (t) => {
  const path = folder(t);
  const down = await recorder(t, () => null, { queue: folderQueue(path) });
  const ids = await Promise.all([1, 2, 3].map(() => down.usage.record("org_1", chat)));
  await assert.rejects(down.usage.close(0), UnsentUsageError);
  const up = await recorder(t, accepted, { queue: folderQueue(path) });
  await up.usage.open();
  assert.equal(up.usage.waiting, 3);
  await up.usage.close();
  assert.deepEqual(
    up.received
      .flatMap(events)
      .map(({ id }) => id)
      .sort(),
    ids.sort(),
  );
  assert.deepEqual(readdirSync(path), []);
});

test("a folder queue is durable when record resolves, also for many events at once", async (t) => {
  const path = folder(t);
  const { usage } = await recorder(t, () => null, { queue: folderQueue(path) });
  const ids = await Promise.all(Array.from({ length: 50 }, () => usage.record("org_1", chat)));
  // As after a crash: the files are read without `close`.
  const stored = readdirSync(path).flatMap(
    (name) => JSON.parse(readFileSync(join(path, name), "utf8")) as { event: { id: string } }[],
  );
  assert.deepEqual(stored.map(({ event }) => event.id).sort(), ids.sort());
  assert.ok(readdirSync(path).length < 50);
});

test("recorders may share a folder", async (t) => {
  const path = folder(t);
  const first = await recorder(t, accepted, { queue: folderQueue(path) });
  await first.usage.record("org_1", chat);
  const second = await recorder(t, accepted, { queue: folderQueue(path) });
  await second.usage.record("org_1", chat);
  assert.equal(second.usage.waiting, 2);
  await Promise.all([first.usage.close(), second.usage.close()]);
  const ids = [...first.received, ...second.received].flatMap(events).map(({ id }) => id);
  assert.equal(new Set(ids).size, 2);
  assert.deepEqual(readdirSync(path), []);
});

test("a file that is not whole is ignored, and one that is not JSON is reported", async (t) => {
  const path = folder(t);
  writeFileSync(join(path, "1.json.new"), '[{"orgId":"or');
  assert.deepEqual(await folderQueue(path).open(), []);
  writeFileSync(join(path, "2.json"), "not json");
  await assert.rejects(folderQueue(path).open(), /2\.json` is not JSON/);
});

test("add rejects if the folder cannot be written, and the event is not stored", async (t) => {
  const path = folder(t);
  const queue = folderQueue(join(path, "queue"));
  await queue.open();
  rmSync(join(path, "queue"), { recursive: true });
  const { usage } = await recorder(t, accepted, { queue: { ...queue, open: async () => [] } });
  await assert.rejects(usage.record("org_1", chat), /ENOENT/);
  await assert.rejects(usage.record("..", chat), /no organization/);
  assert.equal(usage.waiting, 0);
});

import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  createClient,
  type RejectedEvent,
  UnsentUsageError,
  type UsageEvent,
  UsageQueueFullError,
  UsageRecorder,
  type UsageRecorderOptions,
} from "@organizations/client";
import { fileQueue } from "@organizations/client/node";
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
  const gone = await recorder(t, () => problem(404, "org_not_found"));
  await gone.usage.record("org_1", chat);
  await gone.usage.close();
  assert.deepEqual(
    gone.rejected.map(({ reason }) => reason),
    ["org_not_found"],
  );
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

test("a file queue keeps events across processes, and sends each once", async (t) => {
  const path = join(folder(t), "usage.ndjson");
  const down = await recorder(t, () => null, { queue: fileQueue(path) });
  const ids = await Promise.all([1, 2, 3].map(() => down.usage.record("org_1", chat)));
  await assert.rejects(down.usage.close(0), UnsentUsageError);
  const up = await recorder(t, accepted, { queue: fileQueue(path) });
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
  assert.equal(readFileSync(path, "utf8"), "");
});

test("a file queue is durable when record resolves", async (t) => {
  const path = join(folder(t), "usage.ndjson");
  const { usage } = await recorder(t, () => null, { queue: fileQueue(path) });
  const id = await usage.record("org_1", chat);
  // As after a crash: the file is read without `close`.
  assert.match(readFileSync(path, "utf8"), new RegExp(`"id":"${id}"`));
  await assert.rejects(usage.close(0));
});

test("a file queue ignores an incomplete last line, and reports another bad line", async (t) => {
  const path = join(folder(t), "usage.ndjson");
  const line = JSON.stringify({
    add: { orgId: "org_1", event: { ...chat, id: "a", timestamp: "2026-11-30T10:00:00Z" } },
  });
  writeFileSync(path, `${line}\n{"add":{"orgId":"or`);
  const { usage, received } = await recorder(t, accepted, { queue: fileQueue(path) });
  await usage.record("org_1", { ...chat, id: "b" });
  await usage.close();
  assert.deepEqual(
    received.flatMap(events).map(({ id }) => id),
    ["a", "b"],
  );
  appendFileSync(path, `${line}\nnot json\n${line}\n`);
  await assert.rejects(fileQueue(path).open(), /line 2 .* is not JSON/);
  await assert.rejects(fileQueue(path).open(), /line 2/, "the lock is released after the error");
});

test("two queues cannot use one file, and a lock of a dead process is replaced", async (t) => {
  const path = join(folder(t), "usage.ndjson");
  const first = fileQueue(path);
  await first.open();
  await assert.rejects(fileQueue(path).open(), /in use/);
  await first.close();
  // No process has this id: it is above the largest id of Linux.
  writeFileSync(`${path}.lock`, "99999999");
  const second = fileQueue(path);
  await second.open();
  await second.close();
});

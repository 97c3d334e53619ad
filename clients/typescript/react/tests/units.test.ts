import assert from "node:assert/strict";
import { test } from "node:test";
import { readAmount, showAmount } from "../dist/amount.js";
import { changesOf, targetOf } from "../dist/audit/changes.js";
import { explain, reason } from "../dist/failure.js";
import { makeFormat } from "../dist/format.js";
import { addresses } from "../dist/members/invite-dialog.js";
import { de } from "../dist/texts/de.js";
import { en } from "../dist/texts/en.js";
import type { AuditRecord } from "../dist/types.js";
import { span, spanBefore, windowsOf } from "../dist/usage/periods.js";
import { GROUPS_MAX, seriesOf } from "../dist/usage/series.js";

const format = makeFormat("en-GB");

test("addresses are found as email clients and spreadsheets write them", () => {
  assert.deepEqual(addresses("Bob <bob@example.com>, cy@example.com; nobody\ncy@example.com"), [
    "bob@example.com",
    "cy@example.com",
    "nobody",
  ]);
  assert.deepEqual(addresses("a@example.com b@example.com\n\n"), [
    "a@example.com",
    "b@example.com",
  ]);
  assert.deepEqual(addresses(" \n,;"), []);
});

const record = (before: object | null, after: object | null): AuditRecord => ({
  id: "aud_1",
  org_id: "org_1",
  at: "2026-11-30T12:00:00Z",
  actor: { user_id: "u1", name: "Ann" },
  action: "change_role",
  target: "u2",
  request_id: "r1",
  before: before as AuditRecord["before"],
  after: after as AuditRecord["after"],
});

test("a record shows the fields that changed, by names that people know", () => {
  const changed = record(
    { name: "Bob", role: "viewer", version: 1, settings: { a: 1 }, thresholds: [50, 80] },
    { name: "Bob", role: "administrator", version: 2, settings: { a: 2 }, thresholds: [50] },
  );
  assert.deepEqual(changesOf(changed, en, format), [
    { name: "Role", before: "Viewer", after: "Administrator" },
    { name: "Thresholds", before: "50, 80", after: "50" },
    { name: "settings › a", before: "1", after: "2" },
  ]);
  assert.deepEqual(changesOf(record(null, { email: "a@example.com", id: "x" }), de, format), [
    { name: "E-Mail", before: null, after: "a@example.com" },
  ]);
  assert.deepEqual(changesOf(record({ role: "owner" }, null), en, format), [
    { name: "Role", before: "Owner", after: null },
  ]);
  assert.deepEqual(changesOf(record(null, null), en, format), []);
});

test("a record is about a name, and about an id if there is no name", () => {
  assert.equal(targetOf(record({ name: "Old" }, { name: "New" })), "New");
  assert.equal(targetOf(record({ email: "a@example.com", name: null }, null)), "a@example.com");
  assert.equal(targetOf(record(null, { monthly_credits: "5" })), "u2");
  assert.equal(targetOf({ ...record(null, { name: "Acme" }), target: "org_1" }), null);
});

test("periods begin and end in UTC, and are compared with periods of the same length", () => {
  const now = new Date("2026-03-31T10:00:00Z");
  const text = ({ from, to }: { from: Date; to: Date }) =>
    [from, to].map((at) => at.toISOString().slice(0, 16)).join(" ");
  assert.equal(text(span("month", now)), "2026-03-01T00:00 2026-03-31T10:00");
  // February is shorter than this month so far.
  assert.equal(text(spanBefore("month", now)), "2026-02-01T00:00 2026-03-01T00:00");
  assert.equal(
    text(spanBefore("month", new Date("2026-03-10T06:00:00Z"))),
    "2026-02-01T00:00 2026-02-10T06:00",
  );
  assert.equal(text(span("last", now)), "2026-02-01T00:00 2026-03-01T00:00");
  assert.equal(text(spanBefore("last", now)), "2026-01-01T00:00 2026-02-01T00:00");
  assert.equal(text(span("week", now)), "2026-03-25T10:00 2026-03-31T10:00");
  assert.equal(text(spanBefore("week", now)), "2026-03-18T10:00 2026-03-24T10:00");
  assert.equal(text(span("year", now)), "2025-04-01T00:00 2026-03-31T10:00");
  assert.equal(text(spanBefore("year", now)), "2024-04-01T00:00 2025-04-01T00:00");
});

test("hours are offered only where the API and the chart can show them", () => {
  assert.deepEqual(windowsOf("week", "kind"), ["hour", "day"]);
  assert.deepEqual(windowsOf("month", "member"), ["day", "month"]);
  assert.deepEqual(windowsOf("year", ""), ["day", "month"]);
});

const report = (rows: [start: string, group: string | null, credits: string][]) => ({
  org_id: "org_1",
  from: "2026-11-01T00:00:00Z",
  to: "2026-11-04T00:00:00Z",
  final_at: "2027-01-08T00:05:00Z",
  final: false,
  unit: "credits",
  total: { credits: "0", events: 0 },
  group_by: "kind" as const,
  window: "day" as const,
  forecast: null,
  data: rows.map(([start, group, credits]) => ({
    start,
    end: start,
    group,
    other: false,
    credits,
    events: 1,
  })),
  next_cursor: null,
});

test("a series has every window, and the largest groups first", () => {
  const series = seriesOf(
    report([
      ["2026-11-01T00:00:00Z", "a", "1"],
      ["2026-11-03T00:00:00Z", "b", "5.5"],
      ["2026-11-03T00:00:00Z", null, "2"],
    ]),
    null,
    new Map([["b", "Bees"]]),
    Date.parse("2026-11-03T12:00:00Z"),
    en,
    format,
  );
  assert.deepEqual(series.labels, ["1 Nov", "2 Nov", "3 Nov"]);
  assert.deepEqual(
    series.groups.map(({ name, total, values }) => [name, total, values]),
    [
      ["Bees", 5.5, [0, 0, 5.5]],
      [en.usage.without, 2, [0, 0, 2]],
      ["a", 1, [1, 0, 0]],
    ],
  );
  assert.deepEqual(series.budget, [null, null, null]);
});

test("many groups are combined, and none is lost", () => {
  const rows = Array.from(
    { length: GROUPS_MAX + 3 },
    (_, n) => ["2026-11-01T00:00:00Z", `g${n}`, `${n + 1}`] as [string, string, string],
  );
  const { groups } = seriesOf(report(rows), null, new Map(), 0, en, format);
  assert.equal(groups.length, GROUPS_MAX + 1);
  assert.deepEqual([groups.at(-1)?.name, groups.at(-1)?.total], [en.usage.others, 1 + 2 + 3]);
});

test("this month has the budget per day and the forecast for the rest", () => {
  const budget = {
    monthly_credits: "300",
    spent: "30",
    remaining: "270",
    thresholds: [],
    enforce: false,
    version: 1,
    state: "ok" as const,
    period: { start: "2026-11-01T00:00:00Z", end: "2026-12-01T00:00:00Z" },
    forecast: { credits: "300" },
  };
  const now = Date.parse("2026-11-04T00:00:00Z");
  const rows: [string, string, string][] = [["2026-11-01T00:00:00Z", "a", "30"]];
  const series = seriesOf(report(rows), budget as never, new Map(), now, en, format);
  assert.equal(series.labels.length, 30);
  assert.deepEqual(new Set(series.budget), new Set([10]));
  assert.deepEqual(series.expected.slice(0, 4), [null, null, null, 10]);
  const sum = series.expected.reduce<number>((all, one) => all + (one ?? 0), 0);
  assert.ok(Math.abs(sum - 270) < 1e-9, `${sum}`);
});

test("numbers are exact, and have the form of the locale", () => {
  assert.equal(makeFormat("de").credits("1234.5"), "1.234,5");
  assert.equal(format.credits("123456789012.123456"), "123456789012.123456");
  assert.equal(format.change(0.125), "+13%");
  assert.equal(format.lastDay("2026-12-01T00:00:00Z"), "30 Nov 2026 UTC");
});

test("an error is explained in the language, and keeps what only the API knows", () => {
  const problem = {
    status: 409,
    code: "last_owner",
    detail: "the organization would have no owner",
  };
  assert.equal(explain(problem, en).detail, "The organization would have no owner.");
  assert.equal(explain(problem, de).detail, de.problem.details.last_owner);
  assert.equal(
    explain({ status: 418, code: "gateway_error", detail: "teapot" }, en).detail,
    en.failure(418).detail,
  );
  assert.equal(explain({ status: 0, code: "no_response" }, de).title, `${de.failures[0]?.title}.`);
  const own = {
    code: "org_policy",
    detail: "hiring is closed",
    required_role: null,
    policies: ["own.closed"],
  };
  assert.equal(reason(own, de), `Hiring is closed. ${de.denied.byOwn("closed")}`);
  const role = {
    ...own,
    code: "missing_permission",
    required_role: "owner" as const,
    policies: [],
  };
  assert.equal(reason(role, de), "Dazu ist die Rolle Inhaber nötig.");
});

test("German has every text, and none is English by mistake", () => {
  const same: string[] = [];
  const compare = (one: unknown, other: unknown, path: string): void => {
    if (typeof one === "object" && one !== null)
      for (const key of Object.keys(one)) {
        const [value, otherValue] = [one, other].map(
          (all) => (all as Record<string, unknown>)[key],
        );
        assert.notEqual(otherValue, undefined, `${path}.${key} is missing`);
        compare(value, otherValue, `${path}.${key}`);
      }
    else if (typeof one === "string" && one === other) same.push(path.slice(1));
  };
  compare(en, de, "");
  // Words that are the same in both languages.
  const known = new Set([
    "audit.fields.name",
    "audit.fields.status",
    "audit.nothing",
    "audit.who",
    "budget.title",
    "invite.state",
    "members.name",
    "orgs.name",
    "resources.costs.standard",
    "resources.kinds.agent",
    "role.administrator",
    "usage.budget",
    "usage.credits",
  ]);
  assert.deepEqual(
    same.filter((path) => !known.has(path)),
    [],
  );
});

test("amounts are read as people type them in their language", () => {
  for (const [typed, locale, amount] of [
    ["1.000", "de", "1000"],
    ["1.234.567,5", "de", "1234567.5"],
    ["10,5", "de", "10.5"],
    ["1000.5", "de", "1000.5"],
    ["0.125", "de", "0.125"],
    ["1 000", "de", "1000"],
    ["1,000.5", "en-GB", "1000.5"],
    ["1000", "en-GB", "1000"],
    ["0.25", "en-GB", "0.25"],
    ["10,5", "en-GB", "10,5"],
    ["1\u202f000,5", "fr", "1000.5"],
    ["1e3", "de", "1e3"],
    ["", "de", ""],
  ] as const)
    assert.equal(readAmount(typed, locale), amount, `${typed} in ${locale}`);
  assert.equal(showAmount("1000.5", "de"), "1000,5");
  assert.equal(readAmount(showAmount("1000.5", "de"), "de"), "1000.5");
});

test("what users call things finds no texts that every object inherits", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"])
    for (const texts of [en, de]) {
      const named = record(null, { description: name, metadata: { [name]: name } });
      assert.deepEqual(
        changesOf(named, texts, format).map(({ after }) => after),
        [name, name],
      );
      const problem = { status: 409, code: name, detail: "no" };
      assert.equal(explain(problem, texts).detail, "No.");
    }
});

import type { Format } from "../format.ts";
import { textFor } from "../lookup.ts";
import type { Texts } from "../texts/en.ts";
import type { AuditRecord } from "../types.ts";

/** A field that a change created, removed or set. */
export interface FieldChange {
  name: string;
  before: string | null;
  after: string | null;
}

/** Fields that every change moves, or that repeat the target. */
const NOT_SHOWN = new Set([
  "id",
  "org_id",
  "user_id",
  "version",
  "created_at",
  "updated_at",
  "joined_at",
]);

/** The fields that people look for first. The others follow by name. */
const FIRST = [
  "role",
  "kind",
  "cost_class",
  "status",
  "monthly_credits",
  "enforce",
  "thresholds",
  "mode",
  "name",
  "email",
  "description",
];

/** The changed fields of a record, as texts. Objects are compared field by field. */
export function changesOf({ before, after }: AuditRecord, t: Texts, format: Format): FieldChange[] {
  const [old, current] = [flatten(before), flatten(after)];
  const names = [...new Set([...old.keys(), ...current.keys()])];
  const place = (name: string): number =>
    FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;
  return names
    .filter((name) => !NOT_SHOWN.has(name) && old.get(name) !== current.get(name))
    .sort((one, other) => place(one) - place(other) || format.compare(one, other))
    .map((name) => ({
      name: textFor(t.audit.fields, name) ?? name.replaceAll("_", " ").replaceAll(".", " › "),
      before: shown(name, old.get(name), t, format),
      after: shown(name, current.get(name), t, format),
    }));
}

/**
 * The name of the object of a record: a person, a resource, an address. Its id if it has none, and
 * null if the object is the organization, which needs no name.
 */
export function targetOf({ before, after, target, org_id }: AuditRecord): string | null {
  if (target === org_id) return null;
  for (const state of [after, before])
    for (const field of ["name", "email"]) {
      const value = (state as Record<string, unknown> | null)?.[field];
      if (typeof value === "string" && value) return value;
    }
  return target;
}

function flatten(state: unknown, prefix = ""): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries((state ?? {}) as Record<string, unknown>)) {
    const path = prefix + name;
    if (value === null || value === undefined) continue;
    if (typeof value === "object" && !Array.isArray(value))
      for (const [inner, text] of flatten(value, `${path}.`)) fields.set(inner, text);
    else fields.set(path, Array.isArray(value) ? value.join(", ") : String(value));
  }
  return fields;
}

/** A time of the API, such as `2026-11-30T12:00:00Z`. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function shown(name: string, value: string | undefined, t: Texts, format: Format): string | null {
  if (value === undefined || value === "") return null;
  if (name === "role") return textFor(t.role, value) ?? value;
  if (name === "cost_class") return textFor(t.resources.costs, value) ?? value;
  if (name === "kind") return textFor(t.resources.kinds, value) ?? value;
  if (TIME.test(value)) return format.time(value);
  return textFor(t.audit.values, value) ?? value;
}

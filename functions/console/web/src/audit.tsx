// The audit log.

import { useState } from "preact/hooks";
import { path } from "./api.ts";
import { atTime } from "./format.ts";
import type { OrgPageProps } from "./org-page.ts";
import { t } from "./texts.ts";
import type { Audit as AuditRecord } from "./types.ts";
import { Empty, Field, Heading, Pager, reason, Table, usePages } from "./ui.tsx";

/** The start of a day in the reader's time zone. */
const begin = (day: string, later = 0): string | null => {
  if (!day) return null;
  const at = new Date(`${day}T00:00`);
  at.setDate(at.getDate() + later);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
};

export function Audit(props: OrgPageProps) {
  const { org, permissions } = props;
  if (permissions.listAudit?.decision === "deny")
    return (
      <>
        <Heading>{t.audit.title}</Heading>
        <Empty testId="audit-denied" title={t.denied.title}>
          <p>{reason(permissions.listAudit)}</p>
        </Empty>
      </>
    );
  return <Records org={org.id} />;
}

function Records({ org }: { org: string }) {
  const [action, setAction] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const records = usePages<AuditRecord>(
    `/orgs/${org}/audit`,
    { action, from: begin(from), to: begin(to, 1) },
    path,
  );
  return (
    <>
      <Heading>{t.audit.title}</Heading>
      <div class="filters">
        <Field testId="audit-action" label={t.audit.action}>
          {(field) => (
            <select
              {...field}
              value={action}
              onChange={(event) => setAction(event.currentTarget.value)}
            >
              <option value="">{t.audit.every}</option>
              {Object.entries(t.audit.actions)
                .sort(([, one], [, other]) => one.localeCompare(other))
                .map(([name, said]) => (
                  <option key={name} value={name}>
                    {said}
                  </option>
                ))}
            </select>
          )}
        </Field>
        <Field testId="audit-from" label={t.audit.from}>
          {(field) => (
            <input
              {...field}
              type="date"
              value={from}
              onInput={(event) => setFrom(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field testId="audit-to" label={t.audit.to}>
          {(field) => (
            <input
              {...field}
              type="date"
              value={to}
              onInput={(event) => setTo(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <Table
        testId="audit-table"
        caption={t.audit.title}
        heads={[t.audit.when, t.audit.who, t.audit.what, t.audit.change]}
        pages={records}
        empty={
          <Empty testId="audit-empty" title={t.audit.none}>
            <p>{t.audit.noneDetail}</p>
          </Empty>
        }
        row={(record) => (
          <tr key={record.id} data-testid={`audit-${record.action}`}>
            <td>
              <time dateTime={record.at}>{atTime(record.at)}</time>
            </td>
            <th scope="row">
              {record.actor.name ?? record.actor.user_id}
              {record.actor.name && <span class="under">{record.actor.user_id}</span>}
            </th>
            <td>
              {t.audit.actions[record.action] ?? record.action}
              <span class="under">{record.target}</span>
            </td>
            <td>
              <Change {...record} />
            </td>
          </tr>
        )}
      />
      <Pager pages={records} />
    </>
  );
}

const shown = (value: unknown): string =>
  value === undefined || value === null
    ? t.audit.nothing
    : typeof value === "string"
      ? value
      : JSON.stringify(value);

/** The changed fields, collapsed at first. */
function Change({ before, after, request_id }: AuditRecord) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (name) => name !== "version",
  );
  const changed = names.filter((name) => shown(before?.[name]) !== shown(after?.[name]));
  return (
    <details data-testid="audit-change">
      <summary>
        {before && after
          ? t.audit.changed(changed.length)
          : after
            ? t.audit.made
            : before
              ? t.audit.gone
              : t.audit.nothingShown}
      </summary>
      <table class="inner">
        <thead>
          <tr>
            <th scope="col">{t.audit.field}</th>
            <th scope="col">{t.audit.before}</th>
            <th scope="col">{t.audit.after}</th>
          </tr>
        </thead>
        <tbody>
          {changed.map((name) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{shown(before?.[name])}</td>
              <td>{shown(after?.[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">{t.audit.request(request_id)}</p>
    </details>
  );
}

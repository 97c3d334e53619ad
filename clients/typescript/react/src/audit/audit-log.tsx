import { type ReactNode, useState } from "react";
import { reason } from "../failure.ts";
import { textFor } from "../lookup.ts";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccessCheck, usePages } from "../queries.ts";
import type { AuditRecord, Org } from "../types.ts";
import { SelectField, TextField } from "../ui/fields.tsx";
import { WhenLoaded, WithOrganization } from "../ui/loading.tsx";
import { Empty } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { type Column, Pager, Table } from "../ui/table.tsx";
import { changesOf, type FieldChange, targetOf } from "./changes.ts";

export interface AuditLogProps {
  orgId: string;
  /** Replaces the heading. */
  heading?: ReactNode;
}

/** The audit log of an organization: who changed what and when. */
export function AuditLog({ orgId, heading }: AuditLogProps) {
  return (
    <Root orgId={orgId}>
      <WithOrganization orgId={orgId}>
        {(org) => <Log org={org} heading={heading} />}
      </WithOrganization>
    </Root>
  );
}

function Log({ org, heading }: { org: Org; heading: ReactNode }) {
  const { texts: t } = useOrganizations();
  const access = useAccessCheck(org.id, { action: "list_audit" });
  return (
    <>
      <Toolbar heading={heading ?? <Title>{t.audit.title}</Title>} />
      <WhenLoaded loaded={access}>
        {(result) =>
          result.decision === "allow" ? (
            <Records org={org} />
          ) : (
            <Empty testId="audit-denied" title={t.denied.title}>
              <p>{reason(result, t)}</p>
            </Empty>
          )
        }
      </WhenLoaded>
    </>
  );
}

/** The start of a day in the reader's time zone, some days later. */
function startOf(day: string, daysLater = 0): string | undefined {
  if (!day) return undefined;
  const at = new Date(`${day}T00:00`);
  at.setDate(at.getDate() + daysLater);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

function Records({ org }: { org: Org }) {
  const { texts: t, format } = useOrganizations();
  const [action, setAction] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const query = { action: action || undefined, from: startOf(from), to: startOf(to, 1) };
  const records = usePages<AuditRecord>(
    [...keys.org(org.id), "audit", query],
    (client, cursor, signal) =>
      client.get("/v1/orgs/{org_id}/audit", {
        params: { path: { org_id: org.id }, query: { ...query, cursor } },
        signal,
      }),
  );
  const columns: Column<AuditRecord>[] = [
    {
      label: t.audit.when,
      cell: ({ at }) => <time dateTime={at}>{format.time(at)}</time>,
    },
    { label: t.audit.who, kind: "heading", cell: ({ actor }) => actor.name ?? actor.user_id },
    {
      label: t.audit.what,
      cell: (record) => (
        <>
          {textFor(t.audit.actions, record.action) ?? record.action}
          <span className="orgs-under">{targetOf(record)}</span>
        </>
      ),
    },
    { label: t.audit.change, cell: (record) => <Changes record={record} /> },
  ];
  const actions = Object.entries(t.audit.actions)
    .map(([value, label]) => ({ value, label: label ?? value }))
    .sort((one, other) => format.compare(one.label, other.label));
  return (
    <>
      <div className="orgs-filters">
        <SelectField
          testId="audit-action"
          label={t.audit.action}
          value={action}
          onChange={setAction}
          options={[{ value: "", label: t.audit.every }, ...actions]}
        />
        <TextField
          testId="audit-from"
          type="date"
          label={t.audit.from}
          value={from}
          onChange={setFrom}
        />
        <TextField testId="audit-to" type="date" label={t.audit.to} value={to} onChange={setTo} />
      </div>
      <Table
        testId="audit-table"
        caption={t.audit.title}
        columns={columns}
        list={records}
        rowKey={(record) => record.id}
        rowTestId={(record) => `audit-${record.action}`}
        empty={
          <Empty testId="audit-empty" title={t.audit.none}>
            <p>{t.audit.noneDetail}</p>
          </Empty>
        }
      />
      <Pager pages={records} />
    </>
  );
}

/** The number of changed fields that are shown at once. */
const FIELDS_SHOWN = 2;
/** A longer value, such as the text of a policy, is only shown in the details. */
const SHORT_CHARACTERS_MAX = 60;

/** The changed fields: short ones at once, everything in the details. */
function Changes({ record }: { record: AuditRecord }) {
  const { texts: t, format } = useOrganizations();
  const changes = changesOf(record, t, format);
  const isShort = ({ before, after }: FieldChange) =>
    Math.max(before?.length ?? 0, after?.length ?? 0) <= SHORT_CHARACTERS_MAX;
  const target = targetOf(record);
  const first = changes
    .filter((change) => isShort(change) && (target === null || change.after !== target))
    .slice(0, FIELDS_SHOWN);
  const more = changes.length - first.length;
  return (
    <>
      {first.length > 0 && (
        <ul className="orgs-changes" data-testid="audit-changes">
          {first.map((change) => (
            <li key={change.name}>
              <span className="orgs-quiet">{change.name}:</span> <Difference change={change} />
            </li>
          ))}
        </ul>
      )}
      <details data-testid="audit-change">
        <summary>{first.length > 0 && more > 0 ? t.audit.more(more) : t.audit.details}</summary>
        {changes.length > 0 && (
          <dl className="orgs-differences">
            {changes.map((change) => (
              <div key={change.name}>
                <dt>{change.name}</dt>
                <dd>
                  <Difference change={change} />
                </dd>
              </div>
            ))}
          </dl>
        )}
        <p className="orgs-quiet">
          {t.audit.person(record.actor.user_id)} · {t.audit.object(record.target)} ·{" "}
          {t.audit.request(record.request_id)}
        </p>
      </details>
    </>
  );
}

function Difference({ change: { before, after } }: { change: FieldChange }) {
  const { texts: t } = useOrganizations();
  if (before === null) return <ins>{after ?? t.audit.nothing}</ins>;
  if (after === null) return <del>{before}</del>;
  return (
    <>
      <del>{before}</del> <span aria-hidden="true">→</span> <ins>{after}</ins>
    </>
  );
}

import { type ReactNode, useState } from "react";
import { type Failure, failureOf } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccessCheck, useLoad, useMe, useOrganizationList } from "../queries.ts";
import type { Statement } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { downloadCsv } from "../ui/download.ts";
import { SelectField } from "../ui/fields.tsx";
import { Badge, Empty, ErrorNotice } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { type Column, Pager, Table } from "../ui/table.tsx";

export interface StatementsProps {
  /** The organization whose own account is shown. By default, it is the account of the person. */
  orgId?: string;
  /** Replaces the heading. */
  heading?: ReactNode;
}

/** The number of months to choose from. */
const MONTHS = 12;

/** Returns this month and the months before it, as `2026-11`. */
function monthsUntil(now: Date): string[] {
  return Array.from({ length: MONTHS }, (_, before) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - before, 1))
      .toISOString()
      .slice(0, 7),
  );
}

/**
 * The statements of an account: what it owes for a month. It is the account of the signed-in person,
 * or of an organization that pays for itself.
 */
export function Statements({ orgId, heading }: StatementsProps) {
  return (
    <Root orgId={orgId}>
      {orgId === undefined ? (
        <StatementsOfAccount heading={heading} />
      ) : (
        <StatementsOfOrganization orgId={orgId} heading={heading} />
      )}
    </Root>
  );
}

/** The statements of an organization, for those who may see them. */
function StatementsOfOrganization({ orgId, heading }: StatementsProps & { orgId: string }) {
  const mayRead = useAccessCheck(orgId, { action: "get_org_statement" });
  if (mayRead.data?.decision !== "allow") return null;
  return <StatementsOfAccount orgId={orgId} heading={heading} />;
}

function StatementsOfAccount({ orgId, heading }: StatementsProps) {
  const { client, texts: t, format } = useOrganizations();
  const [months] = useState(() => monthsUntil(new Date()));
  const [month, setMonth] = useState(months[0] ?? "");
  // The cursors of the pages up to the one that is shown.
  const [cursors, setCursors] = useState<string[]>([]);
  const [csvFailure, setCsvFailure] = useState<Failure | null>(null);
  const account = useMe().data?.account_id;
  const cursor = cursors.at(-1);
  const path = { account_id: account ?? "", month };
  const pathOfOrg = orgId !== undefined && { org_id: orgId, month };
  const statement = useLoad(
    [...(orgId ? keys.org(orgId) : [...keys.account, account]), "statement", month, cursor ?? null],
    (load, signal) =>
      pathOfOrg
        ? load.get("/v1/orgs/{org_id}/statements/{month}", {
            params: { path: pathOfOrg, query: { cursor } },
            signal,
          })
        : load.get("/v1/accounts/{account_id}/statements/{month}", {
            params: { path, query: { cursor } },
            signal,
          }),
    { isEnabled: (orgId ?? account) !== undefined, keepsPrevious: true },
  );
  const orgs = useOrganizationList();
  const names = new Map(orgs.data?.data.map((org) => [org.id, org.name]));
  const { data } = statement;
  const monthName = (one: string) => format.window(`${one}-01T00:00:00Z`, "month");
  const download = async () => {
    setCsvFailure(null);
    try {
      const csv = await (pathOfOrg
        ? client.csv("/v1/orgs/{org_id}/statements/{month}", { params: { path: pathOfOrg } })
        : client.csv("/v1/accounts/{account_id}/statements/{month}", { params: { path } }));
      downloadCsv(csv, `statement-${month}.csv`);
    } catch (error) {
      setCsvFailure(failureOf(error));
    }
  };
  const columns: Column<Statement["lines"][number]>[] = [
    {
      label: t.account.org,
      kind: "heading",
      cell: (line) => names.get(line.org_id) ?? line.org_id,
    },
    {
      label: t.statements.kind,
      cell: (line) => (
        <>
          {line.kind}
          {line.adjustment_of && (
            <span className="orgs-under">
              {t.statements.adjustment(monthName(line.adjustment_of))}
            </span>
          )}
        </>
      ),
    },
    { label: t.usage.credits, kind: "number", cell: (line) => format.credits(line.credits) },
    { label: t.usage.events, kind: "number", cell: (line) => format.count(line.events) },
  ];
  // The lines wait for the names of their organizations, so that they do not move.
  const isReady = orgs.data !== undefined || orgs.failure !== null;
  const list = data && isReady ? { data: data.lines, next_cursor: data.next_cursor } : undefined;
  return (
    <>
      <Toolbar heading={heading ?? <Title>{t.statements.title}</Title>}>
        <Button testId="download-statement" onClick={download} isDisabled={!data?.lines.length}>
          {t.usage.csv}
        </Button>
      </Toolbar>
      <div className="orgs-filters">
        <SelectField
          testId="statement-month"
          label={t.usage.windows.month}
          value={month}
          onChange={(next) => {
            setMonth(next);
            setCursors([]);
          }}
          options={months.map((one) => ({ value: one, label: monthName(one) }))}
        />
      </div>
      <ErrorNotice failure={csvFailure} onRetry={download} />
      <p className="orgs-quiet" data-testid="statement-state">
        {data ? <State statement={data} /> : "\u00a0"}
      </p>
      <Table
        testId="statement-table"
        caption={t.statements.caption(monthName(month))}
        columns={columns}
        list={{ ...statement, data: list }}
        rowKey={(line) => `${line.org_id} ${line.kind} ${line.adjustment_of}`}
        rowTestId={() => "statement-row"}
        empty={
          <Empty testId="statement-empty" title={t.statements.none}>
            <p>{orgId ? t.statements.noneDetailOfOrg : t.statements.noneDetail}</p>
          </Empty>
        }
      />
      <Pager
        pages={{
          ...statement,
          data: list,
          hasPrevious: cursors.length > 0,
          showPrevious: () => setCursors(cursors.slice(0, -1)),
          showNext: () => data?.next_cursor && setCursors([...cursors, data.next_cursor]),
        }}
      />
    </>
  );
}

/** Tells whether a statement is final, and its total. */
function State({ statement }: { statement: Statement }) {
  const { texts: t, format } = useOrganizations();
  const { final, final_at, total } = statement;
  return (
    <>
      <Badge>{final ? t.statements.final : t.statements.open}</Badge>{" "}
      {final ? t.statements.finalDetail : t.statements.openDetail(format.utcDay(final_at))}{" "}
      {t.statements.total(format.credits(total.credits))}
    </>
  );
}

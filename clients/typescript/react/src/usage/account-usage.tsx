import { type ReactNode, useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, useLoad, useOrganizationList } from "../queries.ts";
import { Empty } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { span } from "./periods.ts";

export interface AccountUsageProps {
  /** Replaces the heading. */
  heading?: ReactNode;
}

/** The usage that the signed-in person's account pays for, per month and organization. */
export function AccountUsage({ heading }: AccountUsageProps) {
  const { texts: t, format } = useOrganizations();
  const [from] = useState(() => span("year", new Date()).from.toISOString());
  const report = useLoad([...keys.account, "usage", from], (client, signal) =>
    client.get("/v1/account/usage", {
      params: { query: { group_by: "org", window: "month", top: 100, from } },
      signal,
    }),
  );
  const names = new Map(useOrganizationList().data?.data.map((org) => [org.id, org.name]));
  const rows = [...(report.data?.data ?? [])].reverse();
  const columns: Column<(typeof rows)[number]>[] = [
    { label: t.usage.windows.month, cell: (row) => format.window(row.start, "month") },
    {
      label: t.account.org,
      kind: "heading",
      cell: (row) =>
        row.other ? t.usage.others : row.group && (names.get(row.group) ?? row.group),
    },
    { label: t.usage.credits, kind: "number", cell: (row) => format.credits(row.credits) },
    { label: t.usage.events, kind: "number", cell: (row) => format.count(row.events) },
  ];
  return (
    <Root>
      <Toolbar heading={heading ?? <Title>{t.account.title}</Title>} />
      <p className="orgs-quiet">{t.account.intro}</p>
      <Table
        isSmall
        testId="account-table"
        caption={t.account.title}
        columns={columns}
        list={{ ...report, data: report.data && { data: rows, next_cursor: null } }}
        rowKey={(row) => `${row.start} ${row.other} ${row.group}`}
        rowTestId={() => "account-row"}
        empty={
          <Empty testId="account-empty" title={t.account.none}>
            <p>{t.account.noneDetail}</p>
          </Empty>
        }
      />
    </Root>
  );
}

import { useState } from "react";
import { useOrganizations } from "../provider.tsx";
import type { UsageReport } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { type Column, Table } from "../ui/table.tsx";

/** The number of rows that are shown at first. */
const ROWS = 100;

/** The rows of a report, the latest first. */
export function UsageTable({
  report,
  isLoading,
  names,
}: {
  report: UsageReport;
  isLoading: boolean;
  names: Map<string, string>;
}) {
  const { texts: t, format } = useOrganizations();
  const [showsAll, setShowsAll] = useState(false);
  const rows = [...report.data].reverse();
  type Row = (typeof rows)[number];
  const columns: Column<Row>[] = [
    { label: t.usage.start, cell: (row) => format.window(row.start, report.window) },
    { label: t.usage.credits, kind: "number", cell: (row) => format.credits(row.credits) },
    { label: t.usage.events, kind: "number", cell: (row) => format.count(row.events) },
  ];
  if (report.group_by)
    columns.splice(1, 0, {
      label: t.usage.groups[report.group_by],
      kind: "heading",
      cell: (row) => {
        if (row.other) return t.usage.others;
        return row.group === null ? t.usage.without : (names.get(row.group) ?? row.group);
      },
    });
  return (
    <>
      <Table
        isSmall
        testId="usage-table"
        caption={t.usage.title}
        columns={columns}
        list={{
          data: { data: showsAll ? rows : rows.slice(0, ROWS), next_cursor: null },
          failure: null,
          isLoading,
          reload: () => undefined,
        }}
        rowKey={(row) => `${row.start} ${row.other} ${row.group}`}
        rowTestId={() => "usage-row"}
        empty={null}
      />
      {rows.length > ROWS && !showsAll && (
        <Button kind="link" testId="usage-all" onClick={() => setShowsAll(true)}>
          {t.usage.all(format.count(rows.length))}
        </Button>
      )}
    </>
  );
}

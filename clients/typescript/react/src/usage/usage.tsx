import { type ReactNode, useMemo, useState } from "react";
import { type Failure, failureOf } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import { keys, useLoad } from "../queries.ts";
import type { Org, UsageGroupBy, UsageReport, UsageWindow } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { downloadCsv } from "../ui/download.ts";
import { SelectField } from "../ui/fields.tsx";
import { WithOrganization } from "../ui/loading.tsx";
import { Empty, ErrorNotice } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { Breakdown } from "./breakdown.tsx";
import { BudgetSummary, useBudget } from "./budget-summary.tsx";
import { Chart } from "./chart.tsx";
import { PERIODS, type Period, span, spanBefore, windowsOf } from "./periods.ts";
import { seriesOf } from "./series.ts";
import { UsageTable } from "./usage-table.tsx";

/** The groups with rows of their own, so that a report of the longest period has one page. */
const TOP: Record<UsageWindow, number> = { hour: 11, day: 25, month: 100 };

export interface UsageProps {
  orgId: string;
  /** Replaces the heading. */
  heading?: ReactNode;
}

/** The usage of an organization: budget, chart, breakdown, comparison and table. */
export function Usage({ orgId, heading }: UsageProps) {
  return (
    <Root orgId={orgId}>
      <WithOrganization orgId={orgId}>
        {(org) => <UsageOf org={org} heading={heading} />}
      </WithOrganization>
    </Root>
  );
}

/** The names of the report's groups. Only the first 100 members or resources are known. */
function useNames(orgId: string, group: UsageGroupBy | ""): Map<string, string> {
  const params = { path: { org_id: orgId }, query: { limit: 100 } };
  const members = useLoad(
    [...keys.org(orgId), "members", "names"],
    (client, signal) => client.get("/v1/orgs/{org_id}/members", { params, signal }),
    { isEnabled: group === "member" },
  ).data?.data;
  const resources = useLoad(
    [...keys.org(orgId), "resources", "names"],
    (client, signal) => client.get("/v1/orgs/{org_id}/resources", { params, signal }),
    { isEnabled: group === "resource" },
  ).data?.data;
  return useMemo(() => {
    if (group === "member")
      return new Map(members?.map((member) => [member.user_id, member.name ?? member.email]));
    if (group === "resource")
      return new Map(resources?.map((resource) => [resource.id, resource.name]));
    return new Map();
  }, [group, members, resources]);
}

function UsageOf({ org, heading }: { org: Org; heading: ReactNode }) {
  const { client, texts: t, format } = useOrganizations();
  const [period, setPeriod] = useState<Period>("month");
  const [wanted, setWanted] = useState<UsageWindow>("day");
  const [group, setGroup] = useState<UsageGroupBy | "">("kind");
  const [csvFailure, setCsvFailure] = useState<Failure | null>(null);
  const [now] = useState(() => new Date());
  const windows = windowsOf(period, group);
  const window = windows.includes(wanted) ? wanted : "day";
  const query = useMemo(() => {
    const { from, to } = span(period, now);
    const range = { from: from.toISOString(), to: to.toISOString() };
    return { ...range, window, ...(group && { group_by: group }) };
  }, [period, window, group, now]);
  const budget = useBudget(org.id).data ?? null;
  const names = useNames(org.id, group);
  const report = useLoad(
    [...keys.org(org.id), "usage", query],
    (client, signal) =>
      client.get("/v1/orgs/{org_id}/usage", {
        params: {
          path: { org_id: org.id },
          query: { ...query, ...(group && { top: TOP[window] }) },
        },
        signal,
      }),
    { keepsPrevious: true },
  );
  const before = useTotalBefore(org.id, period, now);
  const { data } = report;
  const series = useMemo(
    () => data && seriesOf(data, budget, names, now.getTime(), t, format),
    [data, budget, names, now, t, format],
  );
  const downloadReport = async () => {
    setCsvFailure(null);
    try {
      const csv = await client.csv("/v1/orgs/{org_id}/usage", {
        params: { path: { org_id: org.id }, query },
      });
      const [from, to] = [query.from.slice(0, 10), query.to.slice(0, 10)];
      downloadCsv(csv, `usage-${from}-${to}.csv`);
    } catch (error) {
      setCsvFailure(failureOf(error));
    }
  };
  const hasRows = data !== undefined && data.data.length > 0;
  return (
    <>
      <Toolbar heading={heading ?? <Title>{t.usage.title}</Title>}>
        <Button testId="download-csv" onClick={downloadReport} isDisabled={!data}>
          {t.usage.csv}
        </Button>
      </Toolbar>
      <BudgetSummary orgId={org.id} />
      <div className="orgs-filters">
        <SelectField
          testId="usage-range"
          label={t.usage.range}
          value={period}
          onChange={(next) => {
            setPeriod(next);
            if (next === "year") setWanted("month");
          }}
          options={PERIODS.map((one) => ({ value: one, label: t.usage.ranges[one] }))}
        />
        <SelectField
          testId="usage-window"
          label={t.usage.by}
          value={window}
          onChange={setWanted}
          options={windows.map((one) => ({ value: one, label: t.usage.windows[one] }))}
        />
        <SelectField
          testId="usage-group"
          label={t.usage.group}
          value={group}
          onChange={setGroup}
          options={(["", "kind", "resource", "member"] as const).map((one) => ({
            value: one,
            label: t.usage.groups[one || "none"],
          }))}
        />
      </div>
      <ErrorNotice failure={csvFailure} onRetry={downloadReport} />
      <ErrorNotice failure={report.failure} onRetry={report.reload} />
      <div className="orgs-usage">
        <div className="orgs-chart">
          {series && hasRows ? (
            <Chart
              series={series}
              label={t.usage.chartOf(t.usage.ranges[period], format.credits(data.total.credits))}
            />
          ) : data && !report.failure ? (
            <Empty testId="usage-empty" title={t.usage.none}>
              <p>{t.usage.noneDetail}</p>
            </Empty>
          ) : null}
        </div>
        {series && hasRows && <Breakdown series={series} />}
      </div>
      {data && <Total report={data} before={before} />}
      {hasRows && <UsageTable report={data} isLoading={report.isLoading} names={names} />}
    </>
  );
}

/** The total of the period before. Null if it cannot be had: the comparison is not essential. */
function useTotalBefore(orgId: string, period: Period, now: Date): string | null {
  const { from, to } = spanBefore(period, now);
  const window: UsageWindow = period === "year" ? "month" : "day";
  const query = { from: from.toISOString(), to: to.toISOString(), window };
  const report = useLoad([...keys.org(orgId), "usage", "before", query], (client, signal) =>
    client.get("/v1/orgs/{org_id}/usage", { params: { path: { org_id: orgId }, query }, signal }),
  );
  return report.data?.total.credits ?? null;
}

function Total({ report, before }: { report: UsageReport; before: string | null }) {
  const { texts: t, format } = useOrganizations();
  const { total, from, to } = report;
  const ratio = Number(before) > 0 ? Number(total.credits) / Number(before) - 1 : null;
  return (
    <p>
      <span data-testid="usage-total">
        {t.usage.total(
          format.credits(total.credits),
          format.count(total.events),
          format.utcDay(from),
          format.lastDay(to),
        )}
      </span>{" "}
      {before !== null && (
        <span className="orgs-quiet" data-testid="usage-compared">
          {ratio === null
            ? t.usage.comparedNothing
            : t.usage.compared(format.change(ratio), format.credits(before))}
        </span>
      )}
    </p>
  );
}

// The usage of an organization: budget summary, chart and table.

import { useEffect, useMemo, useState } from "preact/hooks";
import { ask, type Problem, path, useLoad } from "./api.ts";
import { Chart, stacks } from "./chart.tsx";
import { about, credits, inWindow, lastDay, utc } from "./format.ts";
import type { OrgPageProps } from "./org-page.ts";
import { t } from "./texts.ts";
import type {
  Budget as BudgetOf,
  GroupBy,
  Member,
  Page,
  Resource,
  UsageReport,
  WindowSize,
} from "./types.ts";
import { Button, Chip, Empty, ErrorNotice, Field, Heading, Table } from "./ui.tsx";

type Period = "month" | "last" | "week" | "year";
const RANGES: readonly Period[] = ["month", "last", "week", "year"];
/** The number of rows that are shown at first. */
const ROWS = 100;
const HOUR = 3_600_000;

/** The start and end of a period, in UTC. */
function span(range: Period, now: Date): [Date, Date] {
  const month = (back: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
  if (range === "last") return [month(1), month(0)];
  if (range === "week") return [new Date(now.getTime() - 6 * 24 * HOUR), now];
  return [month(range === "year" ? 11 : 0), now];
}

/** This month's spend, budget and forecast. */
export function Budget({ org }: { org: string }) {
  const budget = useLoad<BudgetOf>(`/orgs/${org}/budget`);
  return <BudgetSummary budget={budget.data} problem={budget.problem} reload={budget.reload} />;
}

function BudgetSummary({
  budget,
  problem,
  reload,
}: {
  budget: BudgetOf | null;
  problem: Problem | null;
  reload: () => void;
}) {
  if (problem && !budget) return <ErrorNotice problem={problem} again={reload} />;
  const kind = { none: "plain", ok: "good", warning: "warn", exceeded: "bad" } as const;
  return (
    <dl class="tiles" data-testid="budget-summary" aria-busy={!budget}>
      <div>
        <dt>{t.usage.spent}</dt>
        <dd data-testid="budget-spent">{budget ? credits(budget.spent) : "…"}</dd>
      </div>
      <div>
        <dt>{t.usage.budget}</dt>
        <dd data-testid="budget-monthly">
          {budget
            ? budget.monthly_credits === null
              ? t.usage.noBudget
              : credits(budget.monthly_credits)
            : "…"}
          {budget && budget.state !== "none" && (
            <Chip kind={kind[budget.state]}>{t.usage.states[budget.state]}</Chip>
          )}
        </dd>
      </div>
      <div>
        <dt>{t.usage.forecast}</dt>
        <dd data-testid="budget-forecast">
          {budget ? about(Number(budget.forecast.credits)) : "…"}
        </dd>
      </div>
      <div>
        <dt>{t.usage.until}</dt>
        <dd data-testid="budget-until">{budget ? utc(budget.period.end) : "…"}</dd>
      </div>
    </dl>
  );
}

/** The names of the report's groups. Only the first 100 members or resources are known. */
function useNames(org: string, group: GroupBy | ""): Map<string, string> {
  const members = useLoad<Page<Member>>(
    group === "member" ? path(`/orgs/${org}/members`, { limit: "100" }) : null,
  );
  const resources = useLoad<Page<Resource>>(
    group === "resource" ? path(`/orgs/${org}/resources`, { limit: "100" }) : null,
  );
  return useMemo(() => {
    if (group === "member")
      return new Map(
        members.data?.data.map((member) => [member.user_id, member.name ?? member.email]),
      );
    if (group === "resource")
      return new Map(resources.data?.data.map((resource) => [resource.id, resource.name]));
    return new Map();
  }, [group, members.data, resources.data]);
}

export function Usage({ org }: OrgPageProps) {
  const [range, setRange] = useState<Period>("month");
  const [windowSize, setWindowSize] = useState<WindowSize>("day");
  const [group, setGroup] = useState<GroupBy | "">("kind");
  const [showsAll, setShowsAll] = useState(false);
  const [now] = useState(() => new Date());
  const [from, to] = useMemo(() => span(range, now), [range, now]);
  const budget = useLoad<BudgetOf>(`/orgs/${org.id}/budget`);
  const names = useNames(org.id, group);
  const url = path(`/orgs/${org.id}/usage`, {
    from: from.toISOString(),
    to: to.toISOString(),
    window: windowSize,
    group_by: group,
  });
  const report = useLoad<UsageReport>(url);
  const noHours = group === "resource" || group === "member" || range === "year";
  useEffect(() => {
    if (noHours && windowSize === "hour") setWindowSize("day");
  }, [noHours, windowSize]);
  useEffect(() => {
    if (range === "year" && windowSize !== "month") setWindowSize("month");
    else if (range === "week" && windowSize === "month") setWindowSize("day");
  }, [range]);
  const chart = useMemo(
    () => report.data && stacks(report.data, budget.data, names),
    [report.data, budget.data, names],
  );
  const rows = [...(report.data?.data ?? [])].reverse();
  // The report on screen can still be the one of the previous selection.
  const shown = report.data?.group_by;
  const [csvProblem, setCsvProblem] = useState<Problem | null>(null);
  const csv = async () => {
    const answer = await ask({ method: "GET", path: url, accept: "text/csv" });
    setCsvProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([answer.text], { type: "text/csv" }));
    link.download = `usage-${from.toISOString().slice(0, 10)}-${to.toISOString().slice(0, 10)}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <div class="head">
        <Heading>{t.usage.title}</Heading>
        <Button testId="download-csv" onClick={csv} isDisabled={!report.data}>
          {t.usage.csv}
        </Button>
      </div>
      <BudgetSummary budget={budget.data} problem={budget.problem} reload={budget.reload} />
      <div class="filters">
        <Field testId="usage-range" label={t.usage.range}>
          {(field) => (
            <select
              {...field}
              value={range}
              onChange={(event) => setRange(event.currentTarget.value as Period)}
            >
              {RANGES.map((one) => (
                <option key={one} value={one}>
                  {t.usage.ranges[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field testId="usage-window" label={t.usage.by}>
          {(field) => (
            <select
              {...field}
              value={windowSize}
              onChange={(event) => setWindowSize(event.currentTarget.value as WindowSize)}
            >
              <option value="hour" disabled={noHours}>
                {t.usage.hour}
              </option>
              <option value="day">{t.usage.day}</option>
              <option value="month">{t.usage.month}</option>
            </select>
          )}
        </Field>
        <Field testId="usage-group" label={t.usage.group}>
          {(field) => (
            <select
              {...field}
              value={group}
              onChange={(event) => setGroup(event.currentTarget.value as GroupBy | "")}
            >
              <option value="">{t.usage.groups.none}</option>
              <option value="kind">{t.usage.groups.kind}</option>
              <option value="resource">{t.usage.groups.resource}</option>
              <option value="member">{t.usage.groups.member}</option>
            </select>
          )}
        </Field>
      </div>
      <ErrorNotice problem={csvProblem} again={csv} />
      <ErrorNotice problem={report.problem} again={report.reload} />
      <div class="chart">
        {chart && rows.length > 0 ? (
          <Chart
            of={chart}
            label={t.usage.chartOf(
              t.usage.ranges[range],
              report.data ? credits(report.data.total.credits) : "",
            )}
          />
        ) : report.data && !report.problem ? (
          <Empty testId="usage-empty" title={t.usage.none}>
            <p>{t.usage.noneDetail}</p>
          </Empty>
        ) : null}
      </div>
      {report.data && (
        <p data-testid="usage-total">
          {t.usage.total(
            credits(report.data.total.credits),
            report.data.total.events,
            utc(report.data.from),
            lastDay(report.data.to),
          )}
        </p>
      )}
      {rows.length > 0 && (
        <Table
          isSmall
          testId="usage-table"
          caption={t.usage.title}
          heads={[
            t.usage.start,
            ...(shown ? [t.usage.groups[shown]] : []),
            t.usage.credits,
            t.usage.events,
          ]}
          pages={{
            ...report,
            problem: null,
            data: { data: showsAll ? rows : rows.slice(0, ROWS), next_cursor: null },
          }}
          empty={null}
          row={(row) => (
            <tr key={row.start + row.group} data-testid="usage-row">
              <td>{inWindow(row.start, report.data?.window ?? null)}</td>
              {shown && (
                <th scope="row">
                  {row.group === null ? t.usage.without : (names.get(row.group) ?? row.group)}
                </th>
              )}
              <td class="number">{credits(row.credits)}</td>
              <td class="number">{row.events}</td>
            </tr>
          )}
        />
      )}
      {rows.length > ROWS && !showsAll && (
        <Button kind="link" testId="usage-all" onClick={() => setShowsAll(true)}>
          {t.usage.all(rows.length)}
        </Button>
      )}
    </>
  );
}

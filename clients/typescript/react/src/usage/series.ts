import type { Format } from "../format.ts";
import type { Texts } from "../texts/en.ts";
import type { Budget, UsageReport, UsageWindow } from "../types.ts";

/** The number of groups that are shown by themselves. All smaller groups are combined. */
export const GROUPS_MAX = 7;

const HOUR_MILLISECONDS = 3_600_000;

export interface Group {
  /** The id of the group, which names may not be. */
  id: string;
  name: string;
  /** The sum of the credits. */
  total: number;
  /** The credits per window. */
  values: number[];
  isRest: boolean;
}

export interface Series {
  labels: string[];
  /** The largest groups first. */
  groups: Group[];
  /** The forecast on top of the usage, per window. */
  expected: (number | null)[];
  /** The budget's share of each window. */
  budget: (number | null)[];
}

/** The start of the window after the one that starts at `at`. */
function next(at: Date, size: UsageWindow): Date {
  if (size === "month") return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
  return new Date(at.getTime() + (size === "day" ? 24 : 1) * HOUR_MILLISECONDS);
}

/** Converts a report to series: every window of the report, and for this month also future ones. */
export function seriesOf(
  report: UsageReport,
  budget: Budget | null,
  names: Map<string, string>,
  now: number,
  t: Texts,
  format: Format,
): Series {
  const size = report.window ?? "month";
  const month = budget && {
    start: Date.parse(budget.period.start),
    end: Date.parse(budget.period.end),
  };
  const isThisMonth =
    month !== null &&
    Date.parse(report.to) > month.start &&
    new Date(report.from).getUTCDate() === 1 &&
    size !== "hour";
  const end = isThisMonth ? month.end : Date.parse(report.to);
  const starts: Date[] = [];
  for (let at = new Date(report.from); at.getTime() < end; at = next(at, size)) starts.push(at);
  const ahead = budget ? Math.max(0, Number(budget.forecast.credits) - Number(budget.spent)) : 0;
  // The forecast is spread over the rest of the month; the current window gets its remaining part.
  const expected = starts.map((at) => {
    if (!isThisMonth || ahead === 0) return null;
    const [from, to] = [Math.max(at.getTime(), now), Math.min(next(at, size).getTime(), month.end)];
    return to > from ? (ahead * (to - from)) / (month.end - now) : null;
  });
  const monthly = budget?.monthly_credits ? Number(budget.monthly_credits) : null;
  const share = starts.map((at) => {
    if (monthly === null) return null;
    const days = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
    return size === "month" ? monthly : monthly / days / (size === "hour" ? 24 : 1);
  });
  return {
    labels: starts.map((at) => format.axis(at, size)),
    groups: groupsOf(report, starts, names, t),
    expected,
    budget: share,
  };
}

function groupsOf(
  report: UsageReport,
  starts: Date[],
  names: Map<string, string>,
  t: Texts,
): Group[] {
  const positions = new Map(starts.map((at, position) => [at.getTime(), position]));
  // Keyed by group, because two groups can have the same name.
  const totals = new Map<string | null, number>();
  for (const row of report.data.filter((row) => !row.other))
    totals.set(row.group, (totals.get(row.group) ?? 0) + Number(row.credits));
  const largest = [...totals].sort(([, one], [, other]) => other - one).map(([group]) => group);
  const nameOf = (group: string | null): string =>
    group === null
      ? report.group_by
        ? t.usage.without
        : t.usage.credits
      : (names.get(group) ?? group);
  const empty = (id: string | null, name: string, isRest = false): Group => ({
    id: id ?? "",
    name,
    total: 0,
    values: starts.map(() => 0),
    isRest,
  });
  const groups = largest.slice(0, GROUPS_MAX).map((group) => empty(group, nameOf(group)));
  const rest = empty("rest", t.usage.others, true);
  for (const row of report.data) {
    const group = (!row.other && groups[largest.indexOf(row.group)]) || rest;
    const position = positions.get(Date.parse(row.start));
    group.total += Number(row.credits);
    if (position !== undefined)
      group.values[position] = (group.values[position] ?? 0) + Number(row.credits);
  }
  return rest.total > 0 ? [...groups, rest] : groups;
}

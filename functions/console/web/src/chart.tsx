// The chart of credits over time: stacked bars, the budget spread evenly, and the forecast.

import {
  BarController,
  BarElement,
  CategoryScale,
  Chart as ChartJs,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import { useEffect, useRef, useState } from "preact/hooks";
import { about, onAxis } from "./format.ts";
import { t } from "./texts.ts";
import type { Budget, UsageReport, WindowSize } from "./types.ts";

ChartJs.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LineController,
  LineElement,
  LinearScale,
  PointElement,
  Tooltip,
);

/** The number of groups with their own color. The chart combines all smaller groups. */
const SHOWN = 7;
const LIGHT = [
  "#2f6bff",
  "#0f8a6d",
  "#b4600b",
  "#8b3fd1",
  "#c2255c",
  "#0b7f9e",
  "#6b6f1d",
  "#7a8490",
];
const DARK = [
  "#7ea6ff",
  "#4fd1b0",
  "#f0a35a",
  "#c39bf5",
  "#f58ab0",
  "#62cbe6",
  "#c7cc62",
  "#97a3af",
];

export interface Stacks {
  labels: string[];
  bars: { name: string; values: number[]; isRest: boolean }[];
  /** The forecast on top of the usage, per window. */
  expected: (number | null)[];
  /** The budget's share of each window. */
  budget: (number | null)[];
}

/** The start of the window after the one that starts at `at`. */
function next(at: Date, size: WindowSize): Date {
  if (size === "month") return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
  return new Date(at.getTime() + (size === "day" ? 24 : 1) * 3_600_000);
}

/** Converts a report to chart data: every window of the report, and for this month also future ones. */
export function stacks(
  report: UsageReport,
  budget: Budget | null,
  names: Map<string, string>,
): Stacks {
  const now = Date.now();
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
  const end = isThisMonth && month ? month.end : Date.parse(report.to);
  const starts: Date[] = [];
  for (let at = new Date(report.from); at.getTime() < end; at = next(at, size)) starts.push(at);
  const positions = new Map(starts.map((at, position) => [at.getTime(), position]));
  // Keyed by group, because two groups can have the same name.
  const totals = new Map<string | null, number>();
  for (const row of report.data)
    totals.set(row.group, (totals.get(row.group) ?? 0) + Number(row.credits));
  const large = [...totals].sort(([, one], [, other]) => other - one).map(([group]) => group);
  const displayName = (group: string | null) =>
    group === null
      ? report.group_by
        ? t.usage.without
        : t.usage.credits
      : (names.get(group) ?? group);
  const bars = large
    .slice(0, SHOWN)
    .map((group) => ({ name: displayName(group), values: starts.map(() => 0), isRest: false }));
  const rest = { name: t.usage.others, values: starts.map(() => 0), isRest: true };
  for (const row of report.data) {
    const position = positions.get(Date.parse(row.start));
    const { values } = bars[large.indexOf(row.group)] ?? rest;
    if (position !== undefined) values[position] = (values[position] ?? 0) + Number(row.credits);
  }
  const ahead = budget ? Math.max(0, Number(budget.forecast.credits) - Number(budget.spent)) : 0;
  // The forecast is spread over the rest of the month; the current window gets its remaining part.
  const expected = starts.map((at) => {
    if (!month || !isThisMonth || ahead === 0) return null;
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
    labels: starts.map((at) => onAxis(at, size)),
    bars: large.length > SHOWN ? [...bars, rest] : bars,
    expected,
    budget: share,
  };
}

/** Whether the reader's system uses a dark color scheme. */
function useDark(): boolean {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const [isDark, setIsDark] = useState(query.matches);
  useEffect(() => {
    const listener = () => setIsDark(query.matches);
    query.addEventListener("change", listener);
    return () => query.removeEventListener("change", listener);
  }, []);
  return isDark;
}

export function Chart({ of, label }: { of: Stacks; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDark = useDark();
  useEffect(() => {
    if (!canvas.current) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const colors = isDark ? DARK : LIGHT;
    const [text, line] = [color("--quiet"), color("--line")];
    const hasBudget = of.budget.some((value) => value !== null);
    const isExpected = of.expected.some((value) => value !== null);
    const chart = new ChartJs(canvas.current, {
      data: {
        labels: of.labels,
        datasets: [
          ...(hasBudget
            ? [
                {
                  type: "line" as const,
                  label: t.usage.budgetLine,
                  data: of.budget,
                  borderColor: color("--bad"),
                  backgroundColor: color("--bad"),
                  borderDash: [6, 4],
                  borderWidth: 2,
                  pointRadius: 0,
                  pointHitRadius: 6,
                  pointStyle: "line",
                },
              ]
            : []),
          ...of.bars.map(({ name, values, isRest }, at) => ({
            type: "bar" as const,
            label: name,
            data: values,
            backgroundColor: colors[isRest ? SHOWN : at] ?? text,
            stack: "credits",
            pointStyle: "rect",
          })),
          ...(isExpected
            ? [
                {
                  type: "bar" as const,
                  label: t.usage.expected,
                  data: of.expected,
                  backgroundColor: "transparent",
                  borderColor: text,
                  borderWidth: 1,
                  stack: "credits",
                  pointStyle: "rect",
                },
              ]
            : []),
        ],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        scales: {
          x: {
            stacked: true,
            grid: { display: false },
            ticks: { color: text, maxRotation: 0, autoSkipPadding: 12 },
          },
          y: {
            stacked: true,
            beginAtZero: true,
            grid: { color: line },
            ticks: { color: text, callback: (value) => about(Number(value)) },
          },
        },
        plugins: {
          legend: { position: "bottom", labels: { color: text, usePointStyle: true } },
          tooltip: {
            filter: (item) => item.dataset.type === "line" || Number(item.parsed.y) > 0,
            callbacks: {
              label: (item) => `${item.dataset.label}: ${about(Number(item.parsed.y))}`,
            },
          },
        },
      },
    });
    return () => chart.destroy();
  }, [of, isDark]);
  return <canvas ref={canvas} data-testid="usage-chart" role="img" aria-label={label} />;
}

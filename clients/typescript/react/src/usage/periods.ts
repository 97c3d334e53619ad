import type { UsageWindow } from "../types.ts";

/** A period that a person can choose. */
export type Period = "month" | "last" | "week" | "year";
export const PERIODS: readonly Period[] = ["month", "last", "week", "year"];

const DAY_MILLISECONDS = 86_400_000;

interface Span {
  from: Date;
  to: Date;
}

/** The first moment of a month in UTC, counted back from the month of `now`. */
const month = (now: Date, back: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));

/** The start and the end of a period. */
export function span(period: Period, now: Date): Span {
  switch (period) {
    case "month":
      return { from: month(now, 0), to: now };
    case "last":
      return { from: month(now, 1), to: month(now, 0) };
    case "week":
      return { from: new Date(now.getTime() - 6 * DAY_MILLISECONDS), to: now };
    case "year":
      return { from: month(now, 11), to: now };
  }
}

/**
 * The period before, of the same length: this month so far is compared with as much of last month.
 */
export function spanBefore(period: Period, now: Date): Span {
  switch (period) {
    case "month": {
      const [from, end] = [month(now, 1), month(now, 0)];
      const to = from.getTime() + now.getTime() - end.getTime();
      return { from, to: new Date(Math.min(to, end.getTime())) };
    }
    case "last":
      return { from: month(now, 2), to: month(now, 1) };
    case "week":
      return {
        from: new Date(now.getTime() - 13 * DAY_MILLISECONDS),
        to: new Date(now.getTime() - 7 * DAY_MILLISECONDS),
      };
    case "year":
      return { from: month(now, 23), to: month(now, 11) };
  }
}

/** The windows that the API and the chart can show. */
export function windowsOf(period: Period, group: string): UsageWindow[] {
  const windows: UsageWindow[] = period === "week" ? ["day"] : ["day", "month"];
  // The API has no hours by resource or member, and a year of hours is too much for a chart.
  const hasHours = group !== "resource" && group !== "member" && period !== "year";
  return hasHours ? ["hour", ...windows] : windows;
}

// Formats numbers and times in the reader's language and time zone. Billing periods are in UTC.

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 });
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const tiny = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const utcDay = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const utcHour = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});
const utcMonth = new Intl.DateTimeFormat(undefined, {
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});
const axis = {
  hour: new Intl.DateTimeFormat(undefined, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "UTC",
  }),
  day: new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" }),
  month: new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric", timeZone: "UTC" }),
};

/** Formats exact credits. Text with more digits than a double can hold stays unformatted. */
export const credits = (text: string): string =>
  text.replace(".", "").length > 15 ? text : number.format(Number(text));
/** Formats rounded credits. */
export const about = (value: number): string =>
  (value !== 0 && Math.abs(value) < 1 ? tiny : short).format(value);
export const onDay = (at: string): string => day.format(new Date(at));
export const atTime = (at: string): string => moment.format(new Date(at));
export const inWindow = (at: string, size: "hour" | "day" | "month" | null): string =>
  (size === "hour" ? utcHour : size === "month" ? utcMonth : utcDay).format(new Date(at));
export const onAxis = (at: Date, size: "hour" | "day" | "month"): string => axis[size].format(at);
/** The last day of a period with the exclusive end `end`. */
export const lastDay = (end: string): string => utc(new Date(Date.parse(end) - 1).toISOString());
export const utc = (at: string): string => `${utcDay.format(new Date(at))} UTC`;

/**
 * Formats numbers and times in a locale. Billing periods are in UTC, everything else in local time.
 */
export interface Format {
  /** The locale, such as `en-GB`. */
  locale: string;
  /** Exact credits. Text with more digits than a double can hold stays unformatted. */
  credits: (text: string) => string;
  /** Rounded credits. */
  about: (value: number) => string;
  count: (value: number) => string;
  /** A change in percent, with its sign, such as "+12%". */
  change: (ratio: number) => string;
  /** A part of a whole in percent, such as "12%". */
  share: (ratio: number) => string;
  day: (at: string) => string;
  time: (at: string) => string;
  utcDay: (at: string) => string;
  /** The last day of a period with the exclusive end `end`. */
  lastDay: (end: string) => string;
  /** The start of a window of a usage report. */
  window: (at: string, size: WindowSize | null) => string;
  /** The start of a window, short enough for an axis. */
  axis: (at: Date, size: WindowSize) => string;
  /** Compares two texts in the order of the language. */
  compare: (one: string, other: string) => number;
}

type WindowSize = "hour" | "day" | "month";

export function makeFormat(locale: string): Format {
  const times = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const numbers = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const exact = numbers({ maximumFractionDigits: 6 });
  const short = numbers({ maximumFractionDigits: 2 });
  const tiny = numbers({ maximumSignificantDigits: 2 });
  const percent = numbers({
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: 0,
  });
  const part = numbers({ style: "percent", maximumFractionDigits: 0 });
  const day = times({ dateStyle: "medium" });
  const moment = times({ dateStyle: "medium", timeStyle: "short" });
  const utcDay = times({ dateStyle: "medium", timeZone: "UTC" });
  const windows = {
    hour: times({ dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }),
    day: utcDay,
    month: times({ month: "long", year: "numeric", timeZone: "UTC" }),
  };
  const axis = {
    hour: times({
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "UTC",
    }),
    day: times({ day: "numeric", month: "short", timeZone: "UTC" }),
    month: times({ month: "short", year: "numeric", timeZone: "UTC" }),
  };
  const collator = new Intl.Collator(locale);
  const inUtc = (at: string | number) => `${utcDay.format(new Date(at))} UTC`;
  return {
    locale,
    credits: (text) => (text.replace(".", "").length > 15 ? text : exact.format(Number(text))),
    about: (value) => (value !== 0 && Math.abs(value) < 1 ? tiny : short).format(value),
    count: (value) => exact.format(value),
    change: (ratio) => percent.format(ratio),
    share: (ratio) => part.format(ratio),
    day: (at) => day.format(new Date(at)),
    time: (at) => moment.format(new Date(at)),
    utcDay: inUtc,
    lastDay: (end) => inUtc(Date.parse(end) - 1),
    window: (at, size) => windows[size ?? "day"].format(new Date(at)),
    axis: (at, size) => axis[size].format(at),
    compare: collator.compare,
  };
}

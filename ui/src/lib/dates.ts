const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const thisYear = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });

/** parse reads the moments the formats hold, with 0 to 7 fraction digits. Null when there is none, or it is no date. */
export function parse(text: string | null | undefined): Date | null {
  if (!text || text.startsWith("0001-01-01")) return null;
  const moment = new Date(text.replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** show is the moment in the reader's own time zone; the year only if it is another. */
export function show(moment: Date, now = new Date()): string {
  return (moment.getFullYear() === now.getFullYear() ? thisYear : local).format(moment);
}

/** utc is the moment as an investigator quotes it. */
export function utc(moment: Date): string {
  return moment.toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** ago is how far the moment lies from now: `3 hours ago`, `in 2 days`. */
export function ago(moment: Date, now: Date): string {
  const seconds = Math.round((moment.getTime() - now.getTime()) / 1000);
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return "just now";
}

/** zone is the reader's own time zone, by its name. */
export function zone(): string {
  return local.resolvedOptions().timeZone;
}

/** toInput is a moment as a date field wants it: in the reader's own time, without a zone. */
export function toInput(moment: string | undefined): string {
  const at = parse(moment);
  return at ? new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : "";
}

const dayOnly = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", timeZone: "UTC" });

const dayOfYear = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** day is a day as the server counts them: in UTC; the year only if it is another. */
export function day(text: string, now = new Date()): string {
  const at = parse(text);
  if (!at) return text;
  return (at.getUTCFullYear() === now.getUTCFullYear() ? dayOnly : dayOfYear).format(at);
}

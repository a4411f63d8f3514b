import type { HuntColumn } from "../api/hunting";

/** What a query found: values as the server writes them, in the order of the columns. */
export type Row = readonly unknown[];

/** text is a value as people read it. Null is nothing. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}

/** cellText is a value as the grid shows it: moments in the reader's own words stay sortable and exact. */
export function cellText(value: unknown, type: string): string {
  const whole = text(value);
  if (type === "datetime" && whole) return whole.replace("T", " ").replace(/\.?0*Z$/, "Z");
  return whole.length > 400 ? `${whole.slice(0, 400)}…` : whole;
}

const numbers = new Set(["int", "long", "real", "decimal"]);
export const isNumber = (type: string) => numbers.has(type);

/** ticksOf is a timespan as a number that can be compared. */
function ticksOf(span: string): number {
  const found = /^(-)?(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(span);
  if (!found) return 0;
  const [, minus, days = "0", hours = "0", minutes = "0", seconds = "0", rest = "0"] = found;
  const all = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds) + Number(`0.${rest}`);
  return minus ? -all : all;
}

/** compare puts two values of a type in order; what has none comes last. */
export function compare(a: unknown, b: unknown, type: string): number {
  if (a === null || a === undefined || a === "") return b === null || b === undefined || b === "" ? 0 : 1;
  if (b === null || b === undefined || b === "") return -1;
  if (isNumber(type)) return Number(a) - Number(b) || text(a).localeCompare(text(b));
  if (type === "timespan") return ticksOf(text(a)) - ticksOf(text(b));
  const x = text(a);
  const y = text(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export interface Filter {
  column: number;
  value: string;
  /** Rows with this value are left out, rather than others. */
  not?: boolean;
}

export interface Sorted {
  column: number;
  descending: boolean;
}

/** arranged gives the places of the rows that filters leave, in order. */
export function arranged(rows: readonly Row[], columns: readonly HuntColumn[], filters: readonly Filter[], sorted: Sorted | undefined, search = ""): number[] {
  const wanted = search.trim().toLowerCase();
  const places: number[] = [];
  rows.forEach((row, i) => {
    const fits = filters.every(({ column, value, not }) => (text(row[column]) === value) !== Boolean(not));
    if (fits && (!wanted || row.some((value) => text(value).toLowerCase().includes(wanted)))) places.push(i);
  });
  if (sorted) {
    const type = columns[sorted.column]?.type ?? "string";
    const way = sorted.descending ? -1 : 1;
    places.sort((a, b) => way * compare(rows[a]?.[sorted.column], rows[b]?.[sorted.column], type) || a - b);
  }
  return places;
}

/** safe keeps a spreadsheet from taking what a row says for a formula. */
export function safe(cell: string): string {
  return /^[\s\p{C}]*[=+\-@＝＋－＠]/u.test(cell) || /^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
}

/** csv writes rows as RFC 4180 has them. Numbers stay numbers. */
export function csv(columns: readonly HuntColumn[], rows: readonly Row[], shown: readonly number[]): string {
  const cell = (content: string) => (/[",\r\n]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content);
  const lines = [shown.map((i) => cell(safe(columns[i]?.name ?? ""))).join(",")];
  for (const row of rows) {
    lines.push(shown.map((i) => cell(isNumber(columns[i]?.type ?? "") ? text(row[i]) : safe(text(row[i])))).join(","));
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** json writes rows as objects. */
export function json(columns: readonly HuntColumn[], rows: readonly Row[], shown: readonly number[]): string {
  return JSON.stringify(rows.map((row) => Object.fromEntries(shown.map((i) => [columns[i]?.name ?? String(i), row[i]]))), null, 2);
}

/** tsv is what is put on the clipboard. */
export function tsv(columns: readonly HuntColumn[], rows: readonly Row[], shown: readonly number[]): string {
  const cell = (content: string) => content.replace(/[\t\r\n]+/g, " ");
  return [shown.map((i) => cell(columns[i]?.name ?? "")), ...rows.map((row) => shown.map((i) => cell(text(row[i]))))].map((line) => line.join("\t")).join("\n");
}

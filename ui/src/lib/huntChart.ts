import type { HuntColumn, HuntRender } from "../api/hunting";
import { isNumber, text, type Row } from "./huntRows";

export type ChartKind = "bar" | "column" | "pie" | "line" | "area" | "stackedarea" | "scatter" | "card";

/** The charts that a reader can choose, beside what the query says. */
export const chartKinds: readonly (readonly [ChartKind, string])[] = [
  ["column", "Column chart"], ["bar", "Bar chart"], ["pie", "Pie chart"], ["line", "Line chart"], ["area", "Area chart"], ["stackedarea", "Stacked area chart"], ["scatter", "Scatter chart"], ["card", "Card"],
];

const byRender: Readonly<Record<string, ChartKind>> = {
  barchart: "bar", columnchart: "column", piechart: "pie", timechart: "line", linechart: "line", anomalychart: "line", areachart: "area", stackedareachart: "stackedarea", scatterchart: "scatter", card: "card", timepivot: "line", ladderchart: "bar", treemap: "pie",
};

/** chartOf is the chart that a query asks for; undefined: none, or one that is not drawn. */
export const chartOf = (render: HuntRender | undefined): ChartKind | undefined => (render ? byRender[render.chart.toLowerCase()] : undefined);

export interface Series {
  name: string;
  /** By the places of x; null where there is none. */
  values: (number | null)[];
}

export interface Drawing {
  title: string;
  xTitle: string;
  yTitle: string;
  /** The x of each point, as text, and as a number where it has a place on a line. */
  labels: string[];
  at: number[] | undefined;
  time: boolean;
  series: Series[];
  /** How many series and points were left out because there are too many to tell apart. */
  left: { series: number; points: number };
}

export const mostSeries = 10;
const mostPoints: Record<ChartKind, number> = { bar: 40, column: 60, pie: 12, line: 2000, area: 2000, stackedarea: 2000, scatter: 2000, card: 12 };

/** drawing makes a chart of rows: which column says where on the x axis, which how much, and which of what. Undefined: there is no number to draw. */
export function drawing(kind: ChartKind, columns: readonly HuntColumn[], rows: readonly Row[], properties: Readonly<Record<string, string>> = {}): Drawing | undefined {
  const spread = spreadOut(columns, rows);
  const named = (list: string | undefined) => (list ? list.split(",").flatMap((name) => index(spread.columns, name.trim())) : []);
  const type = (i: number) => spread.columns[i]?.type ?? "string";
  const x = named(properties.xcolumn)[0] ?? defaultX(kind, spread.columns);
  const asked = named(properties.ycolumns).filter((i) => isNumber(type(i)));
  const ys = asked.length > 0 ? asked : spread.columns.flatMap((c, i) => (i !== x && isNumber(c.type) ? [i] : []));
  if (ys.length === 0) return undefined;
  const of = properties.series ? named(properties.series) : spread.columns.flatMap((c, i) => (i !== x && !ys.includes(i) && (c.type === "string" || c.type === "bool" || c.type === "guid") && kind !== "pie" && kind !== "card" ? [i] : []));
  const placed = x >= 0 && (type(x) === "datetime" || isNumber(type(x))) && kind !== "bar" && kind !== "pie" && kind !== "card" && (kind !== "column" || type(x) === "datetime");
  const places = new Map<string, number>();
  const series = new Map<string, Map<number, number>>();
  for (const [n, row] of spread.rows.entries()) {
    const label = x < 0 ? String(n + 1) : text(row[x]);
    let place = places.get(label);
    if (place === undefined) places.set(label, (place = places.size));
    const whose = of.map((i) => text(row[i])).join(", ");
    for (const y of ys) {
      const name = [whose, whose && ys.length === 1 ? "" : (spread.columns[y]?.name ?? "")].filter(Boolean).join(": ");
      const value = row[y] === null || row[y] === undefined || row[y] === "" ? NaN : Number(row[y]);
      if (!Number.isFinite(value)) continue;
      const one = series.get(name) ?? new Map<number, number>();
      series.set(name, one);
      one.set(place, (one.get(place) ?? 0) + value);
    }
  }
  if (series.size === 0) return undefined;
  let order = [...places.entries()];
  const number = (label: string) => (type(x) === "datetime" ? Date.parse(label) : Number(label));
  if (placed) order = order.filter(([label]) => Number.isFinite(number(label))).sort(([a], [b]) => number(a) - number(b));
  const kept = order.slice(0, mostPoints[kind]);
  if (kind === "pie") return pie(order, series, mostPoints.pie, properties);
  const total = (values: Map<number, number>) => [...values.values()].reduce((sum, value) => sum + Math.abs(value), 0);
  const most = [...series.entries()].sort(([, a], [, b]) => total(b) - total(a)).slice(0, mostSeries);
  return {
    title: properties.title ?? "", xTitle: properties.xtitle ?? spread.columns[x]?.name ?? "", yTitle: properties.ytitle ?? (ys.length === 1 ? (spread.columns[ys[0] ?? 0]?.name ?? "") : ""),
    labels: kept.map(([label]) => label), at: placed ? kept.map(([label]) => number(label)) : undefined, time: placed && type(x) === "datetime",
    series: most.map(([name, values]) => ({ name, values: kept.map(([, place]) => values.get(place) ?? null) })),
    left: { series: series.size - most.length, points: order.length - kept.length },
  };
}

/** pie has its largest slices first. Those that are too many are one together, so that every slice is the share that it says. */
function pie(order: readonly [string, number][], series: ReadonlyMap<string, ReadonlyMap<number, number>>, most: number, properties: Readonly<Record<string, string>>): Drawing {
  const [name = "", values = new Map<number, number>()] = series.entries().next().value ?? [];
  const slices = order.map(([label, place]) => ({ label, value: values.get(place) ?? 0 })).filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
  const others = slices.length > most ? slices.splice(most - 1) : [];
  if (others.length > 0) slices.push({ label: `${others.length} others`, value: others.reduce((sum, { value }) => sum + value, 0) });
  return {
    title: properties.title ?? "", xTitle: "", yTitle: name, labels: slices.map(({ label }) => label), at: undefined, time: false,
    series: [{ name, values: slices.map(({ value }) => value) }], left: { series: series.size - 1, points: 0 },
  };
}

const steps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400, 30 * 86_400, 91 * 86_400, 365 * 86_400].map((s) => s * 1000);

/** marksOf are round places between two ends of a line, at most so many; moments are in milliseconds. */
export function marksOf(from: number, to: number, time: boolean, most: number): number[] {
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (time && steps.find((one) => one >= rough)) || ([1, 2, 5, 10].map((n) => n * power).find((one) => one >= rough) ?? rough);
  const marks: number[] = [];
  const start = Math.ceil(from / step);
  for (let n = 0; n <= most && (start + n) * step <= to; n++) marks.push(Number(((start + n) * step).toPrecision(15)));
  return marks;
}

const index = (columns: readonly HuntColumn[], name: string) => columns.flatMap((column, i) => (column.name === name ? [i] : []));

function defaultX(kind: ChartKind, columns: readonly HuntColumn[]): number {
  // As in Kusto, a line of numbers stands over the first column, if that is one.
  if (kind !== "pie" && kind !== "card" && kind !== "bar" && kind !== "column" && isNumber(columns[0]?.type ?? "") && columns.filter((column) => isNumber(column.type)).length > 1) return 0;
  const time = columns.findIndex((column) => column.type === "datetime");
  if (time >= 0 && kind !== "pie" && kind !== "card" && kind !== "bar") return time;
  if (kind === "card") return -1;
  const word = columns.findIndex((column) => !isNumber(column.type));
  if (word >= 0) return word;
  return columns.length > 1 ? 0 : -1;
}

/** spreadOut makes rows of the lists that make-series gives: a row for each moment. */
function spreadOut(columns: readonly HuntColumn[], rows: readonly Row[]): { columns: readonly HuntColumn[]; rows: readonly Row[] } {
  const lists = columns.flatMap((_, i) => (rows.length > 0 && rows.every((row) => Array.isArray(row[i])) ? [i] : []));
  if (lists.length < 2) return { columns, rows };
  const typed = columns.map((column, i): HuntColumn => {
    if (!lists.includes(i)) return column;
    const first = (rows[0]?.[i] as unknown[])[0];
    return { name: column.name, type: typeof first === "number" ? "real" : /^\d{4}-\d\d-\d\dT/.test(text(first)) ? "datetime" : "string" };
  });
  const out: unknown[][] = [];
  for (const row of rows) {
    const length = Math.max(...lists.map((i) => (row[i] as unknown[]).length));
    for (let n = 0; n < length && out.length < 20_000; n++) out.push(row.map((value, i) => (lists.includes(i) ? (value as unknown[])[n] : value)));
  }
  return { columns: typed, rows: out };
}

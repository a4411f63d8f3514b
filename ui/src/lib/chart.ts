import { day } from "./dates";
import { count } from "./words";

/** Series is one kind of thing, by day. */
export interface Series {
  name: string;
  values: readonly number[];
}

/** ticks are the marks of an axis from 0 to at least most, at round numbers. */
export function ticks(most: number): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough);
  const marks = [0];
  while ((marks[marks.length - 1] ?? 0) < most) marks.push(marks.length * step);
  return marks;
}

/** chartSummary says in words what a chart draws: how much of each kind, and the day with most. */
export function chartSummary(days: readonly string[], series: readonly Series[]): string {
  const sums = series.map((one) => `${one.name}: ${one.values.reduce((sum, value) => sum + value, 0).toLocaleString()}`);
  const totals = days.map((_, i) => series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0));
  const most = Math.max(0, ...totals);
  const at = days[totals.indexOf(most)];
  const peak = most === 0 || !at ? "None on any day." : `Most on ${day(at)}: ${most.toLocaleString()}.`;
  return `${count(days.length, "day")}. ${sums.join(", ")}. ${peak}`;
}

import { expect, test } from "vitest";
import { chartOf, drawing, marksOf } from "./huntChart";

const c = (name: string, type: string) => ({ name, type });

test("a chart is drawn of the columns that fit it", () => {
  const columns = [c("Timestamp", "datetime"), c("Action", "string"), c("count_", "long")];
  const rows = [["2026-03-02T00:00:00Z", "a", 2], ["2026-03-01T00:00:00Z", "a", 1], ["2026-03-01T00:00:00Z", "b", 5]];
  const made = drawing("line", columns, rows);
  expect(made?.time).toBe(true);
  expect(made?.labels).toEqual(["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]);
  expect(made?.series).toEqual([{ name: "b", values: [5, null] }, { name: "a", values: [1, 2] }]);
  expect(drawing("pie", columns.slice(1), [["a", 2], ["b", 5]])?.series).toEqual([{ name: "count_", values: [5, 2] }]);
});

test("a pie has all of what was found: its largest slices, and the others as one", () => {
  const many = Array.from({ length: 20 }, (_, i) => [`n${i}`, i + 1]);
  const made = drawing("pie", [c("Name", "string"), c("N", "long")], many);
  expect(made?.labels.slice(0, 2)).toEqual(["n19", "n18"]);
  expect(made?.labels.at(-1)).toBe("9 others");
  expect(made?.series[0]?.values.reduce((sum: number, value) => sum + (value ?? 0), 0)).toBe(210);
  expect(made?.left).toEqual({ series: 0, points: 0 });
});

test("numbers stand over the first column, if that is a number, and each word is a series", () => {
  const made = drawing("scatter", [c("Hour", "long"), c("Group", "string"), c("Events", "long")], [[3, "a", 7], [1, "b", 2]]);
  expect(made?.at).toEqual([1, 3]);
  expect(made?.series).toEqual([{ name: "a", values: [null, 7] }, { name: "b", values: [2, null] }]);
});

test("the marks of a line are round, and no more than there is room for", () => {
  const day = 86_400_000;
  expect(marksOf(Date.UTC(2026, 2, 1, 5), Date.UTC(2026, 2, 4, 5), true, 4)).toEqual([Date.UTC(2026, 2, 2), Date.UTC(2026, 2, 3), Date.UTC(2026, 2, 4)]);
  expect(marksOf(0, 30 * day, true, 8).length).toBeLessThanOrEqual(9);
  expect(marksOf(0.1, 0.9, false, 4)).toEqual([0.2, 0.4, 0.6, 0.8]);
});

test("the lists of make-series become points", () => {
  const made = drawing("line", [c("n", "dynamic"), c("Timestamp", "dynamic"), c("Who", "string")], [[[1, 2], ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"], "x"]]);
  expect(made?.series).toEqual([{ name: "x", values: [1, 2] }]);
});

test("what is no number is not drawn, and what is too much is said to be left out", () => {
  expect(drawing("column", [c("Name", "string")], [["a"]])).toBeUndefined();
  const many = Array.from({ length: 70 }, (_, i) => [`n${i}`, i]);
  expect(drawing("column", [c("Name", "string"), c("N", "long")], many)?.left).toEqual({ series: 0, points: 10 });
});

test("the query says which chart, and some are none", () => {
  expect(chartOf({ chart: "timechart", properties: {} })).toBe("line");
  expect(chartOf({ chart: "table", properties: {} })).toBeUndefined();
  expect(chartOf(undefined)).toBeUndefined();
});

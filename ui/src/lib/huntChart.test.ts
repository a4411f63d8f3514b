import { expect, test } from "vitest";
import { chartOf, drawing } from "./huntChart";

const c = (name: string, type: string) => ({ name, type });

test("a chart is drawn of the columns that fit it", () => {
  const columns = [c("Timestamp", "datetime"), c("Action", "string"), c("count_", "long")];
  const rows = [["2026-03-02T00:00:00Z", "a", 2], ["2026-03-01T00:00:00Z", "a", 1], ["2026-03-01T00:00:00Z", "b", 5]];
  const made = drawing("line", columns, rows);
  expect(made?.time).toBe(true);
  expect(made?.labels).toEqual(["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]);
  expect(made?.series).toEqual([{ name: "b", values: [5, null] }, { name: "a", values: [1, 2] }]);
  expect(drawing("pie", columns.slice(1), [["a", 2], ["b", 5]])?.series).toEqual([{ name: "count_", values: [2, 5] }]);
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

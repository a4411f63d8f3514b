import { expect, test } from "vitest";
import { chartSummary, ticks } from "./chart";

test("an axis has round marks and room for the most", () => {
  expect([0, 1, 3, 7, 40, 999].map(ticks)).toEqual([[0, 1], [0, 1], [0, 1, 2, 3], [0, 5, 10], [0, 20, 40], [0, 500, 1000]]);
});

test("a chart says what it draws", () => {
  const days = ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"];
  expect(chartSummary(days, [{ name: "Active", values: [1, 2] }, { name: "Resolved", values: [0, 4] }])).toBe("2 days. Active: 3, Resolved: 4. Most on Nov 2: 6.");
  expect(chartSummary(days, [{ name: "Active", values: [0, 0] }])).toBe("2 days. Active: 0. None on any day.");
});

import { expect, test } from "vitest";
import { arranged, cellText, compare, csv, json, safe } from "./huntRows";

const columns = [{ name: "Name", type: "string" }, { name: "N", type: "long" }];
const rows = [["b", 10], ["a", "9007199254740993"], ["=1+1", null], ["a", 9]];

test("rows are filtered, left out, searched and put in order", () => {
  expect(arranged(rows, columns, [], undefined)).toEqual([0, 1, 2, 3]);
  expect(arranged(rows, columns, [{ column: 0, value: "a" }], { column: 1, descending: false })).toEqual([3, 1]);
  expect(arranged(rows, columns, [{ column: 0, value: "a", not: true }], undefined)).toEqual([0, 2]);
  expect(arranged(rows, columns, [], { column: 1, descending: false })).toEqual([3, 0, 1, 2]);
  expect(arranged(rows, columns, [], undefined, "=1")).toEqual([2]);
});

test("a table that is taken away holds no formula, and its numbers stay numbers", () => {
  expect(csv(columns, [["=cmd|'x'!A0", -1], ['a "b", c', 2]], [0, 1])).toBe("Name,N\r\n'=cmd|'x'!A0,-1\r\n\"a \"\"b\"\", c\",2\r\n");
  for (const cell of ["=1", "+1", "-1", "@x", "\t=1", " =1", "\u200b=1", "＝1"]) expect(safe(cell)).toBe(`'${cell}`);
  for (const cell of ["", "a=1", "2026-03-01"]) expect(safe(cell)).toBe(cell);
  expect(JSON.parse(json(columns, [["a", { b: 1 }]], [0, 1]))).toEqual([{ Name: "a", N: { b: 1 } }]);
});

test("values are compared by their type", () => {
  expect(compare("1.00:00:00", "23:59:59", "timespan")).toBeGreaterThan(0);
  expect(compare(2, 10, "long")).toBeLessThan(0);
  expect(compare("2", "10", "string")).toBeGreaterThan(0);
  expect(compare(null, "", "string")).toBe(0);
  expect(cellText("2026-03-01T12:00:00.1230000Z", "datetime")).toBe("2026-03-01 12:00:00.123Z");
});

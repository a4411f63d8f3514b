import { expect, test } from "vitest";
import { entityOf, huntFor, huntPath, literal, opened } from "./goHunt";

test("a link opens the query that it was made of", () => {
  const query = 'T | where A == "x & y # z +"\n| take 1';
  expect(opened(huntPath(query, "P7D").slice("/hunting".length))).toEqual({ query, timespan: "P7D" });
  expect(opened("#other")).toBeUndefined();
});

test("what a name says never becomes part of a query", () => {
  expect(literal('a" or 1==1 //\n')).toBe('"a\\" or 1==1 //\\n"');
  expect(huntFor("device", 'x"; T')).toContain('let device = "x\\"; T";');
});

test("values that name things lead to their pages", () => {
  expect(entityOf("AccountUpn", "Mira@x.example")).toBe("/entities/users/mira%40x.example");
  expect(entityOf("FileName", "x")).toBeUndefined();
});

import { expect, test } from "vitest";
import { problemLines } from "./huntProblems";

test("each problem of a query is said once, with its place", () => {
  const table = "You may not read the table 'CloudAppEvents': needs Security reader in Cloud apps.";
  expect(problemLines("hunt: line 1, column 24: 'union' operator: No table has a name of the form 'Identity*'", ["1:24: 'union' operator: No table has a name of the form 'Identity*'", table, `1:35: ${table}`])).toEqual({
    first: "Line 1, column 24: 'union' operator: No table has a name of the form 'Identity*'",
    others: [`Line 1, column 35: ${table}`],
  });
});

test("what is about no place is said as it is", () => {
  expect(problemLines("hunt: too many queries at once", [])).toEqual({ first: "Too many queries at once", others: [] });
});

import { expect, test } from "vitest";
import { formatted } from "./kqlFormat";

test.each([
  ["DeviceInfo | where A == 1|take 5", "DeviceInfo\n| where A == 1\n| take 5"],
  ["DeviceInfo\n\n   |   take 5   \n", "DeviceInfo\n| take 5"],
  ['T | where A == "x | y" // a | b\n| take 1', 'T\n| where A == "x | y" // a | b\n| take 1'],
  ["T | join (U | project A) on A", "T\n| join (U | project A) on A"],
  ["let a = 1; let b = 2;\n// of b | c\nT | take b", "let a = 1;\nlet b = 2;\n// of b | c\nT\n| take b"],
  ["T | // why\nwhere A", "T\n| // why\nwhere A"],
  ["let t = ```one  \n  two | ```; T", "let t = ```one  \n  two | ```;\nT"],
  ["", ""],
])("%j", (query, wanted) => {
  expect(formatted(query)).toBe(wanted);
  expect(formatted(wanted), "once is enough").toBe(wanted);
});

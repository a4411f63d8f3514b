import { expect, test } from "vitest";
import { contextAt, declaredIn } from "./kqlContext";

test.each([
  ["", "source", ""],
  ["Device", "source", ""],
  ["DeviceInfo | ", "operator", "DeviceInfo "],
  ["DeviceInfo | mv-ex", "operator", "DeviceInfo "],
  ["DeviceInfo\n| where De", "expression", "DeviceInfo\n"],
  ["DeviceInfo | where A == 1 | project ", "expression", "DeviceInfo | where A == 1 "],
  ['DeviceInfo | where A == "x | y" and ', "expression", "DeviceInfo "],
  ["DeviceInfo // a | b\n| where ", "expression", "DeviceInfo // a | b\n"],
  ["DeviceInfo | summarize dcount(", "expression", "DeviceInfo "],
  ["DeviceInfo | join (", "source", "DeviceInfo "],
  ["DeviceInfo | join kind=inner (DeviceEvents | ", "operator", "DeviceEvents "],
  ["DeviceInfo | join (DeviceEvents | project DeviceId) on ", "expression", "DeviceInfo "],
  ["DeviceInfo | where DeviceId in (DeviceEvents | where Act", "expression", "DeviceEvents "],
  ["let x = 1d;\nDeviceInfo | where ", "expression", "let x = 1d;\nDeviceInfo "],
  ["let t = DeviceInfo | where ", "expression", "DeviceInfo "],
  ["union Device", "source", ""],
])("%j wants: %s", (before, kind, rows) => {
  const found = contextAt(before);
  expect(found.kind).toBe(kind);
  if (found.kind !== "source") expect(found.rows).toBe(rows);
});

test("names that let gives are known, and not those in quotes", () => {
  expect(declaredIn('let a = 1;\nlet b = "let c = 2";\na')).toEqual(["a", "b"]);
});

import { describe, expect, test } from "vitest";
import { extentWords, headingShift, missingOn, safeUrl } from "./analytics";

test("a link leads to the web or nowhere", () => {
  for (const good of ["https://attack.mitre.org/techniques/T1566/", "http://example.org/a?b=c#d"]) expect(safeUrl(good)).toBe(good);
  for (const bad of [
    "javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\u0001javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "blob:https://x/1",
    "//evil.example", "/permissions/roles", "#top", "", "https://contoso.example@evil.example/", "https://", "mailto:a@x",
  ]) expect(safeUrl(bad), bad).toBe("");
});

describe("headings go down", () => {
  test.each([["## A\n### B", 0], ["# A", 1], ["text", 0], ["### A", -1], ["```\n# no heading\n```\n## A", 0], ["~~~~\n# x\n~~~\n# y\n~~~~\n### A", -1], ["#hashtag\n## A", 0]])("%j", (text, shift) => {
    expect(headingShift(text)).toBe(shift);
  });
});

test("a part says of what it is", () => {
  expect(extentWords({ allowed: true, workloads: ["endpoint", "office365"] })).toBe("");
  expect(extentWords({ allowed: false, workloads: [], lacks: [{ workload: "endpoint", capability: "c", needs: "needs X in Endpoint" }] })).toBe("");
  expect(extentWords({ allowed: true, workloads: ["endpoint"], someDevices: true, lacks: [{ workload: "office365", capability: "c", needs: "n" }] })).toBe(
    "Of Endpoint on the device groups that you reach. Email & collaboration is not part of your access.",
  );
});

test("a zero means zero", () => {
  expect(missingOn({ exposed: 0, checked: 4 })).toBe("On all of 4 devices");
  expect(missingOn({ exposed: 2, checked: 4 })).toBe("Missing on 2 of 4 devices");
});

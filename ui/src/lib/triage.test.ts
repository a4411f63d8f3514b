import { describe, expect, test } from "vitest";
import { changed, determinations, triageOf } from "./triage";

describe("triage", () => {
  const before = triageOf({ status: "new", assignedTo: null, classification: "unknown" });

  test("what is not set is empty", () => {
    expect(before).toEqual({ status: "new", assignedTo: "", classification: "", determination: "" });
  });
  test("only what differs is sent", () => {
    expect(changed(before, { ...before, status: "resolved" })).toEqual({ status: "resolved" });
    expect(changed(before, before)).toEqual({});
  });
  test("taking an assignee away sends null, taking a classification away sends unknown", () => {
    const set = { status: "new", assignedTo: "a@example.com", classification: "truePositive", determination: "malware" };
    expect(changed(set, before)).toEqual({ assignedTo: null, classification: "unknown", determination: "unknown" });
  });
  test("a determination goes with its classification", () => {
    expect(determinations("falsePositive")).toContain("notMalicious");
    expect(determinations("falsePositive")).not.toContain("malware");
    expect(determinations("")).toEqual([]);
  });
});

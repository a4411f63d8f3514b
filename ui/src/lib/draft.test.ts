import { describe, expect, test } from "vitest";
import { assignmentBody, assignmentSpec, emptyAssignment, problemOf } from "./draft";

const draft = { ...emptyAssignment, principal: "eu-tier1" };

describe("an assignment being drafted", () => {
  test("is sent to the group or the person it names", () => {
    expect(assignmentBody(draft)).toEqual({ group: "eu-tier1" });
    expect(assignmentBody({ ...draft, kind: "user", principal: "a@example.com" })).toEqual({ user: "a@example.com" });
    expect(assignmentSpec(draft)).toEqual({ groups: ["eu-tier1"] });
  });
  test("has a scope only when one was chosen", () => {
    expect(assignmentBody({ ...draft, deviceGroups: ["Sales devices"] })).toEqual({ group: "eu-tier1", scope: { deviceGroups: ["Sales devices"] } });
  });
  test("sends its times in UTC", () => {
    expect(assignmentBody({ ...draft, notAfter: "2027-01-01T00:00" })).toEqual({ group: "eu-tier1", notAfter: new Date("2027-01-01T00:00").toISOString() });
  });
  test("is not complete without a principal, with an empty scope, or ending before it begins", () => {
    expect(problemOf(draft)).toBe("");
    expect(problemOf(emptyAssignment)).not.toBe("");
    expect(problemOf({ ...draft, deviceGroups: [] })).not.toBe("");
    expect(problemOf({ ...draft, notBefore: "2027-01-02T00:00", notAfter: "2027-01-01T00:00" })).not.toBe("");
  });
});

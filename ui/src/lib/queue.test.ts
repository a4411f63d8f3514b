import { describe, expect, test } from "vitest";
import { ageClause, ageWords, alertFilter, incidentFilter } from "./queue";

const now = new Date("2026-03-08T12:00:00Z");

describe("the queue's filter", () => {
  test("asks for lists by any, and for all else by value", () => {
    expect(alertFilter({ status: ["new", "inProgress"], deviceGroup: ["Sales's"], tag: ["a", "b"] }, now)).toBe(
      "(status eq 'new' or status eq 'inProgress') and deviceGroups/any(x:x eq 'Sales''s') and systemTags/any(x:x eq 'a' or x eq 'b')",
    );
    expect(alertFilter({}, now)).toBe("");
  });
  test("asks of incidents what one of their alerts is, and for what none of it is said of", () => {
    expect(incidentFilter({ status: ["active"], detectionSource: ["antivirus"], category: ["~"] }, now)).toBe(
      "status eq 'active' and categories/any(x:x eq null) and detectionSources/any(x:x eq 'antivirus')",
    );
  });
  test("reaches back from now, or from day to day", () => {
    expect(ageClause("7d", now)).toBe("createdDateTime ge 2026-03-01T12:00:00.000Z");
    const from = new Date("2026-03-01T00:00").toISOString();
    const after = new Date("2026-03-03T00:00").toISOString();
    expect(ageClause("2026-03-01..2026-03-02", now)).toBe(`createdDateTime ge ${from} and createdDateTime lt ${after}`);
    expect(ageClause("..2026-03-02", now)).toBe(`createdDateTime lt ${after}`);
    expect(ageClause("yesterday", now)).toBe("");
    expect(ageClause("2026-99-99..", now)).toBe("");
  });
  test("says how far back it reaches", () => {
    expect(ageWords("7d")).toBe("Last 7 days");
    expect(ageWords("2026-03-01..")).toBe("Since 2026-03-01");
    expect(ageWords("nonsense")).toBe("");
  });
});

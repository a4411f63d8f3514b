import { describe, expect, test } from "vitest";
import type { Schema } from "../api/client";
import { categoriesOf, emptyUnified, levelOf, unifiedDraft, unifiedProblem, unifiedSpec, withLevel, type Category } from "./unified";

const permission = (name: string, more: Partial<Schema["Permission"]> = {}): Schema["Permission"] => ({
  name, workload: "unified", allows: "", manage: false, reserved: false, opens: [], category: "Operations", group: "Data", ...more,
});

const catalogue = [
  permission("Look"),
  permission("Act", { manage: true }),
  permission("Data: all to read", { all: true }),
  permission("All to read", { all: true, group: "" }),
  permission("All", { all: true, group: "", manage: true }),
  permission("Settings", { category: "Settings", group: "Core" }),
];
const [operations] = categoriesOf(catalogue) as [Category];

describe("a category of permissions", () => {
  test("has what stands for all of it beside its permissions by group", () => {
    expect(operations).toMatchObject({ name: "Operations", read: "All to read", manage: "All" });
    expect(operations.groups.map((g) => [g.name, g.permissions.map((p) => p.name)])).toEqual([["Data", ["Look", "Act"]]]);
  });

  test.each([
    [[], "none"],
    [["Settings"], "none"],
    [["All to read", "Settings"], "read"],
    [["All"], "manage"],
    [["Look"], "custom"],
    [["All to read", "Act"], "custom"],
  ] as const)("%j is %s", (chosen, level) => expect(levelOf(operations, chosen)).toBe(level));

  test("changes without touching the others", () => {
    expect(withLevel(operations, "read", ["Settings", "Act"])).toEqual(["Settings", "All to read"]);
    expect(withLevel(operations, "manage", ["Settings", "All to read"])).toEqual(["Settings", "All"]);
    expect(withLevel(operations, "custom", ["Settings", "All"])).toEqual(["Settings"]);
    expect(withLevel(operations, "none", ["Settings", "Look"])).toEqual(["Settings"]);
  });
});

describe("an assignment of a unified role", () => {
  const complete = { ...emptyUnified, groups: ["tier1"], sources: ["identity"] };
  test("says what it lacks", () => {
    expect(unifiedProblem(complete)).toBe("");
    expect(unifiedProblem({ ...complete, groups: [] })).toContain("who has the role");
    expect(unifiedProblem({ ...complete, sources: [] })).toContain("data source");
    expect(unifiedProblem({ ...complete, sources: null, deviceGroups: [] })).toContain("device group");
    expect(unifiedProblem({ ...complete, deviceGroups: [] })).toBe("");
  });

  test("is sent without a narrowing that has nothing to narrow", () => {
    expect(unifiedSpec({ ...complete, deviceGroups: ["EU"] })).toEqual({ groups: ["tier1"], users: [], dataSources: ["identity"] });
    expect(unifiedSpec({ ...complete, sources: null, deviceGroups: ["EU"] })).toMatchObject({ dataSources: ["all"], scope: { deviceGroups: ["EU"] } });
  });

  test("comes back as it was sent", () => {
    const sent = { ...complete, name: "Night", description: "from ten", sources: ["endpoint"], deviceGroups: ["EU"], notAfter: "2027-01-01T10:00" };
    const kept = { id: "s", role: {}, "@bailiwick.actions": {}, name: "Night", ...unifiedSpec(sent) } as unknown as Schema["UnifiedAssignment"];
    expect(unifiedDraft(kept)).toEqual(sent);
  });
});

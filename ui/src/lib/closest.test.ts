import { describe, expect, test } from "vitest";
import { closest } from "./closest";

const roles = [
  { id: "1", name: "Triage", permissions: ["a", "b"] },
  { id: "2", name: "Response", permissions: ["a", "b", "c"] },
  { id: "3", name: "Other", permissions: ["x"] },
];

describe("closest", () => {
  test("is the role that shares most, with what differs", () => {
    expect(closest(["a", "b", "c", "d"], roles)).toEqual({ id: "2", name: "Response", more: ["d"], less: [] });
    expect(closest(["a", "b"], roles)).toEqual({ id: "1", name: "Triage", more: [], less: [] });
    expect(closest(["a", "b"], roles, "1")).toEqual({ id: "2", name: "Response", more: [], less: ["c"] });
  });

  test("is none where nothing shares half", () => {
    expect(closest(["q"], roles)).toBeUndefined();
    expect(closest([], roles)).toBeUndefined();
  });
});

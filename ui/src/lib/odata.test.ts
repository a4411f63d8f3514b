import { describe, expect, test } from "vitest";
import { allOf, anyOf, nobody, quote } from "./odata";

describe("filters", () => {
  test("a quote in a value cannot end it", () => {
    expect(quote("x' or status eq 'new")).toBe("'x'' or status eq ''new'");
  });
  test("several values are alternatives, in parentheses", () => {
    expect(anyOf("severity", ["high", "low"])).toBe("(severity eq 'high' or severity eq 'low')");
  });
  test("one value needs no parentheses, none gives no clause", () => {
    expect([anyOf("status", ["new"]), anyOf("status", [])]).toEqual(["status eq 'new'", ""]);
  });
  test("nobody is null", () => {
    expect(anyOf("assignedTo", [nobody])).toBe("assignedTo eq null");
  });
  test("clauses are all required, empty ones left out", () => {
    expect(allOf("a eq 1", "", "b eq 2")).toBe("a eq 1 and b eq 2");
  });
});

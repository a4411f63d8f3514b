import { describe, expect, it } from "vitest";
import { levelOf, withLevel } from "./levels";

const one = (name: string, more: object) => ({ name, workload: "endpoint" as const, allows: "", manage: false, reserved: false, opens: [], ...more });
const catalogue = [one("Look", {}), one("Change", { manage: true }), one("Own", { manage: true, reserved: true }), one("Beyond", { grantable: { allowed: false, reason: "not yours" } })];

describe("the levels of a product's permissions", () => {
  it("hold what this reader can give, and nothing reserved", () => {
    expect(withLevel(catalogue, "manage", [])).toEqual(["Look", "Change"]);
    expect(withLevel(catalogue, "read", ["Change"])).toEqual(["Look"]);
    expect(withLevel(catalogue, "none", ["Look"])).toEqual([]);
    expect(withLevel(catalogue, "custom", ["Beyond"])).toEqual(["Beyond"]);
  });
  it("are told from what is ticked, in any order", () => {
    expect(levelOf(catalogue, [])).toBe("none");
    expect(levelOf(catalogue, ["Look"])).toBe("read");
    expect(levelOf(catalogue, ["Change", "Look"])).toBe("manage");
    expect(levelOf(catalogue, ["Change"])).toBe("custom");
  });
});

import { describe, expect, it } from "vitest";
import { firstAssets, withAsset } from "./impactedAssets";

const kinds = [
  { kind: "device", columns: ["DeviceId", "DeviceName"] },
  { kind: "user", columns: ["AccountSid", "AccountUpn"] },
  { kind: "mailbox", columns: ["AccountUpn"] },
];

describe("what an alert is about", () => {
  it("is one asset of a kind, in their order", () => {
    const user = withAsset([], "user", "AccountUpn", kinds);
    expect(withAsset(user, "device", "DeviceId", kinds)).toEqual([{ kind: "device", column: "DeviceId" }, { kind: "user", column: "AccountUpn" }]);
    expect(withAsset(user, "user", "AccountSid", kinds)).toEqual([{ kind: "user", column: "AccountSid" }]);
    expect(withAsset(user, "user", "", kinds)).toEqual([]);
  });
  it("begins with the first column of each kind that the result has", () => {
    expect(firstAssets(kinds, ["AccountUpn", "DeviceName", "FileName"])).toEqual([{ kind: "device", column: "DeviceName" }, { kind: "user", column: "AccountUpn" }, { kind: "mailbox", column: "AccountUpn" }]);
    expect(firstAssets(kinds, ["FileName"])).toEqual([]);
  });
});

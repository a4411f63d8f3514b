import { describe, expect, it } from "vitest";
import { opened } from "./goHunt";
import { actionOf, detectHref, lacksOf, newDraft, techniquesOf } from "./detections";

describe("a detection that is being written", () => {
  it("says what it has not got yet, step by step", () => {
    const draft = newDraft("");
    expect(Object.keys(lacksOf(draft))).toEqual(["details", "entities"]);
    expect(lacksOf({ ...draft, name: "x", alert: { ...draft.alert, title: "t", impactedAssets: [{ kind: "device", column: "DeviceId" }] } })).toEqual({});
    expect(lacksOf({ ...draft, query: " ", allDevices: false })).toMatchObject({ query: "Write a query.", scope: "Choose a device group." });
  });
  it("acts only on what the result names", () => {
    const kind = { name: "stopAndQuarantineFile", title: "", workload: "endpoint" as const, columns: [["DeviceId"], ["SHA1", "SHA256"]], isolation: false, allowed: true, reason: "" };
    expect(actionOf(kind, ["DeviceId", "SHA256"])).toEqual({ name: "stopAndQuarantineFile", columns: ["DeviceId", "SHA256"] });
    expect(actionOf(kind, ["DeviceId"])).toBeUndefined();
    expect(actionOf({ ...kind, name: "isolateDevice", columns: [["DeviceId"]], isolation: true }, ["DeviceId"])).toMatchObject({ isolation: "full" });
  });
  it("comes with the query of a hunt, whatever is in it", () => {
    expect(opened(new URL(detectHref('A | where x == "&#?"'), "http://x").hash)?.query).toBe('A | where x == "&#?"');
  });
  it("reads techniques as people write them", () => {
    expect(techniquesOf("t1105, T1566.002\n")).toEqual(["T1105", "T1566.002"]);
  });
});

import { describe, expect, it } from "vitest";
import { actionFilter, missing, sourceLabel, targetFields, targetOf } from "./actions";

describe("the address of the Action centre", () => {
  it("is what the server is asked", () => {
    const now = Date.parse("2026-03-08T00:00:00Z");
    expect(actionFilter("history", new URLSearchParams("status=failed&status=timedOut&type=isolateDevice&workload=endpoint&age=7d&q=lap"), now)).toEqual({
      tab: "history", status: ["failed", "timedOut"], type: ["isolateDevice"], workload: "endpoint", since: "2026-03-01T00:00:00.000Z", search: "lap",
    });
  });
  it("asks for nothing that makes no sense", () => {
    expect(actionFilter("pending", new URLSearchParams("workload=printers&age=ever&status="), 0)).toEqual({ tab: "pending" });
  });
});

describe("what an action takes", () => {
  const fields = targetFields({ needs: ["device", "process"] });
  it("is asked for field by field", () => {
    expect(fields.map((field) => field.name)).toEqual(["deviceId", "processId", "fileName"]);
    expect(missing(fields, { deviceId: "d" })?.name).toBe("processId");
    expect(missing(fields, { deviceId: "d", processId: "x" })?.name).toBe("processId");
    expect(missing(fields, { deviceId: "d", processId: "7" })).toBeUndefined();
  });
  it("is sent as numbers and texts, without what is empty", () => {
    expect(targetOf(fields, { deviceId: " d ", processId: "7", fileName: " ", sender: "a@b" })).toEqual({ deviceId: "d", processId: 7 });
  });
});

it("an unknown source is shown as it came", () => {
  expect(sourceLabel("manualDeviceAction")).toBe("Manual device action");
  expect(sourceLabel("magic")).toBe("magic");
});

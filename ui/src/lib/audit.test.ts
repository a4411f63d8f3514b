import { describe, expect, test } from "vitest";
import { operationWords } from "./audit";

describe("operationWords", () => {
  test.each([
    ["roles.create", "Roles: created"],
    ["sessions.end-all", "Signed out everywhere"],
    ["workloads.endpoint-roles", "Workload settings: endpoint roles"],
    ["night-shift.toggle", "Night shift: toggle"],
    ["incidents.merge", "Incidents: merged"],
    ["actions.approve", "Action centre: approved"],
    ["detections.pause", "Custom detections: paused"],
    ["setup", "Setup"],
  ])("%s is %s", (operation, want) => expect(operationWords(operation)).toBe(want));
});

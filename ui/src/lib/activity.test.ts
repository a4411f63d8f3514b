import { expect, test } from "vitest";
import { activityWords } from "./activity";

test("an activity says what changed from what to what, and of texts only that they did", () => {
  expect(activityWords({ operation: "alerts.update", before: { status: "new", assignedTo: "" }, after: { status: "inProgress", assignedTo: "ada@x" } })).toEqual({
    does: "made a change",
    changes: ["Status: New → In progress", "Assigned to: none → ada@x"],
  });
  expect(activityWords({ operation: "incidents.update", before: { customTags: "sha256:0" }, after: { customTags: "sha256:1", alertsResolved: ["a", "b"] } }).changes).toEqual(["Custom tags changed", "Resolved with it: 2 alerts"]);
  expect(activityWords({ operation: "incidents.merge", before: undefined, after: { merged: ["7", "8"] } } as never)).toEqual({ does: "merged 7, 8 into it", changes: [] });
  expect(activityWords({ operation: "incidents.split", before: undefined, after: { split: "9", alerts: ["a"] } } as never).does).toBe("took 1 alert out of it, into incident 9");
  expect(activityWords({ operation: "alerts.comment", before: undefined, after: { comment: "sha256:1" } } as never)).toEqual({ does: "wrote a comment", changes: [] });
});

import { expect, test } from "vitest";
import { activityWords } from "./activity";

test("an activity says what changed from what to what, and of texts only that they did", () => {
  expect(activityWords({ operation: "alerts.update", before: { status: "new", assignedTo: "" }, after: { status: "inProgress", assignedTo: "ada@x" } })).toEqual({
    does: "made a change",
    changes: ["Status: New → In progress", "Assigned to: none → ada@x"],
  });
  expect(activityWords({ operation: "incidents.update", before: { customTags: "sha256:0" }, after: { customTags: "sha256:1", alertsResolved: ["a", "b"] } }).changes).toEqual(["Custom tags changed", "Resolved with it: 2 alerts"]);
  expect(activityWords({ operation: "alerts.comment", before: undefined, after: { comment: "sha256:1" } } as never)).toEqual({ does: "wrote a comment", changes: [] });
});

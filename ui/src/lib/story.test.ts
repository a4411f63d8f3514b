import { expect, test } from "vitest";
import type { Alert } from "../api/graph";
import { storyOf } from "./story";

const device = (name: string, verdict = "unknown") => ({ "@odata.type": "#microsoft.graph.security.deviceEvidence", mdeDeviceId: name, deviceDnsName: name, verdict });
const alert = (id: string, at: string, ...evidence: object[]) => ({ id, createdDateTime: at, evidence }) as unknown as Alert;

test("alerts tell their story in the order in which it began, tied by what they share", () => {
  const late = alert("late", "2026-03-02T00:00:00Z", device("shared", "malicious"), device("alone"));
  const early = { ...alert("early", "2026-03-03T00:00:00Z", device("shared")), firstActivityDateTime: "2026-03-01T00:00:00Z" } as Alert;
  const story = storyOf([late, early]);
  expect(story.alerts.map(({ id }) => id)).toEqual(["early", "late"]);
  expect(story.things.map(({ name, alerts }) => [name, alerts])).toEqual([["shared", [0, 1]], ["alone", [1]]]);
  expect(story.things[0]?.evidence.verdict).toBe("malicious");
  expect(storyOf([early, late])).toEqual(story);
});

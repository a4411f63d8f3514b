import { expect, test } from "vitest";
import { sameWay, settingOf, way, where } from "./notifications";

test("a rule says where, and whom it tells how", () => {
  expect(where({ everywhere: true })).toBe("Everywhere, on any device or none");
  expect(where({ deviceGroups: ["A", "B"] })).toBe("A and B");
  expect(where({ deviceGroups: [] })).toBe("");
  expect(way({ user: "mira@x", mail: "mira@x" })).toBe("mira@x, by mail");
  expect(way({ user: "mira@x", mail: "soc@x" })).toBe("mira@x, by mail to soc@x");
  expect(way({ user: "mira@x", webhook: "chat" })).toBe("chat: what mira@x may see");
});

test("each person is named once in one way", () => {
  expect(sameWay({ user: "a", mail: "a@x" }, { user: "a", mail: "b@x" })).toBe(true);
  expect(sameWay({ user: "a", mail: "a@x" }, { user: "a", webhook: "chat" })).toBe(false);
});

test("what is sent back is the rule with its change, and no more", () => {
  const rule = { id: "1", name: "n", on: true, severities: ["high"], everywhere: false, deviceGroups: ["A"], recipients: [{ user: "a" }], etag: "e", updatedBy: "b", lastUpdateDateTime: "", "@bailiwick.actions": {} };
  expect(settingOf(rule, { on: false })).toEqual({ name: "n", on: false, severities: ["high"], everywhere: false, deviceGroups: ["A"], recipients: [{ user: "a" }] });
});

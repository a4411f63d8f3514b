import { expect, test } from "vitest";
import { accountState, clockTime } from "./accounts";

const now = new Date("2026-03-01T12:00:00Z");

test("an account ends at its end, and being disabled goes first", () => {
  expect(accountState({ disabled: false }, now)).toBe("Active");
  expect(accountState({ disabled: false, notAfter: "2026-03-01T12:00:01Z" }, now)).toBe("Active");
  expect(accountState({ disabled: false, notAfter: "2026-03-01T12:00:00Z" }, now)).toBe("Expired");
  expect(accountState({ disabled: true, notAfter: "2026-01-01T00:00:00Z" }, now)).toBe("Disabled");
});

test("a field of date and time gives back the moment that it was given", () => {
  expect(new Date(clockTime("2026-03-01T12:30:00Z")).toISOString()).toBe("2026-03-01T12:30:00.000Z");
  expect(clockTime(undefined)).toBe("");
  expect(clockTime("some day")).toBe("");
});

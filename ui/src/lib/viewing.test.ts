import { expect, test, vi } from "vitest";
import { timeLeft, viewingUntil } from "./viewing";

test("the time left counts down to nothing and never below", () => {
  const end = "2026-03-01T12:15:00Z";
  const at = (clock: string) => timeLeft(end, Date.parse(`2026-03-01T${clock}Z`));
  expect([at("12:00:00"), at("12:14:00.5"), at("12:15:00"), at("13:00:00")]).toEqual(["15:00", "1:00", "0:00", "0:00"]);
  expect(timeLeft(undefined, 0)).toBe("0:00");
});

test("whoever listens hears of a change, and only of a change", () => {
  const heard = vi.fn();
  const stop = viewingUntil.subscribe(heard);
  viewingUntil.set(null);
  viewingUntil.set("x");
  viewingUntil.set("x");
  viewingUntil.set(null);
  stop();
  viewingUntil.set("y");
  expect(heard).toHaveBeenCalledTimes(2);
});

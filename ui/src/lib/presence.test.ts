import { expect, it } from "vitest";
import { present, seen, watchPresence } from "./presence";

it("somebody is there for a minute after the last sign of life", () => {
  seen(1_000_000);
  expect(present(1_059_999)).toBe(true);
  expect(present(1_060_000)).toBe(false);
  const signs = new Map<string, () => void>();
  watchPresence({ addEventListener: (name: string, listener: unknown) => signs.set(name, listener as () => void) } as Pick<Window, "addEventListener">);
  seen(0);
  expect(present()).toBe(false);
  signs.get("keydown")?.();
  expect(present()).toBe(true);
});

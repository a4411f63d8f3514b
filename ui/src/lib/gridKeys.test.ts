import { expect, test } from "vitest";
import { moved } from "./gridKeys";

test("keys move within the grid and never out of it", () => {
  const to = (key: string, row: number, column: number, ctrl = false) => moved({ row, column }, key, ctrl, 25, 4);
  expect(to("ArrowUp", 0, 0)).toEqual({ row: 0, column: 0 });
  expect(to("ArrowDown", 24, 0)).toEqual({ row: 24, column: 0 });
  expect(to("ArrowRight", 3, 3)).toEqual({ row: 3, column: 3 });
  expect(to("ArrowLeft", 3, 3)).toEqual({ row: 3, column: 2 });
  expect(to("Home", 3, 3)).toEqual({ row: 3, column: 0 });
  expect(to("End", 3, 0)).toEqual({ row: 3, column: 3 });
  expect(to("Home", 3, 3, true)).toEqual({ row: 0, column: 0 });
  expect(to("End", 3, 0, true)).toEqual({ row: 24, column: 3 });
  expect(to("PageDown", 20, 1)).toEqual({ row: 24, column: 1 });
  expect(to("PageUp", 12, 1)).toEqual({ row: 2, column: 1 });
  expect(to("a", 0, 0)).toBeUndefined();
});

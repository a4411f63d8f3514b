import { expect, test } from "vitest";
import { columnsOf, moved } from "./columns";

const all = [{ id: "a" }, { id: "b" }, { id: "c" }];
const ids = (chosen: string[]) => columnsOf(all, chosen, ["a", "b"]).map(({ id }) => id);

test("an address chooses columns and their order, and nothing that is not there", () => {
  expect(ids(["c", "x", "a"])).toEqual(["c", "a"]);
  expect(ids([])).toEqual(["a", "b"]);
  expect(ids(["x"])).toEqual(["a", "b"]);
});

test("a column is moved within the list", () => {
  expect(moved(["a", "b", "c"], "b", -1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], "b", 1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b", "c"], "a", -1)).toEqual(["a", "b", "c"]);
});

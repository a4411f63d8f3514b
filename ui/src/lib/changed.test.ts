import { expect, test } from "vitest";
import { differences } from "./changed";

test("says which members of an object are otherwise, and leaves out those that are not", () => {
  expect(differences({ name: "A", description: "old", permissions: ["x", "y"] }, { name: "A", description: "", permissions: ["y", "z"] })).toEqual([
    "description: was “old”, is empty",
    "permissions: + z, − x",
  ]);
});

test("compares named members one by one, and notices order alone", () => {
  const a = { name: "A", open: false };
  const b = { name: "B", open: false };
  expect(differences({ items: [a, b] }, { items: [{ ...a, open: true }, { name: "C", open: true }] })).toEqual(["A: open: was false, is true", "B is gone", "C is new"]);
  expect(differences({ items: [a, b] }, { items: [b, a] })).toEqual(["the order"]);
  expect(differences({ items: [a] }, { items: [a] })).toEqual([]);
});

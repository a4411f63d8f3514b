import { describe, expect, test } from "vitest";
import { readList, writeList } from "./listState";

const standard = { by: "createdDateTime", descending: true };
const read = (search: string) => readList(new URLSearchParams(search), ["status", "severity"], standard);

describe("a queue's address", () => {
  test("brings back what it was made from", () => {
    const state = { filters: { status: ["new", "inProgress"], severity: ["high"] }, text: "a&b", sort: { by: "severity", descending: false }, from: 50, columns: ["title", "status"] };
    expect(read(writeList(state, standard).toString())).toEqual(state);
  });
  test("of the plain queue is plain", () => {
    expect(writeList(read(""), standard).toString()).toBe("");
  });
  test("ignores what it does not know and what is malformed", () => {
    expect(read("colour=red&from=-4&status=")).toEqual(read(""));
    expect(read("from=1e99x").from).toBe(0);
  });
});

import { describe, expect, test } from "vitest";
import { conflictLines, toBase64 } from "./imports";

describe("imports", () => {
  test("a file is carried byte for byte", () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0x41, 0x00, ...Array.from({ length: 100_000 }, (_, i) => i % 256)]);
    expect(Uint8Array.from(atob(toBase64(bytes)), (c) => c.charCodeAt(0))).toEqual(bytes);
  });

  test("a conflict is told by what differs", () => {
    expect(conflictLines({ permissions: ["a", "b"] }, { permissions: ["a", "c"] })).toEqual(["permissions: + c, − b"]);
    expect(conflictLines(undefined, { name: "x" })).toEqual(["It is not here any more."]);
    expect(conflictLines({ name: "x" }, undefined)).toEqual(["It is not in the export any more."]);
  });
});

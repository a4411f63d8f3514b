import { describe, expect, test } from "vitest";
import { ago, parse, show, utc } from "./dates";

describe("dates", () => {
  test.each([
    ["2021-02-19T09:17:02.4417723Z", "2021-02-19 09:17:02 UTC"],
    ["2021-02-19T09:17:02Z", "2021-02-19 09:17:02 UTC"],
    ["2021-02-19T10:17:02.5+01:00", "2021-02-19 09:17:02 UTC"],
  ])("%s is read whatever its fraction", (text, want) => expect(utc(parse(text)!)).toBe(want));

  test.each([["0001-01-01T00:00:00Z"], ["yesterday"], [""], [null], [undefined]])("%j is no moment", (text) =>
    expect(parse(text)).toBeNull(),
  );

  test("the year is told only if it is another", () => {
    const now = new Date("2026-06-01T12:00:00Z");
    expect(show(new Date("2026-02-19T12:00:00Z"), now)).not.toContain("2026");
    expect(show(new Date("2021-02-19T12:00:00Z"), now)).toContain("2021");
  });

  test("distance is told in the largest unit that fits", () => {
    const now = new Date("2021-02-19T12:00:00Z");
    const at = (text: string) => ago(new Date(text), now);
    expect([at("2021-02-19T11:59:40Z"), at("2021-02-19T09:00:00Z"), at("2021-02-21T12:00:00Z")]).toEqual([
      "just now",
      "3 hours ago",
      "in 2 days",
    ]);
  });
});

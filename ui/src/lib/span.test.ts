import { expect, test } from "vitest";
import { minutesOf, spanOf, spanWords } from "./span";

test("a span is said in the largest unit that it is a whole number of", () => {
  expect([0, 1, 60, 90, 1440, 2880, 43_200].map(spanWords)).toEqual(["0 minutes", "1 minute", "1 hour", "90 minutes", "24 hours", "2 days", "30 days"]);
  expect(spanOf(43_200)).toEqual({ amount: 30, unit: "days" });
});

test("what is typed is a whole number within the range, or says what is wrong with it", () => {
  expect(minutesOf("24", "hours", 43_200)).toBe(1440);
  expect(minutesOf(" 0 ", "days", 43_200)).toBe(0);
  for (const wrong of ["", "1.5", "-1", "1e3", "soon", "9999999"]) expect(minutesOf(wrong, "hours", 43_200), wrong).toBe("Want a whole number of hours, such as 24");
  expect(minutesOf("31", "days", 43_200)).toBe("At most 30 days");
});

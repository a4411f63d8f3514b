import { expect, test } from "vitest";
import { membersWords } from "./members";

test("why an alert is in its incident is said in a sentence, and what is not told is not said", () => {
  const name = (id: string) => `Title of ${id}`;
  expect(membersWords({ alert: "b", how: "correlated", because: [{ kind: "mailbox", name: "ana@x", alert: "a" }] }, name)).toBe("joined because it shares the mailbox ana@x with “Title of a”");
  expect(membersWords({ alert: "b", how: "correlated" }, name)).toBe("joined");
  expect(membersWords({ alert: "b", how: "merged", from: "7" }, name)).toBe("came with incident 7, which somebody merged into this one");
  expect(membersWords({ alert: "b", how: "split" }, name)).toBe("taken out of another incident by somebody");
  expect(membersWords({ alert: "b" }, name)).toBe("");
});

import { describe, expect, test } from "vitest";
import { count, list, period, sentence, workloadLabel } from "./words";

describe("words", () => {
  test.each([
    ["InitialAccess", "Initial access"],
    ["commandAndControl", "Command and control"],
    ["inProgress", "In progress"],
    ["truePositive", "True positive"],
    ["oauthApplicationEvidence", "OAuth application evidence"],
    ["microsoftDefenderForEndpoint", "Defender for Endpoint"],
    ["aNewSourceOfNextYear", "A new source of next year"],
    ["", ""],
    [null, ""],
  ])("sentence(%j) is %j", (name, want) => expect(sentence(name)).toBe(want));

  test("counts agree with their noun", () => {
    expect([count(0, "alert"), count(1, "alert"), count(2, "reply", "replies")]).toEqual(["0 alerts", "1 alert", "2 replies"]);
  });

  test("words without marks become a sentence", () => {
    expect([period("no role gives this"), period("No."), period("")]).toEqual(["No role gives this.", "No.", ""]);
  });

  test("lists are said as people say them", () => {
    expect([list([]), list(["a"]), list(["a", "b"]), list(["a", "b", "c"])]).toEqual(["", "a", "a and b", "a, b and c"]);
  });

  test("an unknown workload keeps its own name", () => {
    expect([workloadLabel("office365"), workloadLabel("other"), workloadLabel("browser")]).toEqual([
      "Email & collaboration",
      "Other products",
      "Browser",
    ]);
  });
});

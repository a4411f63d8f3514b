import { expect, test } from "vitest";
import { assetPath, kindOfTab, namedIn, queuePath } from "./assets";

test("a thing has one address, whatever is in its key", () => {
  expect(assetPath("user", "CORP\\a/b?c")).toBe("/entities/users/CORP%5Ca%2Fb%3Fc");
  expect(kindOfTab("mailboxes")).toBe("mailbox");
  expect(kindOfTab("nothing")).toBeUndefined();
  expect(queuePath("alerts", "app", "1&2")).toBe("/alerts?entity=app%3A1%262");
});

test("only what the server marks has a page", () => {
  expect(namedIn({ "@bailiwick.entities": [{ kind: "user", key: "a@x" }, { kind: "cat", key: "b" }, { kind: "user" }, "user"] })).toEqual([{ kind: "user", key: "a@x" }]);
  expect(namedIn({ userAccount: { userPrincipalName: "a@x" } })).toEqual([]);
});

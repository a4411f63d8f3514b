import { describe, expect, test } from "vitest";
import { as, rows, settled, total, visit } from "./browser";

describe("three people", () => {
  test("sign in and see three different queues", async () => {
    const seen = [];
    for (const name of ["Elena Rossi", "Uma Patel", "Marta Silva"]) {
      const page = await as(name, "/alerts");
      seen.push({ total: await total(page, "alert"), first: await rows(page, "Alerts").first().getAttribute("data-row") });
    }
    expect(new Set(seen.map((queue) => queue.first)).size, JSON.stringify(seen)).toBe(3);
    expect(seen.every((queue) => queue.total > 0)).toBe(true);
  });

  test("see only the areas they have any right to", async () => {
    const areas = async (name: string, expected: unknown) => {
      const links = (await as(name)).getByRole("navigation", { name: "Areas" }).getByRole("link");
      await expect.poll(() => links.allInnerTexts()).toEqual(expected); // the page that one begins at is opened meanwhile
    };
    await areas("Ada Lindqvist", expect.arrayContaining(["Incidents", "Alerts", "Assets", "Hunting", "Action centre", "Threat analytics", "Permissions & roles", "Access"]));
    await areas("Elena Rossi", ["Incidents", "Alerts", "Assets", "Hunting", "Action centre", "Threat analytics", "Access"]);
    await areas("Pavel Dvorak", ["Action centre", "Access"]); // he sees no action, and decides by id (K10)
    await areas("Milo Brandt", ["Threat analytics", "Custom detections", "Access"]); // what mail's alerts tell of a threat is his to know, and no queue (P1)
    await areas("Noah Kim", ["Access", "Matrix"]); // he begins there, and its page stands below it: his own row
  });
});

describe("signing in", () => {
  test("says on every page that this is a demonstration", async () => {
    const page = await as("Elena Rossi", "/alerts");
    for (const path of ["/alerts", "/incidents", "/access", "/account/tokens", "/nowhere"]) {
      await page.goto(path);
      await page.getByText("Demonstration: the people and the data are made up").waitFor();
    }
  });

  test("brings one to the address one came for", async () => {
    const page = await as("Ada Lindqvist", "/alerts?severity=high");
    await expect.poll(() => new URL(page.url()).pathname + new URL(page.url()).search).toBe("/alerts?severity=high");
    await page.getByRole("button", { name: "Severity: 1" }).waitFor();
  });

  test("ends with signing out: nothing of the queue is left, going back included", async () => {
    const page = await as("Marta Silva", "/alerts");
    const title = (await rows(page, "Alerts").first().getAttribute("aria-label")) ?? "";
    expect(title).not.toBe("");
    await page.getByRole("button", { name: "Account: Marta Silva" }).click();
    await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
    await page.getByRole("heading", { name: "Who would you like to be?" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Who would you like to be?" }).waitFor();
    await expect.poll(() => page.getByText(title).count()).toBe(0);
  });

  test("works by keyboard alone", async () => {
    const page = await visit("/");
    const card = page.getByRole("button", { name: "Uma Patel" });
    await card.press("Enter");
    await page.getByRole("button", { name: "Account: Uma Patel" }).waitFor();
  });

  test("again as somebody else shows nothing of the one before", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    const before = await total(page, "alert");
    await page.getByRole("button", { name: "Be somebody else" }).click();
    await page.getByRole("button", { name: "Samir Haddad" }).click();
    await page.getByRole("link", { name: "Alerts" }).click();
    await settled(page);
    await rows(page, "Alerts").first().waitFor();
    await expect.poll(() => total(page, "alert")).toBeLessThan(before);
  });
});

test("who is signed out while a page is open is told so, and finds that page again", async () => {
  const page = await as("Elena Rossi", "/alerts?status=new&age=7d");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("Your session has ended. Pick a person to go on where you were.").waitFor();
  await page.getByRole("button", { name: "Elena Rossi" }).click();
  await page.getByRole("heading", { name: "Alerts", level: 1 }).waitFor();
  expect(new URL(page.url()).search).toBe("?status=new&age=7d");
});

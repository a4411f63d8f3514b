import { describe, expect, test } from "vitest";
import { as, axe, axeInBoth, downloaded, enter, settled } from "./browser";

describe("the audit log", () => {
  test("is narrowed, opened and proved by keyboard, and its address brings it back", async () => {
    const page = await as("Ada Lindqvist", "/audit");
    await page.getByRole("grid", { name: "Audit log" }).waitFor();
    expect(await axeInBoth(page)).toEqual([]);
    await page.getByRole("combobox", { name: "Area" }).focus();
    await page.keyboard.type("Sign-in");
    await expect.poll(() => page.url()).toContain("operation=sessions");
    await page.getByRole("searchbox").focus();
    await page.keyboard.type("ADA");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("search=ADA");
    await page.getByRole("row", { name: /Signed in, by ada/ }).first().press("Enter");
    const drawer = page.getByRole("dialog", { name: "Signed in" });
    await drawer.getByText("sessions.create").waitFor();
    expect(await axe(page)).toEqual([]);

    await enter(drawer.getByRole("button", { name: "Show the proof" }));
    await drawer.getByRole("button", { name: "Copy" }).first().waitFor();
    await expect.poll(() => drawer.innerText()).toContain('"hashes"');

    await page.reload();
    await settled(page);
    await drawer.getByText("sessions.create").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.url()).not.toMatch(/audit\/\d/);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect.poll(() => page.url()).toMatch(/audit$/);
  });

  test("is verified, signed and exported by who may see all of it", async () => {
    const page = await as("Ada Lindqvist", "/audit");
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByRole("dialog", { name: "Verify the log" }).getByText("The log is whole").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Checkpoint" }).click();
    await page.getByRole("dialog", { name: "Checkpoint" }).getByText(/Covers/).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export" }).click()]);
    expect(download.suggestedFilename()).toBe("audit.jsonl");
    const text = await downloaded(download);
    expect(text.split("\n").filter(Boolean).every((line) => JSON.parse(line) !== null)).toBe(true);
  });

  test("is not there for who may not read it", async () => {
    const page = await as("Elena Rossi", "/audit");
    await page.getByRole("heading", { name: "You don't have access to Audit" }).waitFor();
    await expect.poll(() => page.getByRole("navigation", { name: "Areas" }).getByRole("link", { name: "Audit" }).count()).toBe(0);
  });
});

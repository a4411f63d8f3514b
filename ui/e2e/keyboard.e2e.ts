import { describe, expect, test } from "vitest";
import { as, settled } from "./browser";

describe("the keyboard", () => {
  test("goes to the areas by g and a letter", async () => {
    const page = await as("Ada Lindqvist", "/access");
    for (const [keys, path] of [
      ["ga", "/alerts"],
      ["gi", "/incidents"],
      ["gr", "/permissions"],
    ] as const) {
      await page.getByRole("main").focus();
      await page.keyboard.type(keys);
      await page.waitForURL((url) => url.pathname === path);
      await settled(page);
    }
  });

  test("shows its sheet on ?, where single letters can be switched off (WCAG 2.1.4)", async () => {
    const page = await as("Ada Lindqvist", "/access");
    await page.getByRole("main").press("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.getByRole("switch", { name: "Use single-letter shortcuts" }).click();
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    await page.getByRole("main").focus();
    await page.keyboard.type("ga");
    await page.waitForTimeout(300);
    await expect.poll(() => new URL(page.url()).pathname).toBe("/access");
  });

  test("finds the search on / and writes a slash in a field", async () => {
    const page = await as("Ada Lindqvist", "/access");
    await page.getByRole("combobox", { name: "Person" }).waitFor();
    await page.getByRole("main").press("/");
    const person = page.getByRole("combobox", { name: "Person" });
    await expect.poll(() => person.evaluate((field) => field === document.activeElement)).toBe(true);
    await person.fill("");
    await page.keyboard.press("/");
    await expect.poll(() => person.inputValue()).toBe("/");
  });

  test("moves between the parts of the page on F6", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    const part = () => page.evaluate(() => document.activeElement?.tagName);
    await page.getByRole("banner").focus();
    const seen = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("F6");
      seen.push(await part());
    }
    expect(seen).toEqual(["NAV", "MAIN", "HEADER"]);
  });

  test("skips to the content first", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    await page.reload();
    await settled(page);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("content");
  });
});

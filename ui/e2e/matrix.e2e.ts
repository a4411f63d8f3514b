import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { as, axe, settled } from "./browser";

const grid = (page: Page) => page.getByRole("grid", { name: /^(People|Roles) by/ });
const where = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-at"));

describe("the access matrix", () => {
  test("is one stop, moved in by keys, and opens the proof of a cell", async () => {
    const page = await as("Ada Lindqvist", "/access/matrix");
    await grid(page).waitFor();
    await expect.poll(() => grid(page).locator('[tabindex="0"]').count()).toBe(1);
    await grid(page).locator('[tabindex="0"]').focus();
    const seen = [];
    for (const key of ["ArrowRight", "ArrowDown", "End", "PageDown", "ArrowLeft", "Home", "Control+End", "Control+Home", "ArrowUp"]) {
      await page.keyboard.press(key);
      seen.push(await where(page));
    }
    const last = (await grid(page).locator("tbody tr").count()) - 1;
    expect(seen).toEqual(["0,1", "1,1", "1,47", "11,47", "11,46", "11,0", `${last},47`, "0,0", "0,0"]);
    await page.keyboard.press("Enter");
    const proof = page.getByRole("dialog");
    await proof.getByText("Ada Lindqvist may: the global role Global Administrator, on all data.").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => where(page)).toBe("0,0");
  });

  test("is narrowed to who has something, and says so by a glyph and a word", async () => {
    const page = await as("Ada Lindqvist", "/access/matrix?capability=actions.remediate&workload=office365&onlyHas=true");
    await grid(page).waitFor();
    const names = await grid(page).locator("tbody th").allInnerTexts();
    expect(names).toContain("Pavel Dvorak");
    expect(names).not.toContain("Elena Rossi");
    expect(await axe(page)).toEqual([]);
    await expect.poll(() => grid(page).getByRole("button", { name: /^Pavel Dvorak, .*: Yes\./ }).locator("svg").count()).toBe(1);
    await page.getByRole("switch", { name: "Only who has something" }).click();
    await settled(page);
    await grid(page).getByRole("button", { name: /^Elena Rossi, .*: No\./ }).waitFor();
    await expect.poll(() => new URL(page.url()).search).not.toContain("onlyHas");
  });

  test("has roles as rows, with the proof of what a role opens", async () => {
    const page = await as("Gita Rao", "/access/matrix?of=roles&workload=office365&q=purge", { scheme: "dark" });
    await grid(page).getByRole("button", { name: /^Mail purge, Action center remediation, .*: Yes\./ }).click();
    await page.getByRole("dialog").getByText(/Whoever has the role Mail purge in .* and nothing else may/).waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test("shows who may view no roles their own row, and a role manager their own product", async () => {
    const elena = await as("Elena Rossi", "/access/matrix");
    await grid(elena).waitFor();
    await expect.poll(() => grid(elena).locator("tbody th").allInnerTexts()).toEqual(["Elena Rossi"]);
    expect(await axe(elena)).toEqual([]);
    const rolf = await as("Rolf Meyer", "/access/matrix");
    await grid(rolf).waitFor();
    await expect.poll(() => grid(rolf).locator("thead tr").first().locator("th").allInnerTexts()).toEqual(["Who", "Email & collaboration"]);
    await rolf.getByText("Products whose roles you may not view are left out.").waitFor();
  });
});

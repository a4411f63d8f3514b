import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { as, axe, downloaded, enter } from "./browser";

/** take chooses from the export menu by keyboard, and gives what the browser saves. */
async function take(page: Page, choice: string): Promise<{ name: string; text: string }> {
  await enter(page.getByRole("button", { name: "Export" }));
  const item = page.getByRole("menuitem", { name: choice, exact: true });
  await item.waitFor();
  await item.focus();
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  const text = await downloaded(download);
  await page.keyboard.press("Escape");
  return { name: download.suggestedFilename(), text };
}

describe("reports", () => {
  test("roles and assignments of a product, as CSV and JSON, by keyboard", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/office365");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem").first().waitFor();
    expect(await axe(page, { menu: true })).toEqual([]);
    await page.keyboard.press("Escape");
    const csv = await take(page, "These roles, CSV");
    expect(csv.name).toBe("roles.csv");
    const lines = csv.text.split("\r\n").filter(Boolean);
    expect(lines[0]).toBe("id,name,workload,kind,description,permissions,opens,assignments,people");
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.slice(1).every((line) => line.includes(",office365,"))).toBe(true);
    const json = JSON.parse((await take(page, "All assignments, JSON")).text) as { of: string; items: { workload: string }[] };
    expect(json.of).toBe("assignments");
    expect(new Set(json.items.map((item) => item.workload)).size).toBeGreaterThan(1);
  });

  test("the matrix, narrowed as the page is", async () => {
    const page = await as("Ada Lindqvist", "/access/matrix?capability=actions.remediate&workload=office365&onlyHas=true");
    const { name, text } = await take(page, "These rows, CSV");
    expect(name).toBe("matrix.csv");
    const lines = text.split("\r\n").filter(Boolean);
    expect(lines[0]).toBe("principal,displayName,reason,actions.remediate in office365");
    expect(lines.slice(1).every((line) => line.endsWith(",yes"))).toBe(true);
  });

  test("who may view no roles exports their own row alone", async () => {
    const page = await as("Elena Rossi", "/access");
    const { text } = await take(page, "My access, CSV");
    expect(text.split("\r\n").filter(Boolean).length).toBe(2);
    expect(text).toContain("elena@contoso.example");
  });
});

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { as, downloaded, settled } from "./browser";

/** write opens a tab with a query, by the way that links take. */
async function write(page: Page, query: string, timespan = "P30D") {
  await page.goto(`/hunting#${new URLSearchParams({ q: query, t: timespan }).toString()}`);
  await settled(page);
  await page.locator(".monaco-editor .view-line").first().waitFor();
}

async function run(page: Page) {
  await page.locator(".monaco-editor .view-line").first().click();
  await page.keyboard.press("Shift+Enter");
}

const cells = (page: Page) => page.getByRole("grid", { name: "Results" }).getByRole("gridcell");

test("a query is written with the words that its reader may use, and run with Shift+Enter", async () => {
  const page = await as("Elena Rossi", "/hunting");
  await page.locator(".monaco-editor .view-line").first().click();
  await page.keyboard.type("DeviceProcessEvents | where FileNa");
  await page.locator(".suggest-widget").getByText("FileName", { exact: true }).first().waitFor();
  await page.keyboard.press("Tab");
  await expect.poll(() => page.locator(".monaco-editor .view-lines").innerText()).toMatch(/where\sFileName\s*$/);
  await page.keyboard.insertText(" != '' | summarize Rows = count() by DeviceName | sort by Rows desc");
  await page.keyboard.press("Shift+Enter");
  await page.getByText(/^[\d,]+ rows? in /).waitFor();
  await cells(page).first().click();
  await page.getByRole("button", { name: "Only rows with this value" }).first().click();
  await page.getByText("1 of ").waitFor();
  await page.keyboard.press("Escape");
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: /^CSV/ }).click();
  expect(await downloaded(await file)).toMatch(/^DeviceName,Rows\r\n[^\r]+,\d+\r\n$/);
  await page.getByRole("tab", { name: "Chart" }).click();
  await page.getByRole("img", { name: /^Column chart/ }).waitFor();
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("list", { name: "History" }).getByText(/Rows = count/).first().waitFor();
});

test("what is wrong is marked where it is, and a table of another product names what opens it", async () => {
  const page = await as("Elena Rossi", "/hunting");
  await write(page, "DeviceInfo\n| where DeviceNam == 1");
  await page.getByText(/^Line 2: .*did you mean 'DeviceName'/).waitFor();
  await page.locator(".squiggly-error").first().waitFor();
  await write(page, "EmailEvents | take 1");
  await run(page);
  await page.getByText("You may not run this").waitFor();
  await page.getByText(/needs Security Reader, .* in Email & collaboration/).first().waitFor();
});

test("sharing a query shares its text: another finds what they may see", async () => {
  const uma = await as("Uma Patel", "/hunting");
  await write(uma, "DeviceInfo | summarize count() by MachineGroup");
  await uma.getByRole("button", { name: "Save", exact: true }).click();
  const dialog = uma.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Devices by group");
  await dialog.getByLabel("They may open and run it").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await uma.getByText("Saved “Devices by group”").first().waitFor();
  const elena = await as("Elena Rossi", "/hunting");
  await elena.getByRole("tab", { name: "Queries" }).click();
  await elena.getByText("Devices by group").first().click();
  await run(elena);
  await elena.getByText(/^[\d,]+ rows? in /).waitFor();
  const seen = async (page: Page) => (await cells(page).allInnerTexts()).filter((text) => /[a-z]/i.test(text)).sort();
  await run(uma);
  await uma.getByText(/^[\d,]+ rows? in /).waitFor();
  expect(await seen(elena)).not.toEqual(await seen(uma));
});

test("what rows say stays text, whatever it is", async () => {
  const page = await as("Elena Rossi", "/hunting");
  await write(page, `print A = "<img src=x onerror=alert(1)>", B = "=cmd|' /C calc'!A0", C = "in\\u202evoice"`);
  await run(page);
  await page.getByRole("gridcell", { name: "<img src=x onerror=alert(1)>" }).waitFor();
  await page.getByRole("gridcell", { name: "in[U+202E]voice" }).waitFor();
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: /^CSV/ }).click();
  expect(await downloaded(await file)).toContain("'=cmd|");
});

test("a query that takes its time can be cancelled", async () => {
  const page = await as("Elena Rossi", "/hunting");
  await write(page, "range a from 1 to 3000000 step 1 | extend k = a % 10 | join kind=inner (range b from 1 to 3000000 step 1 | extend k = b % 10) on k | summarize sum(a * b)");
  await run(page);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByText(/^Cancelled/).waitFor();
});

test("one goes hunting from a device", async () => {
  const page = await as("Elena Rossi", "/entities");
  await page.getByRole("grid", { name: "Devices" }).locator("[data-row]").first().click();
  await page.getByRole("link", { name: "Go hunt" }).click();
  await page.locator(".monaco-editor .view-line").first().waitFor();
  await run(page);
  await page.getByText(/^[\d,]+ rows? in /).waitFor();
});

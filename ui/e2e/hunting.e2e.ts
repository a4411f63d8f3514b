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

const cells = (page: Page) => page.getByRole("grid", { name: "Results" }).locator("[data-cell]");

// Wide and narrow: one writes with the words of every table, the other with those of her own, and the same query finds her part.
test.each([
  { who: "Ada Lindqvist", mail: true, least: 200, most: 250 },
  { who: "Elena Rossi", mail: false, least: 50, most: 150 },
])("a query is written with the words that $who may use, run with Shift+Enter, narrowed, exported and drawn", async ({ who, mail, least, most }) => {
  const page = await as(who, "/hunting");
  await page.locator(".monaco-editor .view-line").first().click();
  await page.keyboard.type("EmailEv");
  if (mail) await page.locator(".suggest-widget").getByText("EmailEvents", { exact: true }).first().waitFor();
  await page.keyboard.press("Escape");
  if (!mail) await expect.poll(() => page.locator(".suggest-widget").getByText("EmailEvents", { exact: true }).count()).toBe(0);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("DeviceProcessEvents | where FileNa");
  await page.locator(".suggest-widget").getByText("FileName", { exact: true }).first().waitFor();
  await page.keyboard.press("Tab");
  await expect.poll(() => page.locator(".monaco-editor .view-lines").innerText()).toMatch(/where\sFileName\s*$/);
  await page.keyboard.insertText(" != '' | summarize Rows = count() by DeviceName | sort by Rows desc");
  await page.keyboard.press("Shift+Enter");
  const said = await page.getByText(/^[\d,]+ rows? in /).innerText();
  const devices = Number(/^\d+/.exec(said)?.[0]);
  expect(devices).toBeGreaterThanOrEqual(least);
  expect(devices).toBeLessThanOrEqual(most);
  await cells(page).first().click();
  await page.getByRole("button", { name: "Only rows with this value" }).first().click();
  await page.getByText(/^1 of [\d,]+ rows/).waitFor();
  await page.getByRole("button", { name: "Close", exact: true }).click(); // Escape is for the tooltip first
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
  const [hers, his] = [await seen(elena), await seen(uma)];
  expect(hers).not.toEqual(his);
  // Who sees everything finds what both do, and more.
  const ada = await as("Ada Lindqvist", "/hunting");
  await ada.getByRole("tab", { name: "Queries" }).click();
  await ada.getByText("Devices by group").first().click();
  await run(ada);
  await ada.getByText(/^[\d,]+ rows? in /).waitFor();
  const all = await seen(ada);
  expect(all).toEqual(expect.arrayContaining([...hers, ...his]));
  expect(all.length).toBeGreaterThan(new Set([...hers, ...his]).size);
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

test("one goes hunting from an incident", async () => {
  const page = await as("Ines Costa", "/incidents/1042");
  await page.getByRole("link", { name: "Go hunt" }).click();
  await page.locator(".monaco-editor .view-line").first().waitFor();
  await run(page);
  await page.getByText(/^[\d,]+ rows? in /).waitFor();
});

// The wizard begins with the query as it stands; who may set no detection anywhere is told so where the button is.
test.each(["Ada Lindqvist", "Emil Hansen"])("a hunt of %s becomes the query of a detection", async (who) => {
  const page = await as(who, "/hunting");
  await write(page, "DeviceProcessEvents | where FileName =~ 'cmd.exe' | project Timestamp, DeviceId, ReportId");
  await page.getByRole("button", { name: "Create detection" }).click();
  await page.getByText("It can be a detection.").waitFor();
  await expect.poll(() => page.locator(".monaco-editor .view-lines").innerText()).toMatch(/project\sTimestamp,\sDeviceId,\sReportId/);
  await expect.poll(() => page.url().split("#")[0]).not.toContain("Timestamp"); // no server's log has the query
});

test("who may set no detection is told what it takes", async () => {
  const page = await as("Elena Rossi", "/hunting");
  await write(page, "DeviceInfo | take 1");
  await page.getByRole("button", { name: "Create detection" }).press("Enter"); // it is refused
  await page.getByRole("dialog").getByText(/needs|no role/i).first().waitFor();
  await expect.poll(() => page.url()).toContain("/hunting");
});

/** link chooses rows of what stands there and makes an alert of them. */
async function link(page: Page, rows: string[], incident: () => Promise<unknown>) {
  for (const row of rows) await page.getByRole("checkbox", { name: `Choose row ${row}`, exact: true }).check();
  await page.getByRole("button", { name: "Link to incident" }).click();
  await incident();
  await page.getByLabel("Title of the alert").fill("cmd on {{DeviceName}}");
  await page.getByRole("button", { name: "Link", exact: true }).click();
}

const commands = "DeviceProcessEvents | where FileName =~ 'cmd.exe' | project Timestamp, DeviceId, ReportId, DeviceName, FileName | sort by Timestamp desc";

test("rows become an alert of a new incident", async () => {
  const wide = await as("Ada Lindqvist", "/hunting");
  await write(wide, commands);
  await run(wide);
  await wide.getByText(/^[\d,]+ rows? in /).waitFor();
  await link(wide, ["1", "2"], () => wide.getByLabel("Name of the incident").fill("Commands by hand"));
  await wide.getByText("2 rows became the alert").waitFor();
  await wide.getByRole("link", { name: /^Open incident/ }).click();
  await wide.getByRole("heading", { level: 1, name: "Commands by hand" }).waitFor();
  await wide.getByText("somebody made it of rows that they had hunted down").waitFor();
});

test("an alert is about the columns that are chosen; an answer that is lost makes no second alert, and an incident has a row once", async () => {
  const page = await as("Ada Lindqvist", "/hunting");
  await write(page, commands.replace("FileName |", "FileName, AccountUpn |"));
  await run(page);
  await page.getByText(/^[\d,]+ rows? in /).waitFor();
  const about = page.getByRole("group", { name: "Impacted entities" });
  await page.route("**/api/v1/hunting/link", async (route) => {
    expect((await route.fetch()).status()).toBe(201);
    await route.fulfill({ status: 404, body: "" }); // as a proxy that has lost its server says
  }, { times: 1 });
  await link(page, ["1", "2"], async () => {
    await page.getByLabel("Name of the incident").fill("Told once");
    await expect.poll(() => about.getByLabel("Device").inputValue()).toBe("DeviceId");
    await expect.poll(() => about.getByLabel("User").inputValue()).toBe("AccountUpn");
    await about.getByLabel("Mailbox").selectOption("None");
    await about.getByLabel("Device").selectOption("DeviceName");
  });
  await page.getByText("Not linked").waitFor();
  const again = page.waitForRequest("**/api/v1/hunting/link");
  await page.getByRole("button", { name: "Link", exact: true }).click();
  expect((await again).postDataJSON()).toMatchObject({ alert: { impactedAssets: [{ kind: "device", column: "DeviceName" }, { kind: "user", column: "AccountUpn" }] } });
  await page.getByText("2 rows became the alert").waitFor();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await link(page, ["1"], async () => {
    await page.getByLabel("One that there is").click();
    await page.getByLabel("Search name, id or assignee").fill("Told once");
    const found = page.getByRole("radiogroup", { name: "Incidents" }).getByRole("radio");
    await expect.poll(() => found.count()).toBe(1);
    await found.check();
    await about.getByLabel("Mailbox").selectOption("None");
    await about.getByLabel("Device").selectOption("DeviceName");
  });
  await page.getByText(/the rows are in the incident already, as alert/i).waitFor();
});

test("rows become an alert for who may manage it on all that they name, and for nobody else", async () => {
  const narrow = await as("Emil Hansen", "/hunting");
  await write(narrow, commands);
  await run(narrow);
  await narrow.getByText(/^[\d,]+ rows? in /).waitFor();
  await link(narrow, ["3"], async () => { // of those before, others have made an alert in the first incident
    await narrow.getByLabel("One that there is").click();
    await narrow.getByRole("radiogroup", { name: "Incidents" }).getByRole("radio", { disabled: false }).first().check();
  });
  await narrow.getByText("1 row became the alert").waitFor();
  await narrow.getByRole("button", { name: "Close", exact: true }).click();
  // Of a device that he makes up nothing is told, and nothing is put on it.
  await write(narrow, `DeviceProcessEvents | take 1 | extend DeviceId = "none", DeviceName = "none" | project DeviceId, DeviceName`);
  await run(narrow);
  await narrow.getByText(/^1 row in /).waitFor();
  await link(narrow, ["1"], () => narrow.getByLabel("Name of the incident").fill("Made up"));
  await narrow.getByText(/needs .* in Endpoint on every device group: a row names no device, or one that you do not hunt on/).waitFor();

  const reader = await as("Elena Rossi", "/hunting");
  await write(reader, commands);
  await run(reader);
  await reader.getByRole("button", { name: "Link to incident" }).press("Enter"); // it is refused
  await reader.getByRole("dialog").getByText("No role lets you manage alerts in any product").waitFor();
});

test("the keyboard reaches every value, of which only those in sight are drawn, and closing a record leads back to its row", async () => {
  const page = await as("Emil Hansen");
  await write(page, "DeviceProcessEvents | where FileName =~ 'powershell.exe'");
  await run(page);
  await cells(page).first().focus();
  const at = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.cell ?? "");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await expect.poll(at).toMatch(/^1-[1-9]\d$/);
  await expect.poll(() => page.locator("[data-cell^='1-']").count()).toBeLessThan(30);
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: /^Copy / }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(at).toMatch(/^1-[1-9]\d$/);
  await page.keyboard.press("Enter");
  await page.getByText(/^Row 2 of [\d,]+$/).waitFor();
  await page.getByRole("button", { name: "The next row" }).click();
  await page.getByText(/^Row 3 of [\d,]+$/).waitFor();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await expect.poll(at).toMatch(/^2-/);
});

test("Enter after a whole word begins a line, and a query in one line is put in several", async () => {
  const page = await as("Emil Hansen", "/hunting");
  const lines = () => page.locator(".monaco-editor .view-line").allInnerTexts();
  await page.locator(".monaco-editor .view-line").first().click();
  await page.keyboard.type("DeviceInfo");
  await page.locator(".suggest-widget").getByText("DeviceInfo", { exact: true }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("| take 1 | project DeviceName");
  await expect.poll(async () => (await lines()).length).toBe(2);
  await page.keyboard.press("Shift+Alt+f");
  await expect.poll(async () => (await lines()).length).toBe(3);
});

test("a history is forgotten only when somebody says so twice", async () => {
  const page = await as("Emil Hansen");
  await write(page, "print forgotten = 1");
  await run(page);
  await page.getByText(/^1 row in /).waitFor();
  await page.getByRole("tab", { name: "History" }).click();
  const list = page.getByRole("list", { name: "History" });
  await list.getByText("print forgotten = 1").first().waitFor();
  await page.getByRole("button", { name: "Forget my history" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  await list.getByText("print forgotten = 1").first().waitFor();
  await page.getByRole("button", { name: "Forget my history" }).click();
  await page.getByRole("button", { name: "Forget it" }).click();
  await page.getByText("What you run is listed here for 30 days, for you alone.").waitFor();
});

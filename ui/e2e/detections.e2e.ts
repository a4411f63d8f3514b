import { expect, test } from "vitest";
import { as, axe, rows } from "./browser";

const query = 'DeviceProcessEvents | where FileName =~ "vssadmin.exe" | project Timestamp, DeviceId, ReportId, DeviceName, AccountName';

// "Create detection rule" of a hunt leads to the wizard with its query. What is wrong the server says; a test run shows what its maker would see.
test("a hunt becomes a detection, step by step", async () => {
  const page = await as("Emil Hansen", `/detections/new?query=${encodeURIComponent(query.replace("ReportId, ", ""))}`);
  const step = async (name: string) => {
    await page.getByRole("tab", { name }).click();
    expect(await axe(page), name).toEqual([]);
  };
  await page.getByText("its result has no column ReportId").waitFor();
  await page.locator(".monaco-editor .view-line").first().click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(query);
  await page.getByText("It can be a detection.").waitFor();
  await step("2. Alert details");
  await page.getByLabel("Name of the detection").fill("Shadow copies, by hand");
  await page.getByRole("switch").click(); // off: the queue of the demo stays what it is
  await page.getByLabel("Title of its alerts").fill("vssadmin on {{DeviceName}}");
  await step("3. Impacted entities");
  await page.getByLabel("Device", { exact: true }).selectOption("DeviceId");
  await step("4. Actions");
  await page.getByRole("checkbox", { name: "Isolate device" }).check();
  await expect.poll(() => page.getByRole("checkbox", { name: "Soft delete message" }).isDisabled()).toBe(true); // Emil purges no mail
  await step("5. Scope");
  await expect.poll(() => page.getByRole("radio", { name: /^All devices: takes the right on every device group/ }).isDisabled()).toBe(false); // it is still chosen
  await page.getByRole("radio", { name: "Devices in these groups" }).check();
  await page.getByRole("combobox", { name: "Device groups" }).focus();
  await page.keyboard.type("EU work");
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await step("6. Review");
  await page.getByLabel("Over the last").selectOption("30");
  await page.getByRole("button", { name: "Test run" }).click();
  await page.getByText(/\d+ rows?, \d+ alerts?, in /).waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: "Create detection" }).click();
  await page.getByRole("heading", { level: 1, name: "Shadow copies, by hand" }).waitFor();
  await page.getByText("It has not run yet").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { level: 1, name: "Custom detections" }).waitFor();
  expect(await rows(page, "Custom detections").allInnerTexts()).not.toContain("Shadow copies, by hand");
});

// Whose owner has lost what it takes stands still and says so, to those who may set it; to others it is not there.
test("a paused detection says why, to whom it concerns", async () => {
  const page = await as("Ada Lindqvist", "/detections");
  await page.getByText("1 detection is paused").waitFor({ timeout: 20_000 });
  await page.getByRole("link", { name: "Services made from temporary folders" }).click();
  await page.getByText("Its owner conrad@contoso.example has lost what it takes").first().waitFor();
  const ursula = await as("Ursula Grant", "/detections/det_lapsed");
  await ursula.getByRole("heading", { name: "No such custom detection" }).waitFor();
  const elena = await as("Elena Rossi", "/detections");
  await elena.getByRole("heading", { name: "You don't have access to Custom detections" }).waitFor();
});

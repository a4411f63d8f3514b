import { expect, test } from "vitest";
import { as, axe } from "./browser";

const address = "https://intel.example/bad-addresses.csv";

test("a feed is registered, loaded by hand, looked up by its readers and by nobody else, and removed", async () => {
  const page = await as("Ada Lindqvist", "/settings/feeds");
  await page.getByRole("button", { name: "Add feed" }).click();
  const editor = page.getByRole("dialog");
  await editor.getByLabel("Name").fill("Bad addresses");
  await editor.getByLabel("Addresses").fill("ftp://intel.example/list");
  await editor.getByRole("checkbox", { name: "Endpoint" }).check();
  expect(await axe(page), "the editor").toEqual([]);
  await editor.getByRole("button", { name: "Save" }).click();
  await editor.getByText(/want an address as https:/).waitFor();
  await editor.getByLabel("Addresses").fill(address);
  await editor.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved Bad addresses").first().waitFor();

  // A file that can't be read changes nothing, and says what is wrong with it.
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Bad addresses" }) });
  await card.getByText("Nothing loaded yet").waitFor();
  const file = page.getByLabel("A file for Bad addresses");
  await file.setInputFiles({ name: "list.zip", mimeType: "application/zip", buffer: Buffer.from("PK\u0003\u0004 and more") });
  await page.getByText("list.zip was not loaded").first().waitFor();
  await file.setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from("ip,why\n198.51.100.7,<script>alert(1)</script>\n") });
  await page.getByText("Bad addresses has 2 rows").first().waitFor();
  await card.getByText("Loaded", { exact: true }).first().waitFor();

  const query = `externaldata(ip:string, why:string)["${address}"] with (format="csv", ignoreFirstRecord=true)`;
  const hunt = async (who: string) => {
    const hunter = await as(who, `/hunting#${new URLSearchParams({ q: query }).toString()}`);
    await hunter.locator(".monaco-editor .view-line").first().click();
    await hunter.keyboard.press("Shift+Enter");
    return hunter;
  };
  const elena = await hunt("Elena Rossi");
  await elena.getByRole("gridcell", { name: "<script>alert(1)</script>" }).waitFor();
  const marta = await hunt("Marta Silva"); // of mail
  await marta.getByText(/Settings, Feeds/).first().waitFor();

  await page.getByRole("button", { name: "Delete Bad addresses" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Deleted Bad addresses").first().waitFor();
  await elena.locator(".monaco-editor .view-line").first().click();
  await elena.keyboard.press("Shift+Enter");
  await elena.getByText(/Settings, Feeds/).first().waitFor();
});

test("feeds are not there for who does not keep the settings", async () => {
  const page = await as("Elena Rossi", "/settings/feeds");
  await page.getByRole("heading", { level: 1, name: /You don't have access/ }).waitFor();
  expect(await page.getByRole("main").innerText()).not.toContain("intel");
});

import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { as, axe, enter } from "./browser";

const example = (name: string) => resolve(import.meta.dirname, "../../docs/examples/imports", name);

describe("importing what other products have", () => {
  test("previews by keyboard, imports what was shown, and shows where it came from", async () => {
    const page = await as("Ada Lindqvist", "/permissions/import?product=office365");
    await page.getByLabel("Exports").setInputFiles([{ name: "roles.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify([
      { Name: `Imported ${Date.now()}`, Roles: ["x.example/Configuration/Security Reader"], Members: ["samir@contoso.example"] },
      { Name: "Translators", Roles: ["x.example/Configuration/Translate"], Members: [] },
    ])) }]);
    await page.getByText("roles.json").waitFor();
    expect(await axe(page)).toEqual([]);
    await enter(page.getByRole("button", { name: "Preview" }));
    await page.getByRole("region", { name: "Not eligible (1)" }).getByText("unknown permission").waitFor();
    await page.getByRole("region", { name: "What changes, one by one" }).getByText(/Role office365\/Imported/).first().waitFor();
    expect(await axe(page)).toEqual([]);
    await enter(page.getByRole("button", { name: "Import what is shown" }));
    await page.getByText("What was imported shows where it came from").waitFor();
    await page.goto(new URL("/permissions/roles/office365", page.url()).href);
    await page.getByRole("row", { name: /^Imported \d+/ }).first().click();
    await page.getByRole("dialog").getByText("roles.json").waitFor();
  });

  test("asks who wins where something was made here, and tells what is wrong with a file", async () => {
    const page = await as("Ada Lindqvist", "/permissions/import?product=directory");
    await page.getByLabel("Exports").setInputFiles([{ name: "users.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify([
      { displayName: "Somebody Else", userPrincipalName: "samir@contoso.example" },
    ])) }]);
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("button", { name: "Decide 1 conflict first" }).waitFor();
    await page.getByRole("radio", { name: "Keep what is here" }).press("Space");
    await page.getByRole("button", { name: "Nothing to import" }).waitFor();
    await page.getByRole("button", { name: "users.json" }).press("Delete");
    await expect.poll(() => page.getByText("users.json").count()).toBe(0);
    await page.getByLabel("Exports").setInputFiles([{ name: "bad.json", mimeType: "application/json", buffer: Buffer.from("[{]") }]);
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText(/can't be read as JSON/).first().waitFor();
  });

  test("takes the examples of the documentation", async () => {
    const page = await as("Ada Lindqvist", "/permissions/import");
    await page.getByRole("radio", { name: "Directory" }).waitFor();
    await page.getByLabel("Exports").setInputFiles(["directory-users.json", "directory-groups.json", "directory-roles.json"].map(example));
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("heading", { name: /8 new/ }).waitFor();
  });
});

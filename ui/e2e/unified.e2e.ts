import { describe, expect, test } from "vitest";
import { as, axe, enter, rows, settled } from "./browser";

const stamp = Date.now();

describe("a unified role", () => {
  test("is made by keyboard, given to some for some data sources, changed and deleted", async () => {
    const name = `Night watch ${stamp}`;
    const page = await as("Ada Lindqvist", "/permissions/roles/unified");
    await enter(page.getByRole("button", { name: "Create unified role" }));
    await page.getByRole("textbox", { name: "Name" }).focus();
    await page.keyboard.type(name);
    await page.getByRole("tab", { name: "2. Permissions" }).press("Enter");

    // By category: all to read, or those that are ticked.
    const operations = page.getByRole("radiogroup", { name: "Security operations" });
    await operations.getByRole("radio", { name: "None" }).press("ArrowDown");
    await expect.poll(() => operations.getByRole("radio", { name: /^All read-only/ }).isChecked()).toBe(true);
    await page.getByRole("complementary").or(page.getByRole("main")).getByText(/Viewing investigation data \(Endpoint, Email & collaboration, Cloud apps, Identity\)/).first().waitFor();
    await operations.getByRole("radio", { name: /^Custom/ }).click();
    await page.getByRole("checkbox", { name: /^Alerts/ }).press("Space");
    await page.getByText("Managing alerts and incidents (Endpoint").first().waitFor();
    expect(await axe(page)).toEqual([]);

    await page.getByRole("tab", { name: "3. Assignments" }).click();
    await enter(page.getByRole("button", { name: "Add assignment" }));
    await page.getByRole("textbox", { name: "Name of the assignment" }).fill("Europe");
    await page.getByRole("combobox", { name: "Groups", exact: true }).focus();
    await page.keyboard.type("eu-tier1");
    await page.locator("[role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: "Data sources" }).getByRole("checkbox", { name: "Identity" }).press("Space");
    await expect.poll(() => page.getByText("Where in Endpoint").count(), { message: "only Endpoint has devices" }).toBe(0);
    expect(await axe(page)).toEqual([]);

    await page.getByRole("tab", { name: "4. Review" }).click();
    await expect.poll(() => page.getByRole("main").innerText()).toContain("Europe, for Identity");
    await enter(page.getByRole("button", { name: "Create role" }));
    const role = page.getByRole("dialog");
    await role.getByText("For Identity").waitFor();
    await page.reload(); // without the note that it is made
    await role.getByText("For Identity").waitFor();
    expect(await axe(page)).toEqual([]);

    // The assignment is changed as one.
    await role.getByRole("button", { name: "Edit Europe" }).click();
    await role.getByRole("group", { name: "Data sources" }).getByRole("checkbox", { name: "Cloud apps" }).click();
    await role.getByRole("button", { name: "Save" }).click();
    await role.getByText("For Cloud apps and Identity").waitFor();

    await page.goto("/permissions/roles/unified");
    await settled(page);
    const row = rows(page, "Unified roles").filter({ hasText: name });
    await row.getByRole("img", { name: "Cloud apps and Identity" }).waitFor();
    await row.click();
    await role.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => rows(page, "Unified roles").filter({ hasText: name }).count()).toBe(0);
  });

  test("is shown to who may see roles, and made only by who manages them", async () => {
    const page = await as("Gita Rao", "/permissions/roles/unified");
    await expect.poll(() => page.getByRole("button", { name: "Create unified role" }).getAttribute("aria-disabled")).toBe("true");
  });
});

describe("workload settings", () => {
  test("put a product into shadow after a preview, list what it finds, and take it out again", async () => {
    const page = await as("Ada Lindqvist", "/permissions/activation");
    const cloud = page.getByRole("radiogroup", { name: "Unified roles in Cloud apps" });
    await cloud.getByRole("radio", { name: "Shadow" }).click();
    const asked = page.getByRole("alertdialog");
    await asked.getByText("Nobody's access changes").waitFor();
    expect(await axe(page)).toEqual([]);
    await asked.getByRole("button", { name: /^Set in shadow/ }).click();
    await expect.poll(() => cloud.getByRole("radio", { name: "Shadow" }).isChecked()).toBe(true);

    // Somebody who sees cloud apps' alerts by the product's own role would not by the unified ones: nobody has any yet.
    const other = await as("Chloe Dubois", "/alerts");
    await settled(other);
    await expect
      .poll(async () => {
        await page.reload();
        await settled(page);
        return page.getByRole("table", { name: "Differences" }).getByRole("row").filter({ hasText: "Chloe Dubois" }).filter({ hasText: "Cloud apps" }).count();
      }, { timeout: 30_000, interval: 2_000 })
      .toBeGreaterThan(0);
    expect(await axe(page)).toEqual([]);

    // On shows who would lose; whoever leaves it changes nothing.
    await cloud.getByRole("radio", { name: "On" }).click();
    await asked.getByText("Chloe Dubois").first().waitFor();
    await asked.getByRole("button", { name: "Leave it" }).click();
    await expect.poll(() => cloud.getByRole("radio", { name: "Shadow" }).isChecked()).toBe(true);
    await cloud.getByRole("radio", { name: "Off" }).click();
    await asked.getByRole("button", { name: /^Set off/ }).click();
    await expect.poll(() => cloud.getByRole("radio", { name: "Off" }).isChecked()).toBe(true);
  });

  test("are read by who may see roles and changed by administrators alone", async () => {
    const page = await as("Gita Rao", "/permissions/activation");
    await page.getByText("You can't change this").first().waitFor();
    await expect.poll(() => page.getByRole("radio", { name: "On" }).first().isDisabled()).toBe(true);
  });
});

import { describe, expect, test } from "vitest";
import { as, axe, enter, settled } from "./browser";

describe("delegation ceilings", () => {
  test("are made by keyboard, bind whom they name, and are taken away again", async () => {
    const name = `Night delegation ${Date.now()}`;
    const page = await as("Ada Lindqvist", "/permissions/delegation");
    await enter(page.getByRole("button", { name: "Add ceiling" }));
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("textbox", { name: "Name" }).focus();
    await page.keyboard.type(name);
    const save = drawer.getByRole("button", { name: "Save" });
    await expect.poll(() => save.getAttribute("aria-disabled"), { message: "it binds nobody yet" }).toBe("true");
    await drawer.getByRole("combobox", { name: "Groups", exact: true }).focus();
    await page.keyboard.type("tier1");
    await page.locator("[role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await drawer.getByRole("group", { name: "Products" }).getByRole("checkbox", { name: "Endpoint" }).press("Space");
    await drawer.getByRole("combobox", { name: "Permissions left" }).focus();
    await page.keyboard.type("alerts inv");
    await page.locator("[role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await drawer.getByText("endpoint/Alerts investigation").first().waitFor();
    await drawer.getByRole("region", { name: "What this does" }).getByText("Nobody's access changes").waitFor();
    expect(await axe(page)).toEqual([]);
    await enter(save);
    await page.getByRole("heading", { name, exact: true }).waitFor();
    const card = page.getByRole("main").getByRole("listitem").filter({ hasText: name });
    await expect.poll(() => card.innerText()).toContain("endpoint/Alerts investigation");

    await page.reload();
    await settled(page);
    await page.getByRole("button", { name: `Edit ${name}` }).click();
    await drawer.getByText("endpoint/Alerts investigation").first().waitFor();
    await drawer.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog", { name: /Delete the ceiling/ }).getByRole("button", { name: /^Delete: / }).click();
    await expect.poll(() => page.getByRole("heading", { name, exact: true }).count()).toBe(0);
  });

  test("are shown to who may see roles and not to others, and changed by administrators alone", async () => {
    const page = await as("Gita Rao", "/permissions/delegation");
    await expect.poll(() => page.getByRole("button", { name: "Add ceiling" }).getAttribute("aria-disabled")).toBe("true");
    const elena = await as("Elena Rossi", "/permissions/delegation");
    await elena.getByRole("heading", { name: "You don't have access to Permissions & roles" }).waitFor();
  });
});

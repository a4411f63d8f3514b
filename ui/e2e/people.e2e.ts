import { describe, expect, test } from "vitest";
import { as, axe, axeInBoth, base, enter, rows, settled } from "./browser";

describe("users", () => {
  test("are added, changed and removed by keyboard, and who gains or loses is said before", async () => {
    const name = `kim${Date.now()}@contoso.example`;
    const page = await as("Ada Lindqvist", "/permissions/users");
    await enter(page.getByRole("button", { name: "Add user" }));
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("textbox", { name: "Name", exact: true }).focus();
    await page.keyboard.type(name);
    await drawer.getByRole("textbox", { name: "Display name" }).focus();
    await page.keyboard.type("Kim New");
    await drawer.getByRole("combobox", { name: "Groups" }).focus();
    await page.keyboard.type("eu-tier1");
    await page.locator("[role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await drawer.getByRole("region", { name: "What this does" }).getByText("1 person gains, 0 people lose").waitFor();
    expect(await axe(page)).toEqual([]);
    await enter(drawer.getByRole("button", { name: "Save" }));
    await drawer.getByRole("heading", { name: "Kim New" }).waitFor();
    await drawer.getByRole("link", { name: "eu-tier1" }).waitFor();

    await enter(drawer.getByRole("button", { name: "Edit" }));
    await drawer.getByRole("switch", { name: /Disabled/ }).press("Space");
    await drawer.getByRole("region", { name: "What this does" }).getByText("0 people gain, 1 person loses").waitFor();
    await drawer.getByRole("switch", { name: /Disabled/ }).press("Space");
    await drawer.getByRole("checkbox", { name: "Global Reader" }).press("Space");
    await enter(drawer.getByRole("button", { name: "Save" }));
    await drawer.getByText("Global Reader").waitFor();

    await enter(drawer.getByRole("button", { name: "Reset password" }));
    const reset = page.getByRole("alertdialog", { name: /Reset the password/ });
    await reset.getByLabel("New password").fill("short");
    await enter(reset.getByRole("button", { name: "Reset" }));
    await reset.getByText(/12/).first().waitFor();
    await enter(reset.getByRole("button", { name: "Cancel" }));

    await enter(drawer.getByRole("button", { name: "Remove" }));
    const sure = page.getByRole("alertdialog", { name: `Remove ${name}?` });
    const remove = sure.getByRole("button", { name: /^Remove: / });
    await sure.getByRole("textbox", { name: `Type ${name} to confirm` }).waitFor();
    await expect.poll(() => remove.getAttribute("aria-disabled")).toBe("true");
    await sure.getByRole("textbox").focus();
    await page.keyboard.type(name);
    await remove.press("Enter");
    await expect.poll(() => new URL(page.url()).pathname).toBe("/permissions/users");
    await expect.poll(async () => (await page.request.get(`/api/v1/users/${name}`)).status()).toBe(404);
  });

  test("are searched, and a new one is not written over another", async () => {
    const page = await as("Ada Lindqvist", "/permissions/users");
    await page.getByRole("searchbox", { name: "Search name or display name" }).fill("noah");
    await expect.poll(() => rows(page, "Users").count()).toBe(1);
    await page.getByRole("button", { name: "Add user" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("textbox", { name: "Name", exact: true }).fill("noah@contoso.example");
    await drawer.getByRole("textbox", { name: "Display name" }).fill("Another Noah");
    await drawer.getByRole("button", { name: "Save" }).click();
    await drawer.getByText("There is a user noah@contoso.example already.").waitFor();
  });

  test("are shown to who may see roles, who is told why they can't change them", async () => {
    const page = await as("Gita Rao", "/permissions/users/noah@contoso.example");
    await expect.poll(() => page.getByRole("button", { name: "Add user" }).getAttribute("aria-disabled")).toBe("true");
    const edit = page.getByRole("dialog").getByRole("button", { name: "Edit" });
    await expect.poll(() => edit.getAttribute("aria-disabled")).toBe("true");
    await edit.press("Enter");
    await page.getByRole("dialog", { name: /Why/ }).waitFor();
    const elena = await as("Elena Rossi", "/permissions/users");
    await elena.getByRole("heading", { name: "You don't have access to Permissions & roles" }).waitFor();
  });
});

describe("groups", () => {
  test("are made, given another name, and removed; nobody gains or loses by the name", async () => {
    const name = `Night ${Date.now()}`;
    const page = await as("Ada Lindqvist", "/permissions/groups");
    await enter(page.getByRole("button", { name: "Add group" }));
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("textbox", { name: "Name" }).focus();
    await page.keyboard.type(name);
    await drawer.getByRole("combobox", { name: "Members" }).focus();
    await page.keyboard.type("noah");
    await page.getByRole("option", { name: "noah@contoso.example" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await enter(drawer.getByRole("button", { name: "Save" }));
    await drawer.getByRole("link", { name: "Noah Kim" }).waitFor();

    await enter(drawer.getByRole("button", { name: "Edit" }));
    await drawer.getByRole("textbox", { name: "Name" }).fill(`${name} watch`);
    await drawer.getByText(/the ceilings that name .* follow/).waitFor();
    await drawer.getByText("Nobody's access changes").waitFor();
    await enter(drawer.getByRole("button", { name: "Save" }));
    await drawer.getByRole("heading", { name: `${name} watch` }).waitFor();
    await drawer.getByRole("link", { name: "Noah Kim" }).waitFor();
    expect((await page.request.get(`/api/v1/groups/${encodeURIComponent(name)}`)).status()).toBe(404);

    await enter(drawer.getByRole("button", { name: "Remove" }));
    await enter(page.getByRole("alertdialog").getByRole("button", { name: /^Remove: / }));
    await expect.poll(() => new URL(page.url()).pathname).toBe("/permissions/groups");
  });

  test("tell what names them, and the second of two writers what the first has changed", async () => {
    const page = await as("Ada Lindqvist", "/permissions/groups/eu-tier1");
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("region", { name: "Roles given" }).getByRole("link").first().waitFor();
    await drawer.getByRole("region", { name: "Delegation ceilings" }).waitFor();
    const name = `Two ${Date.now()}`;
    const path = `/api/v1/groups/${encodeURIComponent(name)}`;
    const write = (description: string) => page.request.put(path, { headers: { Origin: base }, data: { members: [], description } });
    expect((await write("at first")).status()).toBe(200);
    await page.goto(`/permissions/groups/${encodeURIComponent(name)}`);
    await drawer.getByRole("button", { name: "Edit" }).click();
    await write("by another");
    await drawer.getByRole("textbox", { name: "Description" }).fill("mine");
    await drawer.getByRole("button", { name: "Save" }).click();
    await drawer.getByText("Somebody else was first").waitFor();
    await drawer.getByText(/by another/).first().waitFor();
    await drawer.getByRole("button", { name: "Save" }).click();
    await drawer.getByText("mine").waitFor();
    await page.request.delete(path, { headers: { Origin: base } });
  });
});

test("the pages of users and groups are accessible", async () => {
  const page = await as("Ada Lindqvist", "/permissions/users");
  expect(await axeInBoth(page)).toEqual([]);
  for (const path of ["/permissions/users/elena@contoso.example", "/permissions/groups", "/permissions/groups/eu-tier1"]) {
    await page.goto(path);
    await settled(page);
    expect(await axeInBoth(page), path).toEqual([]);
  }
  await page.getByRole("dialog").getByRole("button", { name: "Edit" }).click();
  await page.getByText("Nobody's access changes").waitFor();
  expect(await axeInBoth(page), "the editor").toEqual([]);
});

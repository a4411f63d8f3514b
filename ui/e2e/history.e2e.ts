import { describe, expect, test } from "vitest";
import { as, axe, axeInBoth, base, enter, rows, settled } from "./browser";

describe("the history of a role", () => {
  test("copied, deleted with its name typed, and brought back, by keyboard", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/office365");
    await rows(page, "Roles of Email & collaboration").filter({ hasText: "Mail purge" }).first().click();
    const drawer = page.getByRole("dialog", { name: "Mail purge", exact: true });
    await enter(drawer.getByRole("button", { name: "Copy" }));
    const copying = page.getByRole("alertdialog", { name: "Copy the role Mail purge" });
    await copying.getByLabel("Name of the copy").fill("Mail purge, nights");
    await copying.getByRole("checkbox", { name: "Give it to the same people and groups" }).press("Space");
    await enter(copying.getByRole("button", { name: /^Copy: 0 people gain, 0 people lose/ }));
    const made = page.getByRole("dialog", { name: "Mail purge, nights", exact: true });
    await made.getByRole("heading", { name: "What it opens" }).waitFor();
    const id = decodeURIComponent(new URL(page.url()).pathname.split("/").pop() ?? "");

    // Renamed, and given to somebody who has nothing else.
    const headers = { Origin: base };
    expect((await page.request.patch(`/api/v1/roles/${id}`, { headers, data: { name: "Night purge" } })).status()).toBe(200);
    expect((await page.request.put("/api/v1/users/nell@contoso.example", { headers, data: { displayName: "Nell Ode", globalRoles: [] } })).ok()).toBe(true);
    expect((await page.request.post("/api/v1/assignments", { headers, data: { role: id, user: "nell@contoso.example" } })).status()).toBe(201);
    await page.reload();
    await settled(page);
    const night = page.getByRole("dialog", { name: "Night purge", exact: true });
    await night.getByRole("tab", { name: "History" }).press("Enter");
    await night.getByText("Renamed from Mail purge, nights to Night purge").waitFor();
    await night.getByText("Given to nell@contoso.example").waitFor();
    expect(await axe(page), "the history").toEqual([]);

    await enter(night.getByRole("button", { name: "Delete" }));
    const deleting = page.getByRole("alertdialog", { name: "Delete the role Night purge?" });
    await deleting.getByText("1 person loses their last access").waitFor();
    const sure = deleting.getByRole("button", { name: /^Delete: 0 people gain, 1 person loses/ });
    await sure.press("Enter"); // not yet
    await expect.poll(() => deleting.isVisible()).toBe(true);
    expect(await axe(page), "the confirmation").toEqual([]);
    await deleting.getByLabel("Type Night purge to confirm").focus();
    await page.keyboard.type("Night purge");
    await enter(sure);
    await page.getByText("The role Night purge is deleted").first().waitFor();

    await page.goto("/permissions/deleted");
    await settled(page);
    expect(await axe(page), "deleted roles").toEqual([]);
    await enter(page.getByRole("button", { name: "Bring back Night purge" }));
    const back = page.getByRole("alertdialog", { name: "Bring the role Night purge back?" });
    await back.getByText("Nell Ode").first().waitFor();
    await enter(back.getByRole("button", { name: /^Restore: 1 person gains/ }));
    await page.getByText("The role Night purge is back").first().waitFor();

    // An earlier version of it, with the name that it had.
    await page.goto(`/permissions/roles/office365/${id}`);
    await settled(page);
    await page.getByRole("tab", { name: "History" }).click();
    await enter(page.getByRole("button", { name: "Restore version 1" }));
    const earlier = page.getByRole("alertdialog", { name: "Restore version 1 of Mail purge, nights?" });
    await enter(earlier.getByRole("button", { name: /^Restore: 0 people gain, 1 person loses/ }));
    await page.getByText("Mail purge, nights is as in version 1").first().waitFor();
    expect((await page.request.delete(`/api/v1/roles/${id}`, { headers })).status()).toBe(204);
  });

  test("says who may not bring a role back, and why", async () => {
    const ada = await as("Ada Lindqvist", "/permissions/deleted");
    const headers = { Origin: base };
    const made = await ada.request.post("/api/v1/roles", { headers, data: { name: "Short lived", workload: "office365", permissions: ["Search And Purge"] } });
    const { id } = (await made.json()) as { id: string };
    expect((await ada.request.delete(`/api/v1/roles/${id}`, { headers })).status()).toBe(204);
    const gita = await as("Gita Rao", "/permissions/deleted");
    const undo = gita.getByRole("button", { name: "Bring back Short lived" });
    await undo.focus();
    await gita.getByRole("tooltip").getByText(/needs/).waitFor();
  });
});

describe("comparing", () => {
  test("two people, picked by keyboard; the address has both", async () => {
    const page = await as("Ada Lindqvist", "/permissions/compare");
    for (const [side, name] of [["Left", "elena"], ["Right", "uma"]] as const) {
      await page.getByLabel(`${side}: what`).selectOption("user");
      await page.getByRole("combobox", { name: `${side}: person` }).focus();
      await page.keyboard.type(name);
      await page.getByRole("option", { name: new RegExp(name, "i") }).first().waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
    }
    const only = page.getByRole("group", { name: "Only Elena Rossi, in effect" });
    await only.getByText(/EU servers/).first().waitFor();
    await page.getByRole("group", { name: "Both, permissions" }).getByText("View data - Security operations (Endpoint)").waitFor();
    await enter(page.getByRole("button", { name: "Swap the sides" }));
    await page.getByRole("group", { name: "Only Uma Patel, in effect" }).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("left")).toBe("user:uma@contoso.example");
    await page.reload();
    await settled(page);
    await page.getByRole("group", { name: "Only Uma Patel, in effect" }).getByText(/US servers/).first().waitFor();
  });

  test("a role against itself has no difference; what one may not see is not told", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/office365");
    await rows(page, "Roles of Email & collaboration").filter({ hasText: "Mail purge" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Compare" }).click();
    const left = new URL(page.url()).searchParams.get("left") ?? "";
    await page.goto(`/permissions/compare?left=${left}&right=${left}`);
    await page.getByText("No difference").waitFor();

    const rolf = await as("Rolf", "/permissions/compare?left=user:elena%40contoso.example&right=user:marta%40contoso.example");
    await rolf.getByText("You see part of this comparison").waitFor();
    await rolf.getByRole("group", { name: "Only Elena Rossi, in effect" }).getByText("Nothing").waitFor();
  });
});

test("axe finds nothing in a comparison of people, of roles, of nothing, nor in what was deleted", async () => {
  const page = await as("Ada Lindqvist", "/permissions/compare");
  expect(await axeInBoth(page)).toEqual([]);
  for (const query of ["left=user:elena%40contoso.example&right=user:uma%40contoso.example", "left=role:office365/Mail%20purge&right=role:office365/Mail%20role%20management", "left=role:none&right=user:ada%40contoso.example"]) {
    await page.goto(`/permissions/compare?${query}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await axeInBoth(page), query).toEqual([]);
  }
  await page.goto("/permissions/deleted");
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await axeInBoth(page), "deleted").toEqual([]);
});

import { describe, expect, test } from "vitest";
import { as, axe, rows } from "./browser";

describe("who else", () => {
  test("sees an alert, and may change it, with why", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    await rows(page, "Alerts").first().click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("tab", { name: "Who else?" }).click();
    await drawer.getByRole("link", { name: /Ada Lindqvist/ }).waitFor();
    const see = Number((await drawer.getByText(/^\d+ (person|people)$/).innerText()).split(" ")[0]);
    expect(await axe(page)).toEqual([]);
    await drawer.getByRole("tab", { name: "Change it" }).press("Enter");
    await expect.poll(async () => Number((await drawer.getByText(/^\d+ (person|people)$/).innerText()).split(" ")[0])).toBeLessThan(see);
  });

  test("may act on a device group, told to who may view roles", async () => {
    const page = await as("Enzo Ferrara", "/permissions/device-groups");
    await page.getByRole("button", { name: "Who may see and act on EU servers" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("tab", { name: "Remediate" }).click();
    await drawer.getByRole("link", { name: /Emil Hansen/ }).waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test("is not asked by who may view no roles", async () => {
    const page = await as("Elena Rossi", "/alerts");
    await rows(page, "Alerts").first().click();
    await page.getByRole("tab", { name: "Manage" }).waitFor();
    await expect.poll(() => page.getByRole("tab", { name: "Who else?" }).count()).toBe(0);
  });
});

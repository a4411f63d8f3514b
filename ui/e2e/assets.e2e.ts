import { describe, expect, test } from "vitest";
import { as, axe, axeInBoth, base, enter, rows, settled, total } from "./browser";

const sales = "5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57"; // the samples' device, in Sales devices

describe("assets", () => {
  test("are listed, looked for and opened by keyboard, each kind", async () => {
    const page = await as("Ines Costa", "/entities");
    for (const [tab, noun, grid] of [["Devices", "device", "Devices"], ["Users", "user", "Users"], ["Mailboxes", "mailboxe", "Mailboxes"], ["Apps", "app", "Apps"]] as const) {
      await page.getByRole("tab", { name: tab }).press("Enter");
      await rows(page, grid).first().waitFor();
      await expect.poll(() => total(page, noun)).toBeGreaterThan(2);
      expect(await axeInBoth(page), tab).toEqual([]);
    }
    await page.goto("/entities/users?q=mira");
    await rows(page, "Users").first().press("Enter");
    await page.getByRole("heading", { level: 1, name: "Mira Okafor" }).waitFor();
    for (const tab of [/^Incidents/, "Evidence", "Why can I see this?", "Overview"]) await page.getByRole("tab", { name: tab }).press("Enter");
    expect(await axe(page)).toEqual([]);
    // What else the same alerts name is a way to go on.
    await page.getByRole("list", { name: "In the same alerts" }).getByRole("link", { name: /^sales-lap-014/ }).press("Enter");
    await page.getByRole("heading", { level: 1, name: /^sales-lap-014/ }).waitFor();
    await page.getByRole("tab", { name: /^Alerts/ }).press("Enter");
    await page.getByRole("link", { name: /in the queue/ }).press("Enter");
    await page.getByRole("button", { name: `Do not narrow to Device: ${sales}` }).waitFor();
    await settled(page);
    const counted = await total(page, "alert");
    expect(counted).toBeLessThan(50);
    await enter(page.getByRole("button", { name: `Do not narrow to Device: ${sales}` }));
    await expect.poll(() => total(page, "alert")).toBeGreaterThan(counted);
  });

  test("out of reach do not exist, whatever names them", async () => {
    const page = await as("Marta Silva", `/entities/devices/${sales}`);
    await page.getByRole("heading", { name: "No such device" }).waitFor();
    const hidden = await page.getByRole("main").innerText();
    await page.goto("/entities/devices/there-is-no-such-thing");
    await page.getByRole("heading", { name: "No such device" }).waitFor();
    await expect.poll(() => page.getByRole("main").innerText()).toBe(hidden);
    await page.goto("/entities");
    await page.getByText(/needs View data - Security operations in Endpoint/).first().waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test("a device says why it is in its group and what one may not do, and a tag what it would move", async () => {
    const elena = await as("Elena Rossi", "/entities?q=lis-srv");
    const id = (await rows(elena, "Devices").first().getAttribute("data-row")) ?? "";
    await rows(elena, "Devices").first().click();
    await elena.getByRole("list", { name: "What its rule looks at" }).getByText("Domain eu.contoso.example").waitFor();
    await expect.poll(() => elena.getByText(/^It is the first, in rank order/).count()).toBe(0);
    await expect.poll(() => elena.getByRole("button", { name: "Isolate device" }).getAttribute("aria-disabled")).toBe("true");
    await expect.poll(() => elena.getByRole("button", { name: "Add" }).getAttribute("aria-disabled")).toBe("true");
    expect(await axe(elena)).toEqual([]);

    const tag = `seen ${Date.now()}`;
    const emil = await as("Emil Hansen", `/entities/devices/${encodeURIComponent(id)}`);
    await emil.getByLabel("Add a tag").fill("vip");
    await emil.keyboard.press("Enter");
    await emil.getByText(/moves to another device group, which is not part of what you may see/).waitFor();
    await enter(emil.getByRole("button", { name: "Remove vip" }));
    await emil.getByLabel("Add a tag").fill(tag);
    await emil.keyboard.press("Enter");
    await emil.getByText("The device stays in its device group.").waitFor();
    expect(await axe(emil)).toEqual([]);
    await enter(emil.getByRole("button", { name: "Save tags" }));
    await expect.poll(async () => ((await (await emil.request.get(`/api/v1/devices/${encodeURIComponent(id)}`)).json()) as { ownTags: string[] }).ownTags).toContain(tag);
    await enter(emil.getByRole("button", { name: "Isolate device" }));
    await emil.getByRole("dialog", { name: "Request an action" }).waitFor();
    await emil.request.post(`/api/v1/devices/${encodeURIComponent(id)}/tags`, { headers: { Origin: base }, data: { remove: [tag] } });
  });
});

describe("the incident queue", () => {
  test("is narrowed by counts of what one sees, changed several at a time, and exported", async () => {
    const page = await as("Emil Hansen", "/incidents");
    await page.getByRole("group", { name: "Filters" }).getByRole("button", { name: "Product" }).click();
    const mail = page.getByRole("menuitemcheckbox", { name: /Email/ });
    const counted = Number((await mail.innerText()).replace(/^.*\n/, "").replace(/\D/g, ""));
    await mail.click();
    await page.keyboard.press("Escape");
    await expect.poll(() => total(page, "incident")).toBe(counted);
    await rows(page, "Incidents").first().press("Space");
    await enter(page.getByRole("button", { name: "Manage 1 incident" }));
    expect(await axe(page)).toEqual([]);
    await enter(page.getByRole("dialog").getByRole("button", { name: "Cancel" }));
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "These incidents, CSV" }).waitFor();
  });
});

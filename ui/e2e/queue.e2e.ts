import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { as, axe, base, downloaded, enter, rows, settled, total } from "./browser";

/** patch changes an alert behind the page's back. */
const patch = (page: Page, id: string, data: object) => page.request.patch(`/v1.0/security/alerts_v2/${encodeURIComponent(id)}`, { headers: { Origin: base }, data });
const row = (page: Page, id: string) => rows(page, "Alerts").and(page.locator(`[data-row="${id}"]`));
const first = async (page: Page, n = 0) => (await rows(page, "Alerts").nth(n).getAttribute("data-row")) ?? "";

describe("the queue", () => {
  test("begins with what is new or in progress of the last week", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    const all = await total(page, "alert");
    await page.getByRole("link", { name: "Alerts" }).click();
    await page.getByText(/with these filters/).waitFor();
    await settled(page);
    await expect.poll(() => total(page, "alert")).toBeLessThan(all);
    await expect.poll(() => rows(page, "Alerts").getByText("Resolved").count()).toBe(0);
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Created: Last 7 days" }).click();
    await page.getByRole("radio", { name: "Last 24 hours" }).press("Space");
    await page.keyboard.press("Escape");
    await expect.poll(() => new URL(page.url()).searchParams.get("age")).toBe("24h");
  });

  test("is narrowed to a device group", async () => {
    const page = await as("Elena Rossi", "/alerts");
    await page.getByRole("button", { name: "Device group" }).click();
    const group = page.getByRole("menuitemcheckbox").first();
    const counted = Number((await group.innerText()).replace(/^.*\n/, "").replace(/\D/g, ""));
    await group.click();
    await page.keyboard.press("Escape");
    await expect.poll(() => total(page, "alert")).toBe(counted);
  });

  test("changes several alerts by keyboard, and lists those that stay as they are", async () => {
    const page = await as("Emil Hansen", "/alerts?status=new&serviceSource=microsoftDefenderForEndpoint");
    const ids = [await first(page), await first(page, 1)];
    await rows(page, "Alerts").first().press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await enter(page.getByRole("button", { name: "Manage 2 alerts" }));
    const dialog = page.getByRole("dialog", { name: "Manage 2 alerts" });
    await dialog.getByLabel("Status").selectOption("inProgress");
    await dialog.getByRole("textbox", { name: "Assigned to" }).fill("emil@contoso.example");
    expect(await axe(page)).toEqual([]);
    await enter(dialog.getByRole("button", { name: "Save" }));
    await expect
      .poll(async () => {
        const found = await Promise.all(ids.map(async (id) => (await (await page.request.get(`/v1.0/security/alerts_v2/${encodeURIComponent(id)}`)).json()) as { status: string }));
        const left = (await dialog.count()) > 0 ? await dialog.getByRole("listitem").count() : 0;
        return found.filter((alert) => alert.status === "inProgress").length + left;
      })
      .toBe(2);
    // Somebody who only looks changes nothing, and is told why for each.
    const elena = await as("Elena Rossi", "/alerts");
    await rows(elena, "Alerts").first().press("Space");
    await elena.getByRole("button", { name: "Manage 1 alert" }).click();
    await elena.getByRole("dialog").getByLabel("Comment").fill("may I?");
    await elena.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await elena.getByText("0 alerts changed, 1 left as they are").waitFor();
    await elena.getByRole("listitem").filter({ hasText: "Alerts investigation" }).waitFor();
  });

  test("shows the columns one chooses, and keeps them in a view of one's own", async () => {
    const name = `Mine ${Date.now()}`;
    const page = await as("Emil Hansen", "/alerts?severity=high");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Techniques" }).press("Space");
    await page.getByRole("checkbox", { name: "Category" }).press("Space");
    for (let i = 0; i < 10; i++) await page.getByRole("button", { name: "Move Techniques nearer to the left" }).press("Enter");
    expect(await axe(page)).toEqual([]);
    await enter(page.getByRole("button", { name: "Show these" }));
    const titles = async () => (await page.getByRole("grid", { name: "Alerts" }).getByRole("columnheader").allInnerTexts()).filter((text) => text.trim() !== "");
    await expect.poll(titles).toEqual(expect.arrayContaining(["Techniques"]));
    await expect.poll(async () => (await titles())[1]).toBe("Techniques");
    expect(await titles()).not.toContain("Category");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Save this view" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText(`Saved the view “${name}”`).first().waitFor();
    await page.goto("/alerts");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name, exact: true }).click();
    await expect.poll(async () => (await titles())[1]).toBe("Techniques");
    await expect.poll(() => new URL(page.url()).searchParams.getAll("severity")).toEqual(["high"]);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: `Remove “${name}”` }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText(`Removed the view “${name}”`).first().waitFor();
  });

  test("follows what others change, and leaves whoever is at something in their place", async () => {
    const page = await as("Elena Rossi", "/alerts?status=new");
    const ada = await as("Ada Lindqvist", "/alerts");
    const id = await first(page, 2);
    // Whatever comes once the watch has begun is told: until then it is changed again.
    const often = { timeout: 20_000, interval: 1500 };
    let n = 0;
    await expect.poll(async () => ((await patch(ada, id, { status: "inProgress", assignedTo: `somebody${n++}` })).status() === 200 ? row(page, id).count() : -1), often).toBe(0);
    // With an alert open, what is shown stays until one asks.
    const open = await first(page, 1);
    await page.goto(`/alerts/${encodeURIComponent(open)}?status=new`);
    await page.getByRole("dialog").getByRole("tab", { name: "Overview" }).waitFor();
    const other = await first(page, 3);
    await expect
      .poll(async () => {
        await patch(ada, other, { status: "resolved", assignedTo: `somebody${n++}` });
        return page.getByText("There is something new in your queue").count();
      }, often)
      .toBe(1);
    await expect.poll(() => row(page, other).count()).toBe(1);
    for (const changed of [id, other]) await patch(ada, changed, { status: "new", assignedTo: null });
  });

  test("is exported as it is filtered, and no cell is a formula", async () => {
    const page = await as("Elena Rossi", "/alerts?severity=high");
    const many = await total(page, "alert");
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "These alerts, CSV" }).click()]);
    const text = await downloaded(download);
    expect(text.split("\r\n")[0]).toBe("id,title,severity,status,category,serviceSource,detectionSource,assignedTo,classification,determination,incidentId,createdDateTime,lastUpdateDateTime");
    expect(text.match(/,high,/g)?.length).toBe(many);
    expect(text).not.toMatch(/(^|,|\n)"?[=@+]/m);
  });

  test("tells the second of two who change one alert what the first has changed", async () => {
    const one = await as("Emil Hansen", "/alerts?serviceSource=microsoftDefenderForEndpoint");
    const ada = await as("Ada Lindqvist", "/alerts");
    const id = await first(one, 5);
    await one.goto(`/alerts/${encodeURIComponent(id)}`);
    await one.getByRole("tab", { name: "Manage" }).click();
    const before = ((await (await one.request.get(`/v1.0/security/alerts_v2/${encodeURIComponent(id)}`)).json()) as { assignedTo: string | null }).assignedTo;
    await one.getByLabel("Classification").selectOption("truePositive");
    await patch(ada, id, { assignedTo: "ada@contoso.example" });
    await one.getByRole("button", { name: "Save" }).click();
    await one.getByText("Somebody else was first").waitFor();
    await one.getByText(/assignedTo: was .*, is “ada@contoso.example”/).waitFor();
    await one.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(async () => (await (await one.request.get(`/v1.0/security/alerts_v2/${encodeURIComponent(id)}`)).json()) as object)
      .toMatchObject({ classification: "truePositive", assignedTo: "ada@contoso.example" });
    await patch(ada, id, { assignedTo: before, classification: "unknown" });
  });
});

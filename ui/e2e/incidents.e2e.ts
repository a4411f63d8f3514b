import { describe, expect, test } from "vitest";
import { as, axe, base, enter, rows, settled, total } from "./browser";

describe("incidents", () => {
  test("lead from the queue to the alerts one may see, and to what they rest on", async () => {
    const page = await as("Ada Lindqvist", "/incidents");
    await expect.poll(() => total(page, "incident")).toBeGreaterThan(100);
    await rows(page, "Incidents").first().press("Enter");
    await page.getByRole("tab", { name: /^Alerts/ }).waitFor();
    const counted = Number((await page.getByRole("tab", { name: /^Alerts/ }).innerText()).replace(/\D/g, ""));
    await expect.poll(() => rows(page, "Alerts of this incident").count()).toBe(counted);
    await page.getByRole("tab", { name: "Assets" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("tab")).toBe("assets");
    await page.getByRole("tab", { name: /^Alerts/ }).click();
    await rows(page, "Alerts of this incident").first().click();
    await page.getByRole("dialog").getByRole("tab", { name: "Overview" }).waitFor();
  });

  test("of which one sees a part say so, and cannot be changed for want of the rest (R17)", async () => {
    const page = await as("Samir Haddad", "/incidents");
    const part = rows(page, "Incidents").filter({ hasText: "Part" }).first();
    await part.click();
    await page.getByText("You see part of this incident").waitFor();
    await page.getByText("You can't change this:").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBe("true");
  });

  test("are the same address to two people, and not the same sight", async () => {
    const samir = await as("Samir Haddad", "/incidents");
    const id = await rows(samir, "Incidents").filter({ hasText: "Part" }).first().getAttribute("data-row");
    const seen = async (page: typeof samir) => {
      await page.goto(`/incidents/${encodeURIComponent(id ?? "")}`);
      await settled(page);
      return Number((await page.getByRole("tab", { name: /^Alerts/ }).innerText()).replace(/\D/g, ""));
    };
    const ada = await as("Ada Lindqvist");
    expect(await seen(samir)).toBeLessThan(await seen(ada));
  });

  test("out of reach are as if they did not exist", async () => {
    const page = await as("Samir Haddad", "/incidents/there-is-no-such-thing");
    await page.getByRole("heading", { name: "No such incident" }).waitFor();
  });
});

test("an incident tells its story: as a picture, as what ties its alerts, and in time", async () => {
  const page = await as("Ada Lindqvist");
  const { value } = (await (await page.request.get("/v1.0/security/incidents?$top=50&$expand=alerts")).json()) as { value: { id: string; alerts: { id: string }[] }[] };
  const incident = value.sort((a, b) => b.alerts.length - a.alerts.length)[0];
  expect(incident?.alerts.length).toBeGreaterThan(2);
  await page.goto(`/incidents/${encodeURIComponent(incident?.id ?? "")}?tab=story`);
  await page.getByRole("img", { name: new RegExp(`^${incident?.alerts.length} alerts and`) }).waitFor();
  const inTime = page.getByRole("list", { name: "Alerts in the order in which they began" }).getByRole("listitem");
  await expect.poll(() => inTime.count()).toBe(incident?.alerts.length);
  const times = await inTime.locator("time").evaluateAll((all) => all.map((time) => time.getAttribute("datetime") ?? ""));
  expect(times).toEqual([...times].sort());
  const tie = page.getByRole("region", { name: "What ties the alerts together" }).getByRole("button", { pressed: false }).first();
  await tie.press("Space");
  await page.getByRole("region", { name: "What ties the alerts together" }).getByRole("button", { pressed: true }).waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByRole("tab", { name: "Evidence and response" }).press("Enter");
  await inTime.first().waitFor({ state: "detached" });
});

test("an incident's alerts stand whole beside the manage panel, also on a small screen", async () => {
  const page = await as("Ada Lindqvist", "/incidents", { width: 1280 });
  await rows(page, "Incidents").first().click();
  const grid = page.getByRole("grid", { name: "Alerts of this incident" });
  await grid.waitFor();
  const [table, panel] = [await grid.boundingBox(), await page.getByRole("region", { name: "Manage incident" }).boundingBox()];
  expect(table && panel && table.x + table.width <= panel.x).toBe(true);
  const cut = await grid.locator('[role="gridcell"]').evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth && !cell.querySelector("[title]")).map((cell) => cell.textContent));
  expect(cut, "cells that are cut and do not say the whole in a title").toEqual([]);
});

test("the incident queue begins with the last week's, shows the columns one chooses, and keeps both in a view", async () => {
  const name = `Incidents ${Date.now()}`;
  const page = await as("Ada Lindqvist", "/incidents");
  const all = await total(page, "incident");
  await page.getByRole("link", { name: "Incidents" }).click();
  await page.getByText(/with these filters/).waitFor();
  await expect.poll(() => total(page, "incident")).toBeLessThan(all);
  await enter(page.getByRole("button", { name: "Columns" }));
  await page.getByRole("checkbox", { name: "Updated" }).press("Space");
  await enter(page.getByRole("button", { name: "Show these" }));
  await page.getByRole("columnheader", { name: "Updated" }).waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Save this view" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.goto("/incidents");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name, exact: true }).click();
  await page.getByRole("columnheader", { name: "Updated" }).waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get("age")).toBe("7d");
  await page.request.delete(`/api/v1/saved-views?area=incidents&name=${encodeURIComponent(name)}`, { headers: { Origin: base } });
});

test("an incident says who did what to it, and its tags are its readers' to change", async () => {
  const tag = `tag ${Date.now()}`;
  const page = await as("Ada Lindqvist", "/incidents?status=active");
  const id = (await rows(page, "Incidents").first().getAttribute("data-row")) ?? "";
  await page.goto(`/incidents/${encodeURIComponent(id)}`);
  await page.getByRole("textbox", { name: "Tags" }).fill(`${tag}, second`);
  await page.getByRole("textbox", { name: "Comment" }).fill("looked at");
  await enter(page.getByRole("button", { name: "Save" }));
  await expect.poll(async () => ((await (await page.request.get(`/v1.0/security/incidents/${encodeURIComponent(id)}`)).json()) as { customTags: string[] }).customTags).toEqual([tag, "second"]);
  await page.getByRole("tab", { name: "Activity log" }).press("Enter");
  const log = page.getByRole("list", { name: "What was done, newest first" });
  await log.getByText("wrote a comment").first().waitFor();
  await log.getByText("Custom tags changed").first().waitFor();
  await expect.poll(() => log.getByText("looked at").count()).toBe(0); // the comment itself is with the comments
  expect(await axe(page)).toEqual([]);
  await page.request.patch(`/v1.0/security/incidents/${encodeURIComponent(id)}`, { headers: { Origin: base }, data: { customTags: [] } });
  // How it ended is asked for when it ends, and is for the readers of all of it.
  await page.reload();
  await expect.poll(() => page.getByLabel("Resolving comment").count()).toBe(0);
  await page.getByLabel("Status").selectOption("resolved");
  await page.getByLabel("Resolving comment").fill("a test of ours");
  expect(await axe(page)).toEqual([]);
  await enter(page.getByRole("button", { name: "Save" }));
  await page.getByRole("tab", { name: "Summary" }).press("Enter");
  await page.getByText("a test of ours").first().waitFor();
  await page.request.patch(`/v1.0/security/incidents/${encodeURIComponent(id)}`, { headers: { Origin: base }, data: { status: "active", resolvingComment: null } });
  // Of a part, the activity is not told.
  const samir = await as("Samir Haddad", "/incidents");
  await rows(samir, "Incidents").filter({ hasText: "Part" }).first().click();
  await samir.getByRole("tab", { name: "Activity log" }).click();
  await samir.getByText("What was done to it is told to those who see all of it.").waitFor();
});

test("incidents are narrowed by what detected their alerts, and of several that one changes, those that somebody has changed meanwhile stay as they are", async () => {
  const page = await as("Ada Lindqvist", "/incidents?status=active");
  await page.getByRole("button", { name: "Detected by" }).click();
  const source = page.getByRole("menuitemcheckbox").first();
  const counted = Number((await source.innerText()).replace(/^.*\n/, "").replace(/\D/g, ""));
  await source.click();
  await page.keyboard.press("Escape");
  await expect.poll(() => total(page, "incident")).toBe(counted);
  const list = rows(page, "Incidents");
  const ids = await Promise.all([0, 1].map(async (n) => (await list.nth(n).getAttribute("data-row")) ?? ""));
  const read = async (id = "") => (await (await page.request.get(`/v1.0/security/incidents/${encodeURIComponent(id)}`)).json()) as { assignedTo: string | null; classification: string };
  const before = await Promise.all(ids.map(read));
  await list.first().press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  const patch = (id = "", data: object) => page.request.patch(`/v1.0/security/incidents/${encodeURIComponent(id)}`, { headers: { Origin: base }, data });
  await patch(ids[1], { assignedTo: "somebody@contoso.example" });
  await enter(page.getByRole("button", { name: "Manage 2 incidents" }));
  const dialog = page.getByRole("dialog", { name: "Manage 2 incidents" });
  await dialog.getByRole("textbox", { name: "Assigned to" }).fill("ada@contoso.example");
  await enter(dialog.getByRole("button", { name: "Save" }));
  await dialog.getByText("1 incident changed, 1 left as they are").waitFor();
  await dialog.getByRole("listitem").filter({ hasText: "changed meanwhile" }).filter({ hasText: "assigned to somebody@contoso.example" }).waitFor();
  expect((await Promise.all(ids.map(read))).map((one) => one.assignedTo)).toEqual(["ada@contoso.example", "somebody@contoso.example"]);
  for (const [n, id] of ids.entries()) await patch(id, { assignedTo: before[n]?.assignedTo ?? null });
});

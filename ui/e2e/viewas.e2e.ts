import { describe, expect, test } from "vitest";
import { as, axe, enter, rows, settled, total } from "./browser";

describe("viewing the portal as somebody", () => {
  test("frames every page, changes nothing and ends where it began, by keyboard alone", async () => {
    const elena = await as("Elena Rossi", "/alerts");
    const hers = await total(elena, "alert");
    const page = await as("Ada Lindqvist", "/access?person=elena%40contoso.example");
    await enter(page.getByRole("button", { name: "View portal as" }));
    const bar = page.getByRole("complementary", { name: "View" });
    await bar.getByText("You view the portal as Elena Rossi.").waitFor();
    await bar.getByRole("timer", { name: "Time left" }).getByText(/^1[45]:\d\d left$/).waitFor();
    await settled(page);
    // Her areas and her queue, not Ada's.
    await expect.poll(() => page.getByRole("navigation", { name: "Areas" }).getByText("Permissions & roles").count()).toBe(0);
    await page.getByRole("main").focus();
    await page.keyboard.type("ga");
    await page.waitForURL((url) => url.pathname === "/alerts");
    await settled(page);
    await page.getByRole("heading", { name: "Alerts", level: 1 }).waitFor();
    await settled(page);
    await enter(page.getByRole("button", { name: "Clear filters" }));
    await expect.poll(() => total(page, "alert")).toBe(hers);
    expect(await axe(page)).toEqual([]);
    // On another page and after loading anew the frame is still there.
    await page.goto("/access");
    await bar.getByText("You view the portal as Elena Rossi.").waitFor();
    await settled(page);
    expect(await axe(page)).toEqual([]);
    // The first stop after the link to the content is the way out.
    await enter(bar.getByRole("button", { name: "End the view" }));
    await page.waitForURL("**/access?person=elena%40contoso.example");
    await settled(page);
    await expect.poll(() => bar.count()).toBe(0);
    await page.getByRole("navigation", { name: "Areas" }).getByText("Permissions & roles").waitFor();
  });

  test("refuses what is offered to the one who is viewed, with the reason", async () => {
    const page = await as("Ada Lindqvist", "/access?person=emil%40contoso.example");
    await page.getByRole("button", { name: "View portal as" }).click();
    await page.getByRole("complementary", { name: "View" }).waitFor();
    await page.goto("/alerts");
    await settled(page);
    await rows(page, "Alerts").first().click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("tab", { name: "Manage" }).click();
    await drawer.getByText(/nothing can be changed until you end the view/).first().waitFor();
    await expect.poll(() => drawer.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBe("true");
    const told = await page.evaluate(async () => (await fetch("/api/v1/tokens", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })).status);
    expect(told).toBe(403);
    await page.getByRole("complementary", { name: "View" }).getByRole("button", { name: "End the view" }).click();
    await page.waitForURL("**/access?person=emil%40contoso.example");
  });

  test("shows a draft of a role, and gives the draft back", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/new?workload=office365&permission=Role+Management");
    await page.getByRole("textbox", { name: /name/i }).first().fill("Mail makers");
    await page.getByRole("button", { name: "View portal as" }).click();
    const bar = page.getByRole("complementary", { name: "View" });
    await bar.getByText("You view the portal as the draft role Mail makers.").waitFor();
    await settled(page);
    await page.getByRole("navigation", { name: "Areas" }).getByText("Permissions & roles").waitFor();
    await expect.poll(() => page.getByRole("navigation", { name: "Areas" }).getByText("Alerts").count()).toBe(0);
    await bar.getByRole("button", { name: "End the view" }).click();
    await page.waitForURL("**/permissions/roles/new**");
    await expect.poll(() => page.getByRole("textbox", { name: /name/i }).first().inputValue()).toBe("Mail makers");
  });

  test("asks the server once, not without end, when this clock is ahead of it", async () => {
    const page = await as("Ada Lindqvist", "/access?person=elena%40contoso.example");
    await page.clock.setSystemTime(Date.now() + 60 * 60_000);
    await page.getByRole("button", { name: "View portal as" }).click();
    const bar = page.getByRole("complementary", { name: "View" });
    await bar.getByText("0:00 left").waitFor();
    let asked = 0;
    page.on("request", (request) => request.url().endsWith("/api/v1/view") && asked++);
    await page.waitForTimeout(3000);
    expect(asked).toBeLessThan(4);
    await bar.getByRole("button", { name: "End the view" }).click();
    await bar.waitFor({ state: "detached" });
  });

  test("is told to another window with its next answer", async () => {
    const page = await as("Ada Lindqvist", "/access?person=elena%40contoso.example");
    const other = await page.context().newPage();
    await other.goto("/alerts");
    await settled(other);
    await page.getByRole("button", { name: "View portal as" }).click();
    await page.getByRole("complementary", { name: "View" }).waitFor();
    await other.getByRole("link", { name: "Incidents" }).first().click();
    await other.getByRole("complementary", { name: "View" }).getByText("You view the portal as Elena Rossi.").waitFor();
    await page.getByRole("button", { name: "End the view" }).click();
  });
});

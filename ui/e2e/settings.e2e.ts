import { describe, expect, test } from "vitest";
import { as, axe, axeInBoth, base, enter, rows, settled } from "./browser";

const api = { Origin: base };

describe("Settings", () => {
  test("keeps notification rules by keyboard: made, tried out, turned off, changed, removed", async () => {
    const page = await as("Ada Lindqvist", "/settings");
    await page.getByRole("link", { name: /Notification rules/ }).first().press("Enter");
    await page.getByRole("heading", { name: "High on sales devices" }).waitFor();
    await enter(page.getByRole("button", { name: "Add rule" }));
    const editor = page.getByRole("dialog", { name: "Add notification rule" });
    await editor.getByText("Give it a name").waitFor();
    await editor.getByRole("textbox", { name: /^Name/ }).fill("Night watch <b>");
    await editor.getByRole("checkbox", { name: "Medium" }).press("Space");
    await editor.getByRole("radio", { name: /On a device in one of these groups/ }).press("Space");
    await editor.getByRole("combobox", { name: "Device groups" }).focus();
    await page.keyboard.type("EU serv");
    await page.locator("[role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    for (const [way, person] of [["demo chat", "Elena Rossi"], ["", "Emil Hansen"]] as const) {
      await editor.getByLabel("How").selectOption(way);
      const picker = editor.getByRole("combobox", { name: way ? "The person whose reach it acts under" : "Person" });
      await picker.fill(person.split(" ")[0] ?? "");
      await page.getByRole("option", { name: new RegExp(person) }).click();
      await enter(editor.getByRole("button", { name: "Add", exact: true }));
    }
    await editor.getByText("demo chat: what elena@contoso.example may see").waitFor();
    expect(await axe(page)).toEqual([]);
    await enter(editor.getByRole("button", { name: "Save" }));
    await editor.waitFor({ state: "detached" });
    const rule = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Night watch <b>" }) });
    await rule.getByText("EU servers").waitFor();

    // What the webhook took is sent; without a mail server mail fails, and says why.
    await enter(rule.getByRole("button", { name: "Send a test" }));
    const result = page.getByRole("dialog", { name: "Test of Night watch <b>" });
    await result.getByText("Sent", { exact: true }).waitFor();
    await result.getByText("the configuration has no mail server").waitFor();
    expect(await axe(page)).toEqual([]);
    await result.getByRole("link", { name: "Open the delivery log" }).press("Enter");
    await page.getByRole("heading", { level: 1, name: "Delivery log" }).waitFor();
    await expect.poll(() => rows(page, "Delivery log").count()).toBe(2);
    await rows(page, "Delivery log").filter({ hasText: "Failed" }).press("Enter");
    const one = page.getByRole("dialog", { name: "A test" });
    await one.getByText("emil@contoso.example, by mail").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByLabel("Status", { exact: true }).selectOption("pending");
    await page.getByText("Nothing of this kind").waitFor();

    await page.goto("/settings/notifications");
    await rule.getByRole("switch").press("Space");
    await rule.getByText("Off", { exact: true }).waitFor();
    // Two administrators at once: the second is told, and overwrites nothing.
    await enter(rule.getByRole("button", { name: /^Edit/ }));
    const edit = page.getByRole("dialog", { name: "Edit Night watch <b>" });
    await edit.getByRole("textbox", { name: /^Name/ }).fill("Mine");
    const list = (await (await page.request.get("/api/v1/notifications/rules")).json()) as { items: { id: string; name: string }[] };
    const id = list.items.find((other) => other.name.startsWith("Night"))?.id ?? "";
    const body = { name: "Theirs", severities: ["low"], everywhere: true, recipients: [{ user: "elena@contoso.example" }] };
    expect((await page.request.put(`/api/v1/notifications/rules/${id}`, { headers: api, data: body })).status()).toBe(200);
    await enter(edit.getByRole("button", { name: "Save" }));
    await edit.getByText("changed it since you read it").waitFor();
    await page.keyboard.press("Escape");
    const theirs = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Theirs" }) });
    await enter(theirs.getByRole("button", { name: "Delete Theirs" }));
    await enter(page.getByRole("alertdialog", { name: "Delete Theirs?" }).getByRole("button", { name: "Delete" }));
    await theirs.waitFor({ state: "detached" });
  });

  test("tells how many alerts are hidden once it is set, and shows no secret", async () => {
    const page = await as("Sven Aaker", "/settings/centre");
    const samir = await as("Samir Haddad", "/incidents");
    await rows(samir, "Incidents").filter({ hasText: "Part" }).first().click();
    await samir.getByText("You see part of this incident").waitFor();
    await expect.poll(() => samir.getByText("not part of your access").count()).toBe(0);
    await page.getByRole("switch", { name: "Tell how many alerts are hidden" }).press("Space");
    await page.getByText("by sven@contoso.example").waitFor();
    await samir.reload();
    await samir.getByText(/\d alerts? of it (is|are) not part of your access\./).waitFor();
    await page.getByRole("switch", { name: "Tell how many alerts are hidden" }).press("Space");
    await page.getByText("not how much is missing").waitFor();
    await page.getByRole("switch", { name: "Nobody approves what they asked for" }).press("Space");
    await page.getByText("waits for somebody else").waitFor();
    await page.getByRole("switch", { name: "Nobody approves what they asked for" }).press("Space");
    await page.getByText("has approved it by that").waitFor();
    await page.goto("/settings/channels");
    await page.getByText("Webhook demo chat").waitFor();
    await page.getByText("demo responder").waitFor();
    await page.getByText(/^http:\/\/127\.0\.0\.1:\d+\/…$/).first().waitFor();
    await expect.poll(() => page.getByText("/orders").count()).toBe(0);
  });

  test("says how far apart alerts join, refuses in place what is no such time, and tells the second of two who set it", async () => {
    const page = await as("Sven Aaker", "/settings/centre");
    const card = page.locator("section, div").filter({ has: page.getByRole("heading", { name: "Joining alerts into incidents" }) }).last();
    await card.getByText("at most 24 hours apart").waitFor();
    await card.getByText("to 30 days").waitFor();
    await card.getByText("Global and Security Administrators may change it.").waitFor();
    const far = card.getByRole("textbox", { name: "At most this far apart" });
    const save = card.getByRole("button", { name: "Save" });
    for (const [typed, said] of [["1.5", "Want a whole number of hours"], ["721", "At most 30 days"]] as const) {
      await far.fill(typed);
      await card.getByText(said).waitFor();
      await expect.poll(() => save.getAttribute("aria-disabled")).toBe("true");
    }
    expect(await axe(page)).toEqual([]);
    await far.fill("12");
    expect((await page.request.put("/api/v1/correlation", { headers: api, data: { windowMinutes: 90 } })).status()).toBe(200);
    await enter(save);
    await card.getByText("Somebody else was first").waitFor();
    await card.getByText("It is 90 minutes by now").waitFor();
    await enter(save);
    await card.getByText("at most 12 hours apart").waitFor();
    await card.getByRole("combobox", { name: "Unit" }).selectOption("days");
    await far.fill("1");
    await enter(save);
    await card.getByText("at most 24 hours apart").waitFor();
  });

  test("names alerts in the delivery log by their titles; the id stands in the details", async () => {
    const page = await as("Ada Lindqvist", "/settings/deliveries");
    const withheld = async () => ((await (await page.request.get("/api/v1/notifications/log?status=withheld&limit=1")).json()) as { items: { alertId: string }[] }).items[0]?.alertId ?? "";
    await expect.poll(withheld).not.toBe("");
    const id = await withheld();
    const { title } = (await (await page.request.get(`/v1.0/security/alerts_v2/${id}`)).json()) as { title: string };
    await page.getByLabel("Status", { exact: true }).selectOption("withheld");
    const row = rows(page, "Delivery log").first();
    await row.getByText(title, { exact: true }).waitFor();
    await expect.poll(() => row.innerText()).not.toContain(id);
    await row.press("Enter");
    const one = page.getByRole("dialog", { name: title });
    await one.getByRole("link", { name: title }).waitFor();
    await one.getByText(id, { exact: true }).waitFor();
  });

  test("is the area page for who does not keep it", async () => {
    const page = await as("Elena Rossi", "/settings/notifications");
    await page.getByRole("heading", { name: "You don't have access to Settings" }).waitFor();
    await page.getByText(/It can be granted by Global and Security Administrators/).waitFor();
    await expect.poll(() => page.getByRole("link", { name: "Settings", exact: true }).count()).toBe(0);
    expect(await axe(page)).toEqual([]);
  });

  test("is accessible", async () => {
    const page = await as("Ada Lindqvist", "/settings");
    for (const path of ["", "/notifications", "/deliveries", "/channels", "/centre"]) {
      await page.goto(`/settings${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await settled(page);
      expect(await axeInBoth(page), path).toEqual([]);
    }
  });
});

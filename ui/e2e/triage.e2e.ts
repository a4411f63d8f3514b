import { expect, test } from "vitest";
import { as, axe, base, enter, rows, settled } from "./browser";

const incident = "/v1.0/security/incidents/1042";

// An incident of three products: worked by somebody who is trusted in all of them, looked at by somebody who sees a part.
test("an incident is triaged across products, by who may; who sees a part is told so", async () => {
  const ines = await as("Ines Costa", "/incidents");
  const before = (await (await ines.request.get(incident)).json()) as { status: string; assignedTo: string | null; classification: string; determination: string };
  await ines.getByRole("searchbox", { name: "Search name, id or assignee" }).fill("Multi-stage incident involving initial access");
  await ines.keyboard.press("Enter");
  await expect.poll(() => rows(ines, "Incidents").count()).toBe(1);
  await rows(ines, "Incidents").first().press("Enter");
  await ines.getByRole("tab", { name: "Alerts (3)" }).waitFor();
  for (const product of ["Endpoint", "Email & collaboration", "Cloud apps"]) await ines.getByRole("main").getByText(product, { exact: true }).first().waitFor();

  // The story, and from it to an alert and back.
  await ines.getByRole("tab", { name: "Attack story" }).press("Enter");
  await ines.getByRole("list", { name: "Alerts in the order in which they began" }).getByRole("listitem").nth(2).waitFor();
  // What was attacked, each with its page.
  await ines.getByRole("tab", { name: "Assets" }).press("Enter");
  expect(await axe(ines)).toEqual([]);
  await ines.getByRole("list", { name: "Devices" }).getByRole("link", { name: /^sales-lap-014/ }).press("Enter");
  await ines.getByRole("heading", { level: 1, name: /^sales-lap-014/ }).waitFor();
  await ines.getByText("Sales devices", { exact: true }).first().waitFor();
  await ines.getByRole("tab", { name: /^Incidents/ }).press("Enter");
  await rows(ines, "Its incidents").filter({ hasText: "Multi-stage incident" }).first().press("Enter");
  await ines.getByRole("tab", { name: "Alerts (3)" }).waitFor();

  // Taken, then resolved: its alerts are with it. What saves is in sight, however low the window.
  const save = await ines.getByRole("button", { name: "Save" }).boundingBox();
  expect(save && save.y + save.height).toBeLessThanOrEqual(ines.viewportSize()?.height ?? 0);
  await ines.getByRole("textbox", { name: "Assigned to" }).fill("ines@contoso.example");
  await ines.getByLabel("Classification").selectOption("truePositive");
  await ines.getByLabel("Determination").selectOption("multiStagedAttack");
  await ines.getByLabel("Status").selectOption("resolved");
  await enter(ines.getByRole("button", { name: "Save" }));
  await expect
    .poll(async () => {
      const now = (await (await ines.request.get(`${incident}?$expand=alerts`)).json()) as { status: string; assignedTo: string; alerts: { status: string }[] };
      return [now.status, now.assignedTo, ...now.alerts.map((alert) => alert.status)].join(" ");
    })
    .toBe("resolved ines@contoso.example resolved resolved resolved");

  // A part of it: one alert, its device, no mailbox and no app; managing is refused for the products that lack.
  const samir = await as("Samir Haddad", "/incidents/1042?tab=assets");
  await samir.getByText("You see part of this incident").waitFor();
  await samir.getByRole("tab", { name: "Alerts (1)" }).waitFor();
  await samir.getByRole("list", { name: "Devices" }).getByRole("link", { name: /^sales-lap-014/ }).waitFor();
  expect(await samir.getByRole("list", { name: "Mailboxes" }).count() + (await samir.getByRole("list", { name: "Apps" }).count())).toBe(0);
  await samir.getByText("You can't change this:").waitFor();
  await expect.poll(() => samir.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBe("true");
  await samir.getByRole("list", { name: "Devices" }).getByRole("link", { name: /^sales-lap-014/ }).press("Enter");
  await samir.getByRole("heading", { level: 1, name: /^sales-lap-014/ }).waitFor();
  await samir.getByRole("tab", { name: "Alerts (1)" }).waitFor();
  await samir.getByRole("tab", { name: "Why can I see this?" }).press("Enter");
  await settled(samir);
  await samir.getByText("sales-it").first().waitFor();

  await ines.request.patch(incident, { headers: { Origin: base }, data: { status: before.status, assignedTo: before.assignedTo, classification: before.classification, determination: before.determination } });
});

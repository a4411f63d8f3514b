import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { as, base, settled } from "./browser";

// K1 to K15 as the people of the edge cases meet them in the portal. Noah, who has joined and has no role yet, is given each case's roles.
const api = { Origin: base };
const noah = "noah@contoso.example";
const at = "2026-01-01T00:00:00Z";
const device = (name: string) => ({ "@odata.type": "#microsoft.graph.security.deviceEvidence", mdeDeviceId: name, deviceDnsName: name, osPlatform: "WindowsServer2022", createdDateTime: at });
const alert = (id: string, incidentId: string, serviceSource: string, ...devices: string[]) => ({ id, incidentId, title: `Alert ${id}`, status: "new", severity: "low", serviceSource: `microsoftDefenderFor${serviceSource}`, createdDateTime: at, evidence: devices.map(device) });
const eu = "k-1.eu.contoso.example";
const us = "k-2.us.contoso.example";
const records = [
  alert("k-mde", "k-both", "Endpoint", eu), alert("k-mdo", "k-both", "Office365"), alert("k-mca", "k-cloud", "CloudApps"), alert("k-mca2", "k-cloudid", "CloudApps"), alert("k-mdi", "k-cloudid", "Identity"),
  alert("k-b", "k-b", "Endpoint", us), alert("k-ab", "k-ab", "Endpoint", eu, us),
];

test("K1 to K15: each meets what is theirs, and is told what is not", async () => {
  const ada = await as("Ada Lindqvist", "/access");
  const load = async (...list: object[]) => expect((await ada.request.post("/api/v1/ingest?name=k.jsonl", { headers: { ...api, "Content-Type": "application/json" }, data: Buffer.from(list.map((r) => JSON.stringify(r)).join("\n")) })).status()).toBe(200);
  await load(...records);
  const view = "View data - Security operations";
  let roles: string[] = [];
  const take = async () => {
    for (const id of roles) await ada.request.delete(`/api/v1/roles/${id}`, { headers: api });
    roles = [];
  };
  const give = async (...list: [workload: string, ...permissions: string[]][]) => {
    await take();
    for (const [workload, ...permissions] of list) {
      const assignment = workload === "endpoint" ? { users: [noah], scope: { deviceGroups: ["EU servers"] } } : { users: [noah] };
      const made = await ada.request.post("/api/v1/roles", { headers: api, data: { name: workload === "endpoint" && permissions[0] !== view ? "Security Administrator" : `K ${workload} ${permissions.join(" ")}`, workload, permissions, assignments: [assignment] } });
      expect(made.status(), await made.text()).toBe(201);
      roles.push(((await made.json()) as { id: string }).id);
    }
  };
  const page = await as("Noah Kim", "/access");
  const open = async (path: string, on: Page = page) => {
    await on.goto(path);
    await settled(on);
  };
  const refused = async (reason: RegExp) => {
    await page.getByText(reason).first().waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBe("true");
  };
  const work = "Alerts investigation";

  // K1: a directory role, while endpoint roles are off and when they are on.
  const tomas = await as("Tomas Novak", "/access");
  await ada.request.put("/api/v1/workloads/endpoint", { headers: api, data: { roles: false } });
  await open("/alerts/k-mde", tomas);
  await tomas.getByRole("dialog").getByRole("heading", { name: "Alert k-mde" }).waitFor();
  await ada.request.put("/api/v1/workloads/endpoint", { headers: api, data: { roles: true } });
  await open("/alerts/k-mde", tomas);
  await tomas.getByText("No such alert").waitFor();

  // K2, K12: a role that bears a directory role's name has nothing of it; weaknesses alone open no alert.
  await give(["endpoint", "View data - Threat and vulnerability management"]);
  await open("/alerts");
  await page.getByRole("heading", { name: "You don't have access to Alerts" }).waitFor();
  await expect.poll(() => page.getByRole("navigation", { name: "Areas" }).getByRole("link", { name: "Permissions & roles" }).count()).toBe(0);

  // K3: endpoint's part of an incident of two products, and no way to change it.
  await give(["endpoint", view]);
  await open("/incidents/k-both");
  await page.getByText("You see part of this incident").waitFor();
  await refused(/Manage Alerts/);

  // K15: of another device group nothing is there, of an alert on both the one device.
  await open("/alerts/k-b");
  await page.getByText("No such alert").waitFor();
  await open("/alerts/k-ab");
  await page.getByRole("tab", { name: "Evidence" }).click();
  await page.getByRole("dialog").getByText(eu).first().waitFor();
  await expect.poll(() => page.getByRole("dialog").getByText(us).count()).toBe(0);

  // K4, K5, K6: managing one product is not managing both; managing both is, until a third joins.
  await give(["endpoint", view, work], ["office365", "View-Only Manage Alerts"]);
  await open("/incidents/k-both");
  await refused(/Manage Alerts/);
  await expect.poll(() => page.getByText("You see part of this incident").count()).toBe(0);
  await give(["endpoint", view, work], ["office365", "View-Only Manage Alerts", "Manage Alerts"]);
  await open("/incidents/k-both");
  await page.getByRole("button", { name: "Save" }).waitFor();
  await expect.poll(() => page.getByText("You can't change this:").count()).toBe(0);
  await load(alert("k-joins", "k-both", "CloudApps"));
  await open("/incidents/k-both");
  await refused(/Cloud apps/);

  // K7, K8: of cloud apps' roles Global reader looks, Security reader works, on identity too.
  await give(["cloudapps", "Global reader"]);
  await open("/incidents/k-cloud");
  await refused(/Cloud apps/);
  await give(["cloudapps", "Security reader"]);
  await open("/incidents/k-cloudid");
  await page.getByRole("button", { name: "Save" }).waitFor();
  await expect.poll(() => page.getByText("You can't change this:").count()).toBe(0);

  // K9: App/instance admin opens nothing.
  await give(["cloudapps", "App/instance admin"]);
  await open("/alerts/k-mca");
  await page.getByRole("heading", { name: "You don't have access to Alerts" }).waitFor();

  // K10: Search And Purge decides by id and sees no queue.
  await give(["office365", "Search And Purge"]);
  await open("/actions");
  await page.getByText("Your roles let you decide actions, and see none of them.").waitFor();

  // K11, K14: View-Only Recipients reads mail; when the role is gone, so is that.
  await give(["office365", "View-Only Recipients"]);
  await open("/alerts/k-mdo");
  await page.getByRole("dialog").getByRole("heading", { name: "Alert k-mdo" }).waitFor();
  await take();
  await open("/alerts/k-mdo");
  await page.getByRole("heading", { name: "You don't have access to Alerts" }).waitFor();

  // K13: no Threat analytics for cloud apps alone.
  await give(["cloudapps", "Global admin"]);
  await open("/alerts/k-mdi");
  await expect.poll(() => page.getByRole("navigation", { name: "Areas" }).getByRole("link", { name: "Threat analytics" }).count()).toBe(0);
  await take();
}, 240_000);

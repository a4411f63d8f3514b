// Takes the pictures of README.md and docs/ from the demo: `make run`, then `E2E_URL=http://127.0.0.1:8080 node docs/images/take.mjs`.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "../../ui/node_modules/playwright-core/index.mjs";

const here = dirname(fileURLToPath(import.meta.url));

// Who signs in, where they go, what the picture shows them.
const pictures = [
  { name: "queue-europe", persona: "elena@contoso.example", path: "/alerts?status=new&status=inProgress&age=7d" },
  { name: "queue-mail", persona: "marta@contoso.example", path: "/alerts?status=new&status=inProgress&age=7d" },
  { name: "incident-partial", persona: "samir@contoso.example", path: "/incidents/1042?tab=story" },
  { name: "actions", persona: "emil@contoso.example", path: "/actions" },
  { name: "incident-triage", persona: "ines@contoso.example", path: "/incidents/1042?tab=story" },
  { name: "device", persona: "ines@contoso.example", path: "/entities/devices/5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57" },
  { name: "action-undo", persona: "emil@contoso.example", path: "/actions", then: approve },
  { name: "settings", persona: "ada@contoso.example", path: "/settings/notifications" },
  { name: "threat-exposure", persona: "vera@contoso.example", path: "/threat-analytics/saffron-heron-invoices?tab=mitigations" },
  { name: "threat-report", persona: "elena@contoso.example", path: "/threat-analytics/saffron-heron-invoices" },
  { name: "hunting-chart", persona: "emil@contoso.example", path: `/hunting#${new URLSearchParams({ q: "DeviceProcessEvents\n| summarize Events = count() by bin(Timestamp, 1d), MachineGroup = tostring(split(DeviceName, '-')[0])\n| render timechart", t: "P30D" })}`, then: run },
  { name: "hunting-rows", persona: "emil@contoso.example", path: `/hunting#${new URLSearchParams({ q: "DeviceProcessEvents\n| where FileName =~ 'vssadmin.exe'\n| project Timestamp, DeviceId, ReportId, DeviceName, AccountName, ProcessCommandLine\n| sort by Timestamp desc", t: "P30D" })}`, then: link },
  { name: "detection-wizard", persona: "emil@contoso.example", path: "/detections/new" },
  { name: "access", persona: "ada@contoso.example", path: "/access?person=priya%40contoso.example&capability=alerts.manage&workload=endpoint" },
];

const url = process.env.E2E_URL;

/** approve asks for an isolation, approves it, and waits until it is done and could be undone. */
async function approve(page) {
  const id = await page.evaluate(async () => {
    const ask = async (path, body) => (await fetch(path, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();
    const { items } = await ask("/api/v1/actions?workload=endpoint&limit=1");
    return (await ask("/api/v1/actions", { actionType: "isolateDevice", target: { deviceId: items[0].device.id }, comment: "beacons to an address on the block list", needsApproval: true })).id;
  });
  await page.goto(`${url}/actions/${encodeURIComponent(id)}`);
  await page.getByRole("textbox", { name: "Comment" }).fill("cut it off until it is rebuilt");
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  await page.getByRole("button", { name: "Undo" }).waitFor();
}

/** run runs the query that the address brought. */
async function run(page) {
  await page.locator(".monaco-editor .view-line").first().waitFor();
  await page.getByRole("button", { name: "Run query" }).click();
  await page.getByText(/^[\d,]+ rows? in /).waitFor();
}

/** link begins to make an alert of the first rows. */
async function link(page) {
  await run(page);
  for (const row of ["1", "2"]) await page.getByRole("checkbox", { name: `Choose row ${row}`, exact: true }).check();
  await page.getByRole("button", { name: "Link to incident" }).click();
  await page.getByLabel("Name of the incident").fill("Shadow copies deleted");
  await page.getByLabel("Title of the alert").fill("vssadmin on {{DeviceName}}");
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  for (const p of pictures.filter(({ name }) => process.argv.length < 3 || process.argv.includes(name))) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      deviceScaleFactor: 1,
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(async (persona) => {
      const answer = await fetch("/api/v1/session", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ persona }),
      });
      if (!answer.ok) throw new Error(`sign in as ${persona}: ${answer.status}`);
    }, p.persona);
    await page.goto(url + p.path);
    await page.waitForFunction(() => document.querySelector("main h1") && !document.querySelector('[aria-label^="Loading"]'));
    await p.then?.(page);
    await page.waitForTimeout(1500); // what a page asks for once it is there
    await page.screenshot({ path: join(here, `${p.name}.png`) });
    console.log(p.name);
    await context.close();
  }
} finally {
  await browser.close();
}

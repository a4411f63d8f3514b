import { expect, test } from "vitest";
import { as, axe, axeInBoth, base, enter, rows, settled } from "./browser";

const area = "/threat-analytics";
const report = `${area}/saffron-heron-invoices`;
const list = "Threat reports";
const notYours = "Not part of your access";

test("threat analytics is accessible on every part of it", async () => {
  const page = await as("Ada Lindqvist", area);
  expect(await axeInBoth(page), "the dashboard").toEqual([]);
  for (const tab of ["", "?tab=text", "?tab=incidents", "?tab=assets", "?tab=mitigations", "?tab=mitigations&mitigation=winrar", "?tab=mail"]) {
    await page.goto(report + tab);
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await axeInBoth(page), tab).toEqual([]);
  }
  const elena = await as("Elena Rossi", `${report}?tab=mitigations`);
  await elena.getByText(notYours, { exact: true }).waitFor();
  expect(await axeInBoth(elena), "a part that is not hers").toEqual([]);
});

test("the list is worked by keyboard: narrowed, ordered, opened, and an address brings it back", async () => {
  const page = await as("Ada Lindqvist", area);
  await page.getByText("12 reports").waitFor();
  await page.getByRole("columnheader", { name: "Exposure" }).getByRole("button").press("Enter");
  await expect.poll(() => rows(page, list).first().innerText()).toContain("High");
  await enter(page.getByRole("button", { name: "Tags", exact: true }));
  await page.getByRole("menuitemcheckbox", { name: /^Ransomware/ }).press("Enter");
  await page.getByText("1 report with these filters").waitFor();
  await expect.poll(() => page.url()).toContain("tag=Ransomware");
  await page.reload();
  await page.getByText("1 report with these filters").waitFor();
  await rows(page, list).first().press("Enter");
  await page.getByRole("heading", { level: 1, name: /^Saffron Heron/ }).waitFor();
  await page.getByRole("tab", { name: "Overview" }).press("ArrowRight");
  await page.getByRole("tab", { name: "Analyst report" }).press("Enter");
  await page.getByRole("heading", { level: 2, name: "How the attack goes" }).waitFor();
  const link = page.getByRole("link", { name: "T1566.001" });
  expect([await link.getAttribute("href"), await link.getAttribute("rel"), await link.getAttribute("target")]).toEqual(["https://attack.mitre.org/techniques/T1566/001/", "noopener noreferrer nofollow", "_blank"]);
  // A mitigation opens from its row, and the focus goes back there.
  await page.goto(`${report}?tab=mitigations`);
  const row = rows(page, "Mitigations").filter({ hasText: "Update WinRAR" });
  await row.press("Enter");
  const drawer = page.getByRole("dialog", { name: "Update WinRAR to 6.23 or later" });
  await drawer.getByText(/Missing on \d+ of 250 devices/).waitFor();
  await rows(page, "Devices without this mitigation").first().waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
  // A chart has a table that says the same.
  await page.goto(report);
  await page.getByText("Alerts of the last 30 days, as a table").press("Enter");
  const table = page.getByRole("region", { name: "Alerts of the last 30 days, the table" });
  await expect.poll(() => table.getByRole("row").count()).toBe(31);
});

// Flow 3: one report, read with each role (R20, R21). A part that is not theirs says so, and is never a number.
test.each<[who: string, parts: Record<string, RegExp>]>([
  ["Ada Lindqvist", { "Alerts over time": /\d+\s+active/, "Related incidents": /\d+\s+incidents/, "Impacted assets": /devices.*mailboxes.*users/s, "Exposure of the organisation": /of 250 devices exposed/, "Prevented email attempts": /\d+\s+blocked/ }],
  ["Elena Rossi", { "Alerts over time": /active.*Of Endpoint on the device groups that you reach\. Email & collaboration is not part of your access/s, "Impacted assets": /devices\s+\d+\s+users/, "Exposure of the organisation": /Not part of your access.*Needs View data - Threat and vulnerability management in Endpoint/s, "Prevented email attempts": /Not part of your access.*Needs one of Security Reader/s }],
  ["Vera Tran", { "Alerts over time": /Not part of your access/, "Related incidents": /Not part of your access/, "Impacted assets": /Not part of your access/, "Exposure of the organisation": /of 230 devices exposed/, "Prevented email attempts": /Not part of your access/ }],
  ["Marta Silva", { "Alerts over time": /active.*Of Email & collaboration\. Endpoint is not part of your access/s, "Impacted assets": /mailboxes/, "Exposure of the organisation": /Not part of your access/, "Prevented email attempts": /\d+\s+blocked/ }],
  ["Milo Brandt", { "Alerts over time": /active/, "Related incidents": /Not part of your access/, "Exposure of the organisation": /Not part of your access/, "Prevented email attempts": /Not part of your access/ }],
  ["Gita Rao", { "Alerts over time": /Endpoint is not part of your access/, "Exposure of the organisation": /Not part of your access/, "Prevented email attempts": /\d+\s+blocked/ }],
])("one report, read by %s", async (who, parts) => {
  const page = await as(who, report);
  for (const [part, says] of Object.entries(parts)) {
    const text = await page.getByRole("region", { name: part, exact: true }).innerText();
    expect(text, part).toMatch(says);
    if (text.includes(notYours)) expect(text, `${part}: a number where there is none to tell`).not.toMatch(/^\d+$/m);
  }
  await page.getByRole("tab", { name: "Analyst report" }).click();
  await page.getByRole("heading", { level: 2, name: "How the attack goes" }).waitFor(); // the text is for all of them
  for (const [tab, part] of [["mail", "Prevented email attempts"], ["incidents", "Related incidents"]] as const) {
    await page.goto(`${report}?tab=${tab}`);
    await settled(page);
    if (parts[part] && String(parts[part]).includes("Not part")) {
      await page.getByRole("main").getByText(notYours, { exact: true }).waitFor();
      await enter(page.getByRole("button", { name: "Why not?" }));
      await page.getByRole("dialog", { name: "Why not?" }).getByText("not allowed").first().waitFor();
    }
  }
});

test.each(["Chloe Dubois", "Gustav Berg"])("for %s the area is not there, and its page says what would open it (R20)", async (who) => {
  const page = await as(who, "/");
  await expect.poll(() => page.getByRole("link", { name: "Threat analytics" }).count()).toBe(0);
  for (const path of [area, report, `${area}/nothing`]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1, name: "You don't have access to Threat analytics" }).waitFor();
    await expect.poll(() => page.getByRole("main").innerText()).toMatch(/roles of Cloud apps and Identity never do[^]*View data - Threat and vulnerability management/);
    expect(await page.getByRole("main").innerText()).not.toContain("Saffron");
  }
});

test("a report whose text attacks is text, and is removed by who may", async () => {
  const page = await as("Ada Lindqvist", area);
  const hostile = ["---", "id: hostile", "title: '<img src=x onerror=alert(1)> \\u202Egnp.exe'", "published: 2020-01-01", "detections: ['<script>alert(2)</script>']", "summary: '[here](javascript:alert(3)) <b onmouseover=alert(4)>bold</b>'", "---",
    "# <script>alert(5)</script>", "", "<iframe src=javascript:alert(6)></iframe>", "", "[click](javascript:alert(7)) ![p](https://evil.example/p.png) [roles](/permissions/roles)"].join("\n");
  const put = await page.request.post("/api/v1/ingest?name=hostile.md", { headers: { Origin: base, "Content-Type": "text/markdown" }, data: hostile });
  expect(put.status(), await put.text()).toBe(200);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${area}/hostile`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByText("<b onmouseover=alert(4)>bold</b>").waitFor();
  await page.getByRole("tab", { name: "Analyst report" }).click();
  await page.getByText("<iframe src=javascript:alert(6)></iframe>").waitFor();
  await expect.poll(() => page.getByRole("main").locator("script, iframe, img, a[href^=javascript]").count()).toBe(0);
  await expect.poll(() => page.getByRole("main").getByRole("link", { name: /click|here|roles/ }).count()).toBe(0);
  expect(asked.filter((url) => !url.startsWith(base))).toEqual([]);
  const marta = await as("Marta Silva", `${area}/hostile`);
  await marta.getByRole("button", { name: "Remove report" }).press("Enter"); // it is refused
  await marta.getByRole("dialog", { name: "Why not?" }).getByText(/needs a global role/i).first().waitFor();
  await enter(page.getByRole("button", { name: "Remove report" }));
  await enter(page.getByRole("dialog", { name: "Remove this report?" }).getByRole("button", { name: "Remove" }));
  await page.getByText("12 reports").waitFor();
});

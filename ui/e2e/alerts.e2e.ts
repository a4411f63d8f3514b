import { describe, expect, test } from "vitest";
import { as, axe, base, downloaded, rows, settled, total } from "./browser";

describe("the alert queue", () => {
  test("is narrowed by what its rows have, and the address keeps it", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    const all = await total(page, "alert");
    await page.getByRole("group", { name: "Filters" }).getByRole("button", { name: "Severity" }).click();
    const high = page.getByRole("menuitemcheckbox", { name: /High/ });
    const counted = Number((await high.innerText()).replace(/\D/g, ""));
    await high.click();
    await page.keyboard.press("Escape");
    await page.getByText(/with these filters/).waitFor();
    await settled(page);
    await expect.poll(() => total(page, "alert")).toBe(counted);
    expect(counted).toBeLessThan(all);
    await expect.poll(() => new URL(page.url()).search).toBe("?severity=high");
    await page.reload();
    await settled(page);
    await expect.poll(() => total(page, "alert")).toBe(counted);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect.poll(() => total(page, "alert")).toBe(all);
  });

  test("is sorted and paged by the server, and the address keeps that too", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    const first = await rows(page, "Alerts").first().getAttribute("data-row");
    await page.getByRole("button", { name: "Next page" }).click();
    await expect.poll(() => rows(page, "Alerts").first().getAttribute("data-row")).not.toBe(first);
    await expect.poll(() => new URL(page.url()).search).toBe("?from=50");
    await page.getByRole("button", { name: "Previous page" }).click();
    await expect.poll(() => rows(page, "Alerts").first().getAttribute("data-row")).toBe(first);
    await page.getByRole("columnheader", { name: "Created" }).getByRole("button").click();
    await expect.poll(() => rows(page, "Alerts").first().getAttribute("data-row")).not.toBe(first);
    await expect.poll(() => new URL(page.url()).search).toBe("?sort=createdDateTime");
  });

  test("opens by keyboard, moves along, and gives the focus back", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-row"));
    await rows(page, "Alerts").first().press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const third = await rows(page, "Alerts").nth(2).getAttribute("data-row");
    await expect.poll(focused).toBe(third);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("tab", { name: "Overview" }).waitFor();
    await expect.poll(() => decodeURIComponent(new URL(page.url()).pathname)).toBe(`/alerts/${third}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(focused).toBe(third);
    await page.keyboard.press("End");
    await expect.poll(focused).toBe(await rows(page, "Alerts").last().getAttribute("data-row"));
  });

  test("shows an alert by its address alone", async () => {
    const page = await as("Ada Lindqvist", "/alerts?severity=high");
    const row = rows(page, "Alerts").nth(3);
    const [id, title] = [(await row.getAttribute("data-row")) ?? "", await row.getAttribute("aria-label")];
    await page.goto(`/alerts/${encodeURIComponent(id)}`);
    await page.getByRole("dialog").getByRole("heading", { name: title ?? "", exact: true }).waitFor();
  });

  test("answers for an alert out of reach as for one that does not exist", async () => {
    const ada = await as("Ada Lindqvist", "/alerts?serviceSource=microsoftDefenderForOffice365");
    const mail = await rows(ada, "Alerts").first().getAttribute("data-row");
    const uma = await as("Uma Patel", `/alerts/${encodeURIComponent(mail ?? "")}`);
    await uma.getByRole("heading", { name: "No such alert" }).waitFor();
    const hidden = await uma.getByRole("dialog").innerText();
    await uma.goto("/alerts/there-is-no-such-thing");
    await uma.getByRole("heading", { name: "No such alert" }).waitFor();
    await expect.poll(() => uma.getByRole("dialog").innerText()).toBe(hidden);
  });

  test("shows hostile text as the text it is", async () => {
    const page = await as("Ada Lindqvist", "/alerts");
    const attack = "<script>document.title='owned'</script>";
    const found = await page.evaluate(async (attack) => {
      for (let skip = 0; ; skip += 200) {
        const reply = await fetch(`/v1.0/security/alerts_v2?$top=200&$skip=${skip}`);
        const { value } = (await reply.json()) as { value: { id: string; title: string }[] };
        const hit = value.find((alert) => alert.title.includes(attack));
        if (hit || value.length === 0) return hit?.id;
      }
    }, attack);
    expect(found, "an alert whose title is an attack").toBeDefined();
    await page.goto(`/alerts/${encodeURIComponent(found ?? "")}`);
    await page.getByRole("dialog").getByRole("heading", { name: attack }).waitFor();
    for (const tab of ["Evidence", "Raw", "Manage", "Overview"]) {
      await page.getByRole("tab", { name: tab }).click();
      await settled(page);
    }
    expect(await page.title()).not.toContain("owned");
  });

  test("says why it is empty to somebody without any alert, and who could change that", async () => {
    const page = await as("Pavel Dvorak", "/alerts");
    await page.getByRole("heading", { name: "You don't have access to Alerts" }).waitFor();
    await page.getByRole("link", { name: "See my access" }).click();
    await page.getByRole("heading", { name: "Access", exact: true }).waitFor();
  });
});

describe("managing an alert", () => {
  test("is refused with the reason, in place", async () => {
    const page = await as("Elena Rossi", "/alerts");
    await rows(page, "Alerts").first().click();
    await page.getByRole("tab", { name: "Manage" }).click();
    await page.getByText(/needs Alerts investigation in Endpoint/).first().waitFor();
    const save = page.getByRole("button", { name: "Save" });
    await expect.poll(() => save.getAttribute("aria-disabled")).toBe("true");
    await save.focus();
    await page.getByRole("tooltip").getByText(/needs Alerts investigation/).waitFor();
    await page.getByRole("button", { name: "Why not?" }).click();
    await page.getByRole("dialog", { name: "Why not?" }).getByText("Any one of these would open it: Alerts investigation.").waitFor();
  });

  test("is done by those who may: status, assignment, classification, comment", async () => {
    const page = await as("Ursula Grant", "/alerts?status=new");
    const id = await rows(page, "Alerts").first().getAttribute("data-row");
    await page.goto(`/alerts/${encodeURIComponent(id ?? "")}`);
    await page.getByRole("tab", { name: "Manage" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByLabel("Status").selectOption({ label: "In progress" });
    await drawer.getByRole("button", { name: "Me", exact: true }).click();
    await drawer.getByLabel("Classification").selectOption({ label: "True positive" });
    await drawer.getByLabel("Determination").selectOption({ label: "Malware" });
    await drawer.getByLabel("Comment").fill("Looked at <b>this</b>.");
    await drawer.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => drawer.getByLabel("Comment").inputValue()).toBe("");
    await page.getByRole("tab", { name: "Overview" }).click();
    await drawer.getByText("Looked at <b>this</b>.").waitFor();
    await drawer.getByText("ursula@contoso.example").first().waitFor();
    await drawer.getByText("In progress").first().waitFor();
  });

  test("why one can see an alert is proved", async () => {
    const page = await as("Elena Rossi", "/alerts");
    await rows(page, "Alerts").first().click();
    await page.getByRole("tab", { name: "Why can I see this?" }).click();
    await page.getByRole("dialog").getByText("eu-tier1").first().waitFor();
    await page.getByRole("dialog").getByText("Tier 1", { exact: true }).first().waitFor();
  });
});

test("an alert tells its story: processes as a tree, by keyboard, and what else belongs to it", async () => {
  const page = await as("Ada Lindqvist", "/alerts");
  const { value } = (await (await page.request.get("/v1.0/security/alerts_v2?$top=300")).json()) as { value: { id: string; incidentId: string | null; evidence: { "@odata.type": string; imageFile?: { fileName: string } }[] }[] };
  const alert = value.find(({ incidentId, evidence }) => incidentId && evidence.some((e) => e["@odata.type"].includes("processEvidence")));
  const image = alert?.evidence.find((e) => e["@odata.type"].includes("processEvidence"))?.imageFile?.fileName ?? "";
  await page.goto(`/alerts/${encodeURIComponent(alert?.id ?? "")}`);
  await page.getByRole("tab", { name: "Story" }).press("Enter");
  const tree = page.getByRole("tree", { name: /^Processes on/ }).first();
  await tree.getByText(image, { exact: true }).first().waitFor();
  await tree.getByRole("treeitem").first().press("ArrowLeft");
  await expect.poll(() => tree.getByRole("treeitem").count()).toBe(1);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => tree.getByRole("treeitem").count()).toBeGreaterThan(1);
  expect(await axe(page)).toEqual([]);
});

test("an alert of 10 MB is shown as far as it is read, and given whole as a file", async () => {
  const page = await as("Ada Lindqvist");
  page.setDefaultTimeout(40_000); // ten megabytes take a browser their time
  // Old, resolved, and about nothing that has a page: it is in no other test's way.
  const evidence = Array.from({ length: 500 }, (_, n) => ({ "@odata.type": "#microsoft.graph.security.urlEvidence", url: `https://large${n}.example/${"y".repeat(12_000)}` }));
  const alert = { id: "large", incidentId: "large", title: "Ten megabytes", status: "resolved", severity: "low", serviceSource: "microsoftDefenderForOffice365", createdDateTime: "2020-01-01T00:00:00Z", description: "x".repeat(4 << 20), evidence };
  expect((await page.request.post("/api/v1/ingest?name=large.json", { headers: { Origin: base, "Content-Type": "application/json" }, data: JSON.stringify(alert) })).status()).toBe(200);
  await page.goto("/alerts?q=Ten+megabytes");
  await rows(page, "Alerts").and(page.locator('[data-row="large"]')).press("Enter");
  const drawer = page.getByRole("dialog", { name: "Ten megabytes" });
  await drawer.getByText("The first 10,000 of 4,194,304 characters").waitFor();
  await drawer.getByRole("tab", { name: "Evidence" }).press("Enter");
  await drawer.getByRole("button", { name: "Show more urls (200 of 500)" }).waitFor();
  await drawer.getByRole("tab", { name: "Raw" }).press("Enter");
  await drawer.getByText(/The first 100,000 of 1\d,\d{3},\d{3} characters/).waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), drawer.getByRole("button", { name: "Download" }).press("Enter")]);
  expect((JSON.parse(await downloaded(file)) as { evidence: unknown[] }).evidence.length).toBe(500);
  await page.goto("/incidents/large");
  await page.getByText("1 alert of it is too large to stand here whole").waitFor();
});

import { expect, test } from "vitest";
import { as, axe, base, enter, rows } from "./browser";

type Page = Awaited<ReturnType<typeof as>>;

/** load takes alerts of mail in, that came without an incident unless they name one. */
async function load(page: Page, ...alerts: { id: string; title: string; mailbox: string; incidentId?: string }[]) {
  const created = new Date(Date.now() - 60_000).toISOString();
  const text = alerts.map(({ mailbox, ...alert }) => ({ ...alert, status: "new", severity: "medium", serviceSource: "microsoftDefenderForOffice365", createdDateTime: created, evidence: [{ "@odata.type": "#microsoft.graph.security.mailboxEvidence", primaryAddress: mailbox }] }));
  const answer = await page.request.post("/api/v1/ingest?name=test.json", { headers: { Origin: base, "Content-Type": "application/json" }, data: JSON.stringify(text) });
  expect(answer.status(), await answer.text()).toBe(200);
}

async function incidentOf(page: Page, alert: string): Promise<string> {
  return ((await (await page.request.get(`/v1.0/security/alerts_v2/${alert}`)).json()) as { incidentId: string }).incidentId;
}

test("alerts that share something are one incident and say why; incidents are merged and split", async () => {
  const mark = `m${Date.now()}`;
  const page = await as("Ada Lindqvist");
  await load(page, { id: `${mark}a`, title: `Phish ${mark}`, mailbox: `${mark}@contoso.example` }, { id: `${mark}b`, title: `Rule ${mark}`, mailbox: `${mark}@contoso.example` }, { id: `${mark}c`, title: `Other ${mark}`, mailbox: `other-${mark}@contoso.example` });
  const [one, other] = [await incidentOf(page, `${mark}a`), await incidentOf(page, `${mark}c`)];
  expect(await incidentOf(page, `${mark}b`)).toBe(one);
  expect(other).not.toBe(one);
  await page.goto(`/incidents/${one}`);
  await page.getByText(`joined because it shares the mailbox ${mark}@contoso.example`).waitFor();
  expect(await axe(page)).toEqual([]);

  await enter(page.getByRole("button", { name: "Merge incidents" }));
  const dialog = page.getByRole("dialog", { name: "Merge other incidents into this one" });
  await dialog.getByRole("searchbox").fill(other);
  await dialog.getByRole("searchbox").press("Enter");
  await dialog.getByRole("checkbox", { name: `Other ${mark}` }).press("Space");
  expect(await axe(page)).toEqual([]);
  await enter(dialog.getByRole("button", { name: "Merge 1 incident" }));
  await page.getByRole("tab", { name: "Alerts (3)" }).waitFor();
  await page.getByText(`came with incident ${other}`).waitFor();
  await page.goto(`/incidents/${other}`);
  await page.getByText("This incident was merged into another").waitFor();
  await page.getByRole("link", { name: `Open incident ${one}` }).click();

  await enter(page.getByRole("button", { name: "Split" }));
  const split = page.getByRole("dialog", { name: "Take alerts out of this incident" });
  for (const title of [`Phish ${mark}`, `Rule ${mark}`, `Other ${mark}`]) await split.getByRole("checkbox", { name: title }).press("Space");
  await split.getByText(/^Medium · New · Office 365 · /).first().waitFor();
  expect(await split.innerText(), "its alerts go by their titles").not.toContain(`${mark}a`);
  await split.getByText("At least one alert has to stay.").waitFor();
  for (const title of [`Phish ${mark}`, `Rule ${mark}`]) await split.getByRole("checkbox", { name: title }).press("Space");
  expect(await axe(page)).toEqual([]);
  await enter(split.getByRole("button", { name: "Take out 1 alert" }));
  await page.getByRole("tab", { name: "Alerts (1)" }).waitFor();
  await expect.poll(() => page.url()).not.toContain(one);
  await page.getByText(`taken out of incident ${one}`).waitFor();
  await page.getByRole("tab", { name: "Activity log" }).press("Enter");
  await page.getByText("opened it for 1 alert of another incident").waitFor();
});

test("who sees a part of an incident may neither merge nor split it, and is told why (R17)", async () => {
  const page = await as("Samir Haddad", "/incidents");
  await rows(page, "Incidents").filter({ hasText: "Part" }).first().click();
  for (const name of ["Merge incidents", "Split"]) {
    const button = page.getByRole("button", { name });
    await button.waitFor();
    await expect.poll(() => button.getAttribute("aria-disabled")).toBe("true");
  }
});

test("the second of two who change an incident sees what the first has changed, and loses nothing of their own", async () => {
  const mark = `w${Date.now()}`;
  const page = await as("Ada Lindqvist");
  await load(page, { id: mark, title: `Alone ${mark}`, mailbox: `${mark}@contoso.example` });
  const id = await incidentOf(page, mark);
  await page.goto(`/incidents/${id}`);
  await page.getByLabel("Assigned to").fill("me@contoso.example");
  await page.getByRole("textbox", { name: "Comment" }).fill("mine");
  const first = await page.request.patch(`/v1.0/security/incidents/${id}`, { headers: { Origin: base }, data: { classification: "truePositive", determination: "phishing" } });
  expect(first.status()).toBe(200);
  await enter(page.getByRole("button", { name: "Save" }));
  await page.getByText("Somebody else was first").waitFor();
  await page.getByText(/classification: was empty, is “truePositive”/).waitFor();
  await expect.poll(() => page.getByLabel("Assigned to").inputValue()).toBe("me@contoso.example");
  await expect.poll(() => page.getByRole("textbox", { name: "Comment" }).inputValue()).toBe("mine");
  expect(await axe(page)).toEqual([]);
  await enter(page.getByRole("button", { name: "Save" }));
  await expect
    .poll(async () => (await (await page.request.get(`/v1.0/security/incidents/${id}`)).json()) as object)
    .toMatchObject({ assignedTo: "me@contoso.example", classification: "truePositive", determination: "phishing", comments: [{ comment: "mine" }] });
});

import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { as, base, settled } from "./browser";

// The server's tests and the command line's use the same texts, in the same records.
const folder = new URL("../../internal/hostile/", import.meta.url);
const corpus = JSON.parse(await readFile(new URL("corpus.json", folder), "utf8")) as { kind: string; text: string; times?: number }[];
const texts = corpus.map(({ text, times }) => text.repeat(times ?? 1));
const templates = (await readFile(new URL("records.jsonl", folder), "utf8")).trim().split("\n");
const report = (await readFile(new URL("report.json", folder), "utf8")).trim();

/** spoiled fills a template: every place for a text gets the next one of the corpus. */
function spoiled(template: string, number: number): string {
  let at = number * 37;
  return template.replaceAll("NUMBER", `e2e-${number}`).replaceAll('"?"', () => JSON.stringify(texts[at++ % texts.length]));
}

/** What nobody may have put into a page, nor made it go for. */
const foreign = [
  "img[src=x]", "iframe", "svg[onload]", "details[ontoggle]", "base[href*=attacker]", "form[action*=attacker]", "meta[http-equiv=refresh]", "object", "embed", "math", "marquee",
  "[onerror]", "[onfocus]", "a[href^='javascript' i]", "a[href^='data' i]", "a[href^='vbscript' i]", "img[src*=attacker]", "link[href*=attacker]",
].join(",");

/** harmless demands of a page that what is on it is text, which neither runs, leaves its place nor hides what it is. */
async function harmless(page: Page, where: string) {
  await settled(page);
  const found = await page.evaluate((foreign) => {
    // Characters that turn text around or hide: not in anything that is shown, but where a text is edited or copied.
    const turning = /[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]/;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const turned: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = node.nodeValue ?? "";
      if (turning.test(text) && parent?.checkVisibility() && !parent.closest("textarea, script, style")) turned.push(`${parent.className.slice(0, 40)}: ${JSON.stringify(text).slice(0, 80)}`);
    }
    return {
      title: document.title,
      elements: [...document.querySelectorAll(foreign)].map((e) => e.outerHTML.slice(0, 120)),
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      // What a drawer or the page holds is no wider than it is, unless it scrolls by itself.
      spills: [...document.querySelectorAll("[role=dialog], main")].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => `${e.tagName} ${e.scrollWidth} > ${e.clientWidth}`),
      turned: turned.slice(0, 5),
    };
  }, foreign);
  expect(found, where).toEqual({ title: found.title, elements: [], wide: expect.any(Number), spills: [], turned: [] });
  expect(found.wide, where).toBeLessThanOrEqual(1);
  expect(found.title, where).not.toMatch(/^owned/);
}

/** strangers are the addresses outside of the centre that a page has asked for. */
function strangers(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) asked.push(request.url());
  });
  return asked;
}

const api = { Origin: base };

describe("hostile text", () => {
  test("in alerts, incidents, actions and reports is shown as the text it is", async () => {
    const page = await as("Ada Lindqvist", "/access");
    const asked = strangers(page);
    for (const [name, records] of [["records.jsonl", [0, 1].flatMap((n) => templates.map((t) => spoiled(t, n)))], ["report.json", [report.replace("NUMBER", "e2e").replaceAll('"?"', () => JSON.stringify(texts[1]))]]] as const) {
      const loaded = await page.request.post(`/api/v1/ingest?name=${name}`, { headers: { ...api, "Content-Type": "application/json" }, data: Buffer.from(records.join("\n")) });
      expect(loaded.status(), await loaded.text()).toBe(200);
    }
    const tabs = async (where: string) => {
      const list = page.getByRole("main").or(page.getByRole("dialog")).getByRole("tab");
      await list.first().waitFor();
      for (let i = 0; i < (await list.count()); i++) {
        await list.nth(i).click();
        await settled(page);
        await page.evaluate(() => document.querySelectorAll<HTMLElement>(".fui-AccordionHeader button[aria-expanded=false]").forEach((folded) => folded.click())); // what is folded, too
        await harmless(page, `${where}, tab ${i}`);
      }
    };
    for (const n of [0, 1]) {
      await page.goto(`/alerts/hostile-e2e-${n}`);
      await tabs(`alert ${n}`);
      await page.goto(`/incidents/hostile-ie2e-${n}`);
      await tabs(`incident ${n}`);
      await page.goto(`/actions/hostile-ae2e-${n}`);
      await page.getByRole("dialog").getByRole("heading").first().waitFor();
      await harmless(page, `action ${n}`);
    }
    // What the incidents are about has pages of its own, one of each kind: found as people find them.
    const kinds = new Map<string, string>();
    for (const n of [0, 1]) {
      await page.goto(`/incidents/hostile-ie2e-${n}?tab=assets`);
      await settled(page);
      for (const path of await page.getByRole("main").locator('a[href^="/entities/"]').evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""))) kinds.set(path.split("/")[2] ?? "", path);
    }
    expect([...kinds.keys()]).toEqual(expect.arrayContaining(["devices", "mailboxes"]));
    for (const [kind, path] of kinds) {
      await page.goto(path);
      await tabs(`one of the ${kind}`);
    }
    await page.goto("/threat-analytics/hostile-re2e");
    await tabs("the report");
    for (const path of ["/alerts?q=hostile-e2e", "/incidents?q=hostile-ie2e", "/actions?q=hostile-ae2e", ...["devices", "users", "mailboxes", "apps"].map((kind) => `/entities/${kind}?order=lastSeen`), "/threat-analytics", "/audit?q=hostile", "/"]) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await harmless(page, path);
    }
    expect(asked, "addresses outside").toEqual([]);
  }, 240_000);

  test("in names and descriptions is shown as the text it is", async () => {
    const page = await as("Ada Lindqvist", "/access");
    const asked = strangers(page);
    const [html = "", , link = "", , , , formula = ""] = texts;
    const long = "W".repeat(180);
    const turned = texts.find((t) => t.includes("\u202e")) ?? "";
    const made: [string, string][] = [];
    for (const name of [html, `${link} ${formula}`, long]) {
      const role = await page.request.post("/api/v1/roles", { headers: api, data: { name, description: `${turned} ${html}`, workload: "office365", permissions: ["Security Reader"] } });
      expect(role.status(), name).toBe(201);
      const { id } = (await role.json()) as { id: string };
      const group = `/api/v1/groups/${encodeURIComponent(name)}`;
      expect((await page.request.put(group, { headers: api, data: { description: turned, members: [] } })).ok(), name).toBe(true);
      const view = { area: "alerts", name: name.slice(0, 60), query: "status=new" };
      expect((await page.request.put("/api/v1/saved-views", { headers: api, data: view })).ok(), name).toBe(true);
      const rule = await page.request.post("/api/v1/notifications/rules", { headers: api, data: { name: name.slice(0, 60), severities: ["low"], everywhere: true, recipients: [{ user: "elena@contoso.example" }] } });
      expect(rule.status(), name).toBe(201);
      const told = (await rule.json()) as { id: string };
      await page.request.post(`/api/v1/notifications/rules/${told.id}/test`, { headers: api }); // which the log tells of
      made.push([`/api/v1/notifications/rules/${told.id}`, ""], [`/api/v1/roles/${id}`, `/permissions/roles/office365/${id}`], [group, `/permissions/groups/${encodeURIComponent(name)}`], [`/api/v1/saved-views?${new URLSearchParams({ area: "alerts", name: view.name })}`, ""]);
    }
    for (const path of [...made.map(([, path]) => path).filter((path) => path !== ""), "/permissions/roles/office365", "/permissions/groups", "/access/matrix?of=roles", "/settings", "/settings/notifications", "/settings/deliveries", "/settings/channels", "/settings/centre", "/audit"]) {
      await page.goto(path);
      await page.getByRole("heading").first().waitFor();
      await harmless(page, path);
    }
    await page.goto("/alerts");
    await page.getByRole("button", { name: "Views" }).click();
    await harmless(page, "the menu of views");
    for (const [path] of made) expect((await page.request.delete(path, { headers: api })).status(), path).toBe(204);
    expect(asked, "addresses outside").toEqual([]);
  }, 180_000);
});

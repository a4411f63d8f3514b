import AxeBuilder from "@axe-core/playwright";
import { chromium, type Browser, type Download, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

/** base is the address of the demo that these tests have to themselves. */
export const base = process.env.E2E_URL!.replace(/\/$/, "");

let browser: Browser;
const open: { page: Page; complaints: string[] }[] = [];

beforeAll(async () => {
  browser = await chromium.connect(inject("browser"));
});

afterAll(() => browser.close());

// Whatever a test looks at, no page may have complained: a script that broke, a policy that was violated.
afterEach(async () => {
  const complaints = open.flatMap((o) => o.complaints);
  // A page that is leaving as it is closed keeps Chromium busy now and then: it goes with the browser, and no test waits for it.
  const closed = Promise.all(open.splice(0).map(({ page }) => page.context().close().catch(() => undefined)));
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 10_000))]);
  expect(complaints, "what the browser complained of").toEqual([]);
});

export interface Look {
  scheme?: "light" | "dark";
  width?: number;
}

/** visit opens the portal as nobody yet. */
export async function visit(path = "/", { scheme = "light", width = 1280 }: Look = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: base, colorScheme: scheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  if (process.env.E2E_SLOW) await slow(page);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  page.on("console", (message) => {
    // A refusal is an answer: the browser notes each, and the page tells it in words.
    if (message.type() === "error" && !/status of 4(0[01349]|12)/.test(message.text())) complaints.push(message.text());
  });
  open.push({ page, complaints });
  await page.goto(path);
  return page;
}

/** slow makes answers late, none by as much as the last, and pages as many times slower as E2E_SLOW says: what a test takes for granted too early breaks then. */
async function slow(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: Number(process.env.E2E_SLOW) });
  await page.route("**/api/**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 800));
    await route.continue().catch(() => undefined); // the page may have gone
  });
}

/** as opens a page of the portal signed in as a person of the demo, by the way everyone takes. */
export async function as(name: string, path = "/", look: Look = {}): Promise<Page> {
  const page = await visit(path, look);
  await page.getByRole("button", { name }).click();
  await page.getByRole("navigation", { name: "Areas" }).waitFor();
  await settled(page);
  return page;
}

/** settled waits until the page is there and nothing is loading. */
export async function settled(page: Page) {
  await page.waitForFunction(() => document.querySelector("main") && !document.querySelector('[aria-label^="Loading"]'));
}

interface Axe {
  menu?: boolean; // an open menu floats above the page, outside of its landmarks, as menus do
  only?: string; // one rule
}

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** axe names each violation with where it is. */
export async function axe(page: Page, { menu = false, only }: Axe = {}): Promise<string[]> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page })
    // One page without frames, and only what is wrong with it: a fifth of the time, and the same answer.
    .setLegacyMode()
    // What the component library uses to turn the focus around in a group never keeps the focus.
    .options({ resultTypes: ["violations"], runOnly: only ? { type: "rule", values: [only] } : { type: "tag", values: tags }, rules: menu && !only ? { region: { enabled: false } } : {} })
    .exclude("[data-tabster-dummy]")
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.any.map((check) => check.message).join("; ")}`));
}

/** axeInBoth looks at a page in light and in dark, in which it differs by its colours alone. */
export async function axeInBoth(page: Page, options: Axe = {}): Promise<string[]> {
  const light = await axe(page, options);
  await scheme(page, "dark");
  const dark = await axe(page, { ...options, only: "color-contrast" });
  await scheme(page, "light");
  return [...light, ...dark.map((violation) => `dark, ${violation}`)];
}

async function scheme(page: Page, colorScheme: "light" | "dark") {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((wanted) => document.documentElement.style.colorScheme === wanted, colorScheme);
}

/** enter presses a button by keyboard, once it can be pressed: one that waits for a look at what would change does nothing before. */
export async function enter(button: Locator) {
  await expect.poll(() => button.isEnabled()).toBe(true);
  await button.press("Enter");
}

/** downloaded is what a download has in it. */
export async function downloaded(download: Download): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** rows are the rows of a grid, without its header. */
export function rows(page: Page, grid: string) {
  return page.getByRole("grid", { name: grid, exact: true }).locator("[data-row]");
}

/** total is the number a queue says it has. */
export async function total(page: Page, noun: string): Promise<number> {
  const said = await page.getByText(new RegExp(`^[\\d,]+ ${noun}s?\\b`)).first().innerText();
  return Number(/^[\d,]+/.exec(said)?.[0].replaceAll(",", ""));
}

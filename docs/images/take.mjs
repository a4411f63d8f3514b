// Takes the pictures of README.md from the real demo: `make build`, then `.ci/with-demo node docs/images/take.mjs`.
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
  { name: "threat-report", persona: "elena@contoso.example", path: "/threat-analytics/saffron-heron-invoices" },
  { name: "access", persona: "ada@contoso.example", path: "/access?person=priya%40contoso.example&capability=alerts.manage&workload=endpoint" },
];

const url = process.env.E2E_URL;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  for (const p of pictures) {
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
    await page.waitForTimeout(1500); // what a page asks for once it is there
    await page.screenshot({ path: join(here, `${p.name}.png`) });
    console.log(p.name);
    await context.close();
  }
} finally {
  await browser.close();
}

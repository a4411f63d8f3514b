import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { serve } from "./demo";

declare module "vitest" {
  interface ProvidedContext {
    browser: string;
    demo: string;
  }
}

/**
 * One browser for all files: to start it takes longer than many a test. Each test has a context of its own, as a new person would.
 * One demo is filled, of which each file serves a copy.
 */
export default async function launch(project: TestProject) {
  const browser = await chromium.launchServer({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  project.provide("browser", browser.wsEndpoint());
  const dir = await mkdtemp(join(tmpdir(), "bailiwick-e2e-"));
  project.provide("demo", join(dir, "filled"));
  if (!process.env.E2E_URL) await (await serve(join(dir, "filled"))).stop();
  return async () => {
    await browser.close();
    await rm(dir, { recursive: true });
  };
}

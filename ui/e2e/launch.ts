import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    browser: string;
  }
}

/** One browser for all files: to start it takes longer than many a test. Each test has a context of its own, as a new person would. */
export default async function launch(project: TestProject) {
  const server = await chromium.launchServer({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  project.provide("browser", server.wsEndpoint());
  return () => server.close();
}

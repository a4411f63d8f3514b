import { cp, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, inject } from "vitest";
import { serve } from "./demo";

// A file's tests have a demo of their own, so that what they leave behind is nobody else's, and files can be tested side by side.
if (!process.env.E2E_URL) {
  const data = await mkdtemp(join(dirname(inject("demo")), "copy-"));
  await cp(inject("demo"), data, { recursive: true });
  const demo = await serve(data);
  process.env.E2E_URL = demo.url;
  afterAll(async () => {
    delete process.env.E2E_URL;
    await demo.stop();
    await rm(data, { recursive: true });
  });
}

import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// The browser's tests serve copies of a demo of their own, or drive one that runs: E2E_URL=http://127.0.0.1:8080 npm run e2e
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.e2e.ts"],
    globalSetup: "launch.ts",
    setupFiles: "setup.ts",
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    fileParallelism: !process.env.E2E_URL,
    maxWorkers: availableParallelism(),
  },
});

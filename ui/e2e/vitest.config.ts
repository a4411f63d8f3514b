import { defineConfig } from "vitest/config";

// The browser's tests drive a running demo: E2E_URL=http://127.0.0.1:8080 npm run e2e
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.e2e.ts"],
    globalSetup: "launch.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});

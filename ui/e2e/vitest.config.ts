import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest begins first, so that nothing is waited for at the end. It is a short file. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const last = (file: TestSpecification) => Number(!file.moduleId.endsWith("/axe.e2e.ts"));
    return (await super.sort(files)).sort((a, b) => last(a) - last(b));
  }
}

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
    sequence: { sequencer: LongestFirst },
    fileParallelism: !process.env.E2E_URL,
    maxWorkers: availableParallelism(),
  },
});

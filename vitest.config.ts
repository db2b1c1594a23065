import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { linguiMacro } from "./client/vite/lingui-macro.ts";

/** One PostgreSQL for the whole run; every test file gets databases of its own. */
const globalSetup = "server/src/testing/global-setup.ts";

/** Files that run in one worker share its modules: to read them anew for each would take a third of the time. No test may rest on a module's first state. */
const isolate = false;

/** Vitest begins with the largest files. These are small and take long: one that comes last keeps a worker waiting for the other. */
const slowThoughSmall = /\/test\/(oracle\/|restart\.|crash\.|attacks\/19-)/;

const isSlow = ({ moduleId }: TestSpecification): boolean => slowThoughSmall.test(moduleId);

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's, not an array's
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

/** What is waited for comes late on a busy machine, and when it never comes, the test is over anyway. */
const patient = { poll: { timeout: 45_000 } };

/** Projects in the order they run: what is pure first, what starts servers and browsers last. */
export default defineConfig({
  test: {
    passWithNoTests: false,
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        test: {
          name: "crypto",
          isolate,
          expect: patient,
          include: ["crypto/src/**/*.test.ts"],
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [linguiMacro()],
        test: {
          name: "client",
          isolate,
          expect: patient,
          include: ["client/src/**/*.test.{ts,tsx}", "client/vite/**/*.test.ts"],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "server",
          isolate,
          expect: patient,
          include: ["server/src/**/*.test.ts"],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "system",
          isolate,
          expect: patient,
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**"],
          globalSetup,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: "browser",
          isolate,
          expect: patient,
          include: ["test/browser/**/*.test.ts"],
          globalSetup,
          // Whole browsers on a busy machine; what is waited for in them has a limit of its own.
          testTimeout: 600_000,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});

import { defineConfig } from "vitest/config";
import { linguiMacro } from "./client/vite/lingui-macro.ts";

/** One PostgreSQL for the whole run; every test file gets databases of its own. */
const globalSetup = "server/src/testing/global-setup.ts";

/** Projects in the order they run: what is pure first, what starts servers and browsers last. */
export default defineConfig({
  test: {
    passWithNoTests: false,
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "crypto",
          include: ["crypto/src/**/*.test.ts"],
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [linguiMacro()],
        test: {
          name: "client",
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
          include: ["test/browser/**/*.test.ts"],
          globalSetup,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});

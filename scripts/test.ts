// `npm test`: the check, then every test, with a JSON report for `.ci/run`.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const report = join(root, "test-results", "report.json");
mkdirSync(dirname(report), { recursive: true });
rmSync(report, { force: true });

function run(args: readonly string[]): number {
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;
}

const checked = run(["scripts/check.ts"]);
const tested = run([
  "node_modules/vitest/vitest.mjs",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
]);
process.exit(checked || tested);

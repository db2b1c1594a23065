// Prints `N passed, N failed` from the report that `npm test` leaves; a missing or empty report counts as a failure.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
}

function read(): Report | null {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- vitest's own form; fields that are missing count as failures
    return JSON.parse(
      readFileSync(join(dirname(dirname(fileURLToPath(import.meta.url))), "test-results", "report.json"), "utf8"),
    ) as Report;
  } catch {
    return null;
  }
}

const report = read();
const passed = report?.numPassedTests ?? 0;
// A file that could not be loaded has no tests of its own to count.
const failed = report === null || passed === 0 ? 1 : report.numFailedTests || (report.numFailedTestSuites > 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);

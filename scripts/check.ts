// `npm run check`: format, types, lint, import rules, dead code. Each tool must have looked at something, else the check fails.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name: string): string => join(root, "node_modules", ".bin", name);

interface Ran {
  readonly status: number;
  /** Standard output alone. */
  readonly answer: string;
  /** Both, for people. */
  readonly output: string;
}

function run(command: string, args: readonly string[]): Ran {
  const ran = spawnSync(bin(command), args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  if (ran.error) throw ran.error;
  return { status: ran.status ?? 1, answer: ran.stdout, output: `${ran.stdout}${ran.stderr}` };
}

interface Verdict {
  readonly good: boolean;
  readonly looked: number;
  readonly output: string;
}

interface Check {
  readonly name: string;
  /** The least number of files or modules the tool must have looked at. */
  readonly floor: number;
  readonly look: () => Verdict;
}

/** Runs a tool that prints how many files it saw. */
function counting(command: string, args: readonly string[], count: RegExp): Verdict {
  const { status, output } = run(command, args);
  return { good: status === 0, looked: Number(count.exec(output)?.[1] ?? 0), output };
}

function types(project: string): Verdict {
  const files = run("tsc", ["-p", project, "--listFilesOnly"]).output.split("\n");
  const own = files.filter((file) => file.includes(root) && !file.includes("node_modules"));
  const { status, output } = run("tsc", ["-p", project]);
  return { good: status === 0, looked: own.length, output };
}

function importRules(): Verdict {
  const args = [
    "--config",
    ".dependency-cruiser.cjs",
    "crypto/src",
    "server/src",
    "client/src",
    "scripts",
    "test",
    "migrations",
  ];
  const { answer } = run("depcruise", [...args, "--output-type", "json"]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a form of the tool's own; without it the check fails
  const { summary } = JSON.parse(answer) as { summary: { totalCruised: number; error: number } };
  const words = summary.error > 0 ? run("depcruise", args).output : "";
  return { good: summary.error === 0, looked: summary.totalCruised, output: words };
}

const knip = ["--no-progress", "--reporter", "symbols", "--reporter", "./scripts/knip-count.mjs"];

const checks: readonly Check[] = [
  { name: "format", floor: 100, look: () => counting("oxfmt", ["--check", "."], /on (\d+) files/) },
  { name: "types: crypto", floor: 20, look: () => types("crypto/tsconfig.json") },
  { name: "types: server", floor: 20, look: () => types("server/tsconfig.json") },
  { name: "types: core", floor: 10, look: () => types("client/tsconfig.json") },
  { name: "types: browser", floor: 10, look: () => types("client/tsconfig.browser.json") },
  { name: "types: node", floor: 5, look: () => types("client/tsconfig.node.json") },
  { name: "types: tests and scripts", floor: 20, look: () => types("tsconfig.json") },
  { name: "types: tests of pages", floor: 20, look: () => types("tsconfig.dom.json") },
  { name: "lint", floor: 100, look: () => counting("oxlint", ["--type-aware", "--deny-warnings"], /on (\d+) files/) },
  { name: "import rules", floor: 100, look: importRules },
  { name: "dead code", floor: 20, look: () => counting("knip", knip, /looked at (\d+) files/) },
];

let failed = 0;
for (const { name, floor, look } of checks) {
  const started = performance.now();
  const { good, looked, output } = look();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const enough = looked >= floor;
  console.log(`${good && enough ? "ok  " : "FAIL"} ${name} (${looked} looked at, ${seconds} s)`);
  if (!good) console.log(output.trimEnd());
  if (!enough)
    console.log(`  ${name} looked at ${looked} files; fewer than ${floor} means that the tool did not do its work.`);
  if (!good || !enough) failed += 1;
}
if (failed > 0) {
  console.error(`${failed} of ${checks.length} checks failed.`);
  process.exit(1);
}

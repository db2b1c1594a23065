// `npm run check`: format, types, lint, import rules, dead code. Each tool must have looked at something, else the check fails.
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
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

function run(command: string, args: readonly string[]): Promise<Ran> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran>();
  execFile(bin(command), args, { cwd: root, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
    const status = error === null ? 0 : error.code;
    if (typeof status === "number") resolve({ status, answer: stdout, output: `${stdout}${stderr}` });
    else reject(error ?? new Error(`${command} did not run`));
  });
  return promise;
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
  readonly look: () => Promise<Verdict>;
}

/** Runs a tool that prints how many files it saw. */
async function counting(command: string, args: readonly string[], count: RegExp): Promise<Verdict> {
  const { status, output } = await run(command, args);
  return { good: status === 0, looked: Number(count.exec(output)?.[1] ?? 0), output };
}

async function types(project: string): Promise<Verdict> {
  const { status, output } = await run("tsc", ["-p", project, "--listFiles"]);
  const lines = output.split("\n");
  const own = new Set(lines.filter((line) => line.startsWith(root) && !line.includes("node_modules")));
  const words = lines.filter((line) => !isAbsolute(line)).join("\n");
  return { good: status === 0, looked: own.size, output: words };
}

async function importRules(): Promise<Verdict> {
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
  const { answer } = await run("depcruise", [...args, "--output-type", "json"]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a form of the tool's own; without it the check fails
  const { summary } = JSON.parse(answer) as { summary: { totalCruised: number; error: number } };
  const words = summary.error > 0 ? (await run("depcruise", args)).output : "";
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

interface Looked extends Verdict {
  readonly seconds: string;
}

async function lookAt({ look }: Check): Promise<Looked> {
  const started = performance.now();
  const verdict = await look();
  return { ...verdict, seconds: ((performance.now() - started) / 1000).toFixed(1) };
}

/** As many at once as there are cores, from the last one on, which take longest; told in the order above. */
const waiting = checks.map((check) => ({ check, done: Promise.withResolvers<Looked>() }));
const queue = waiting.toReversed();

async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift())
    await lookAt(next.check).then(next.done.resolve, next.done.reject);
}

for (let core = 0; core < availableParallelism(); core++) void work();

let failed = 0;
for (const {
  check: { name, floor },
  done,
} of waiting) {
  const { good, looked, output, seconds } = await done.promise;
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

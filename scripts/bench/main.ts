// `npm run bench [-- --only crypto,era,deliver,page,large-page,join] [--quick] [--json]`: figures, with what they were measured on.
import { parseArgs } from "node:util";
import { benchCrypto } from "./crypto.ts";
import { benchDeliver } from "./deliver.ts";
import { benchEra } from "./era.ts";
import { type Figure, inWords, load, machine, type Part } from "./figures.ts";
import { benchJoin } from "./join.ts";
import { benchPage } from "./page.ts";

const parts: Readonly<Record<string, Part>> = {
  crypto: benchCrypto,
  era: benchEra,
  deliver: benchDeliver,
  page: benchPage(1_000),
  "large-page": benchPage(100_000),
  join: benchJoin,
};

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const wanted = values.only?.split(",") ?? Object.keys(parts);
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  say(`there is no part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);
  process.exitCode = 2;
} else await measure();

async function measure(): Promise<void> {
  const size = values.quick ? "quick" : "full";
  const where = machine();
  print(Object.entries(where).map(([name, value]) => `  ${name}: ${value}`));
  const figures: Figure[] = [];
  for (const name of wanted) {
    const part = parts[name];
    if (part === undefined) continue;
    print(["", name]);
    const measured = await part(size, say);
    print(measured.map(inWords));
    figures.push(...measured);
  }
  const loadAfter = load();
  print(["", `  loadAfter: ${loadAfter}`]);
  const document = { machine: { ...where, loadAfter }, size, figures };
  if (values.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** With `--json` standard output holds the document and nothing else. */
function print(lines: readonly string[]): void {
  if (!values.json) process.stdout.write(`${lines.join("\n")}\n`);
}

function say(line: string): void {
  process.stderr.write(`unionhall: ${line}\n`);
}

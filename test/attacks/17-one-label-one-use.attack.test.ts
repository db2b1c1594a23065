import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bodyStructures } from "../../crypto/src/records/kinds.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where a label stands for one use: what a key is derived for, what a hash is of, what is signed or sealed. */
interface Use {
  readonly label: string;
  readonly place: string;
}

/** Labels that are put together, or handed on, where they are used: the word as it stands in the code, and what it can be. */
const putTogether: Readonly<Record<string, readonly string[]>> = {
  "crypto/src/primitives/box.ts `box-${purpose}`": ["era", "vault", "link-device", "guest", "desk"].map(
    (purpose) => `box-${purpose}`,
  ),
  "crypto/src/account/device-lock.ts purpose": ["lock-local-key", "lock-root"],
  "crypto/src/group/era-link.ts `link-${kind}`": ["link-chain", "link-content"],
  "crypto/src/group/era-link.ts `link-${kind}-nonce`": ["link-chain-nonce", "link-content-nonce"],
  "crypto/src/invites/link-keys.ts `invite-${purpose}`": [
    ...["id", "preview", "request", "box", "label", "desk", "desk-write"].map((purpose) => `invite-${purpose}`),
  ],
  "crypto/src/records/kinds.ts `record-${kind}`": Object.keys(bodyStructures).map((kind) => `record-${kind}`),
  "crypto/src/records/record-keys.ts `${half}-nonce`": ["stub-nonce", "body-nonce"],
};

/** The three that put `unionhall/v1/` before a purpose, and which argument the purpose is. */
const labelling = [
  [/(?<!function )\bstructure\(/g, 0],
  [/(?<!function )\blabelledHash\(/g, 0],
  [/(?<!function )\bderiveKey\(/g, 1],
] as const;

const files = globSync(["crypto/src/**/*.ts", "client/src/core/**/*.ts", "server/src/**/*.ts"], { cwd: root }).filter(
  (file) => !/\.test\.ts$|\/testing\//.test(file),
);

/** The code without its comments: they name labels too. */
function codeOf(file: string): string {
  return readFileSync(`${root}/${file}`, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
}

/** The argument with this number of a call whose first argument begins at `from`. */
function argumentOf(code: string, from: number, which: number): string {
  const found: string[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; depth >= 0 && at < code.length; at++) {
    const character = code[at] ?? "";
    if ("([{".includes(character)) depth++;
    if (")]}".includes(character)) depth--;
    if ((character === "," && depth === 0) || depth < 0) {
      found.push(code.slice(start, at).trim());
      start = at + 1;
    }
  }
  return found[which] ?? "";
}

function usesIn(file: string): readonly Use[] {
  const code = codeOf(file);
  const words = labelling.flatMap(([call, which]) =>
    [...code.matchAll(call)].map((match) => argumentOf(code, match.index + match[0].length, which)),
  );
  const whole = [...code.matchAll(/"unionhall\/v1\/([^"$]+)"/g)].map(([, label = ""]) => `"${label}"`);
  return [...words, ...whole].flatMap((word) => {
    const literal = /^"([a-z-]+)"$/.exec(word)?.[1];
    const labels = literal === undefined ? putTogether[`${file} ${word}`] : [literal];
    if (labels === undefined) throw new TypeError(`which labels are these? ${file} ${word}`);
    return labels.map((label) => ({ label, place: `${file} ${word}` }));
  });
}

test("attack 17: each label stands in one place, for one use", () => {
  const uses = files.flatMap(usesIn);
  expect(files.length).toBeGreaterThan(200);
  expect(uses.length).toBeGreaterThan(90);
  const twice = [...Map.groupBy(uses, ({ label }) => label)].filter(([, places]) => places.length > 1);
  expect(twice).toEqual([]);
  const places = new Set(uses.map(({ place }) => place));
  expect(Object.keys(putTogether).filter((place) => !places.has(place))).toEqual([]);
});

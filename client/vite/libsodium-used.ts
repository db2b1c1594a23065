import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const wrappers = /libsodium-wrappers-sumo\/dist\/modules-sumo-esm\/libsodium-wrappers\.mjs$/;

/** The one module that imports libsodium; what it names is what the product uses. */
const door = fileURLToPath(new URL("../../crypto/src/sodium.ts", import.meta.url));

const functionTable = /for\(var e=\[((?:"\w+",?)+)\],a=\[((?:[\w$]+,?)+)\]/;
const numberTable = /var n=\[((?:"\w+",?)+)\]/;

/** Names of libsodium's functions and constants that a source text reads from its default import. */
export function namesUsed(source: string): ReadonlySet<string> {
  return new Set([...source.matchAll(/\bsodium\.(crypto_\w+|randombytes_\w+)/g)].map(([, name = ""]) => name));
}

/** What the module calls by itself: it tries itself out before it says that it is ready. */
function namesTried(code: string): ReadonlySet<string> {
  return new Set([...code.matchAll(/\bt\.(crypto_\w+|randombytes_\w+)/g)].map(([, name = ""]) => name));
}

const names = (list: string): readonly string[] => [...list.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name);
const quoted = (list: readonly string[]): string => list.map((name) => `"${name}"`).join();

/**
 * Takes from libsodium's wrapper module the tables' entries that nobody uses, so that the bundler finds their functions dead and leaves
 * them out (about 20 KB on the wire). The functions that stay are not touched.
 *
 * @throws when the tables are not found, or a name that is used stands in none of them
 */
export function keepUsed(code: string, usedByUs: ReadonlySet<string>): string {
  const used = usedByUs.union(namesTried(code));
  const functions = functionTable.exec(code);
  const numbers = numberTable.exec(code);
  if (!functions?.[1] || !functions[2] || !numbers?.[1])
    throw new Error("libsodium's tables of functions were not found");
  const bindings = functions[2].split(",");
  const all = names(functions[1]);
  const kept = all.flatMap((name, index) => (used.has(name) ? [{ name, binding: bindings[index] ?? "" }] : []));
  const keptNumbers = names(numbers[1]).filter((name) => used.has(name));
  const found = new Set([...kept.map(({ name }) => name), ...keptNumbers]);
  const missing = [...used].filter((name) => !found.has(name));
  if (usedByUs.size === 0 || missing.length > 0 || all.length !== bindings.length)
    throw new Error(`libsodium's tables do not hold what is used: ${missing.join(", ")}`);
  return code
    .replace(
      functions[0],
      `for(var e=[${quoted(kept.map(({ name }) => name))}],a=[${kept.map(({ binding }) => binding).join()}]`,
    )
    .replace(numbers[0], `var n=[${quoted(keptNumbers)}]`);
}

export function libsodiumUsed(): Plugin {
  return {
    name: "unionhall:libsodium-used",
    enforce: "pre",
    apply: "build",
    async transform(code, id) {
      if (!wrappers.test(id)) return null;
      this.addWatchFile(door);
      return { code: keepUsed(code, namesUsed(await readFile(door, "utf8"))), map: null };
    },
  };
}

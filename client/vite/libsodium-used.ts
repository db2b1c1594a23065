import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const wrappers = /libsodium-wrappers-sumo\/dist\/modules-sumo-esm\/libsodium-wrappers\.mjs$/;
const loader = /libsodium-sumo\/dist\/modules-sumo-esm\/libsodium-sumo\.mjs$/;

/** The one module that imports libsodium; what it names is what the product uses. */
const door = fileURLToPath(new URL("../../crypto/src/sodium.ts", import.meta.url));

const functionTable = /for\(var e=\[((?:"\w+",?)+)\],a=\[((?:[\w$]+,?)+)\]/;
const exported = /\b\w+\.(_crypto_\w+)=\w+\.[\w$]+,/g;
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

interface Tables {
  /** The tables as they stand in the module. */
  readonly functions: string;
  readonly numbers: string;
  readonly keptFunctions: readonly { readonly name: string; readonly binding: string }[];
  readonly droppedBindings: ReadonlySet<string>;
  readonly keptNumbers: readonly string[];
}

/** @throws when the tables are not found, or a name that is used stands in none of them */
function tablesOf(code: string, usedByUs: ReadonlySet<string>): Tables {
  const used = usedByUs.union(namesTried(code));
  const functions = functionTable.exec(code);
  const numbers = numberTable.exec(code);
  if (!functions?.[1] || !functions[2] || !numbers?.[1])
    throw new Error("libsodium's tables of functions were not found");
  const bindings = functions[2].split(",");
  const all = names(functions[1]).map((name, index) => ({ name, binding: bindings[index] ?? "" }));
  const keptFunctions = all.filter(({ name }) => used.has(name));
  const keptNumbers = names(numbers[1]).filter((name) => used.has(name));
  const found = new Set([...keptFunctions.map(({ name }) => name), ...keptNumbers]);
  const missing = [...used].filter((name) => !found.has(name));
  if (usedByUs.size === 0 || missing.length > 0 || all.length !== bindings.length)
    throw new Error(`libsodium's tables do not hold what is used: ${missing.join(", ")}`);
  const dropped = all.filter(({ name }) => !used.has(name)).map(({ binding }) => binding);
  return {
    functions: functions[0],
    numbers: numbers[0],
    keptFunctions,
    droppedBindings: new Set(dropped),
    keptNumbers,
  };
}

/**
 * Takes from libsodium's wrapper module the tables' entries that nobody uses, so that the bundler finds their functions dead and leaves
 * them out (about 20 KB on the wire). The functions that stay are not touched.
 *
 * @throws when the tables are not found, or a name that is used stands in none of them
 */
export function keepUsed(code: string, usedByUs: ReadonlySet<string>): string {
  const { functions, numbers, keptFunctions, keptNumbers } = tablesOf(code, usedByUs);
  const kept = quoted(keptFunctions.map(({ name }) => name));
  const bindings = keptFunctions.map(({ binding }) => binding).join();
  return code
    .replace(functions, `for(var e=[${kept}],a=[${bindings}]`)
    .replace(numbers, `var n=[${quoted(keptNumbers)}]`);
}

/** The WASM's functions, by their names in libsodium's loader, that the wrapper module calls once it is cut by {@link keepUsed}. */
export function exportsCalled(code: string, usedByUs: ReadonlySet<string>): ReadonlySet<string> {
  const { droppedBindings, keptNumbers } = tablesOf(code, usedByUs);
  const kept = code.split(/(?=\bfunction [\w$]+\()/).filter((piece) => {
    const name = /^function ([\w$]+)/.exec(piece)?.[1];
    return name === undefined || !droppedBindings.has(name);
  });
  const called = [...kept.join("").matchAll(/\b\w+\.(_crypto_\w+)/g)].map(([, name = ""]) => name);
  return new Set([...called, ...keptNumbers.map((name) => `_${name.toLowerCase()}`)]);
}

/**
 * Takes from libsodium's loader the names of the WASM's functions that nobody calls (about 3 KB on the wire). What does not begin with
 * `_crypto_` stays.
 *
 * @throws when one that is called is not found
 */
export function keepExports(code: string, called: ReadonlySet<string>): string {
  const found = new Set<string>();
  const cut = code.replaceAll(exported, (whole, name: string) => {
    if (!called.has(name)) return "";
    found.add(name);
    return whole;
  });
  const missing = [...called.difference(found)];
  if (called.size === 0 || missing.length > 0)
    throw new Error(`libsodium's loader does not name what is called: ${missing.join(", ")}`);
  return cut;
}

/** For builds: cuts both of libsodium's modules to what the product uses. */
export function libsodiumUsed(): Plugin {
  return {
    name: "unionhall:libsodium-used",
    enforce: "pre",
    apply: "build",
    async transform(code, id) {
      if (!wrappers.test(id) && !loader.test(id)) return null;
      this.addWatchFile(door);
      const used = namesUsed(await readFile(door, "utf8"));
      if (wrappers.test(id)) return { code: keepUsed(code, used), map: null };
      const caller = await this.resolve("libsodium-wrappers-sumo", door);
      if (caller === null) throw new Error("libsodium's wrapper module was not found");
      const called = exportsCalled(await readFile(caller.id, "utf8"), used);
      return { code: keepExports(code, called), map: null };
    },
  };
}

/**
 * Frozen vectors: what our own code made from fixed seeds, kept in `src/vectors/<area>.json`, so that a change of
 * bytes is noticed. To write them anew after a deliberate change of the protocol:
 *
 *     UPDATE_VECTORS=1 npx vitest run crypto
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromHex, toHex } from "../primitives/bytes.ts";

const folder = new URL("../vectors/", import.meta.url);

/** The frozen bytes of one area, by name. */
export interface FrozenVectors {
  bytes(name: string): Uint8Array;
}

/**
 * Declares an area's vectors: one test for each, and one that the file holds no other names.
 *
 * @param area the file's name: `src/vectors/<area>.json`
 * @param vectors what is made, by name; everything from fixed seeds
 */
export function frozenVectors(area: string, vectors: Readonly<Record<string, () => Uint8Array>>): FrozenVectors {
  const file = new URL(`${area}.json`, folder);
  if (process.env["UPDATE_VECTORS"] === "1") write(file, vectors);
  const frozen = read(file);
  for (const [name, make] of Object.entries(vectors)) {
    test(`frozen vector, ${area}: ${name}`, () => {
      expect(toHex(make())).toBe(frozen.get(name));
    });
  }
  test(`frozen vectors, ${area}: the file holds these and no others`, () => {
    expect([...frozen.keys()]).toStrictEqual(Object.keys(vectors));
    expect(frozen.size).toBeGreaterThan(0);
  });
  return { bytes: (name) => fromHex(frozen.get(name) ?? "missing") };
}

function write(file: URL, vectors: Readonly<Record<string, () => Uint8Array>>): void {
  const made = Object.entries(vectors).map(([name, make]) => [name, toHex(make())] as const);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(made), null, 2)}\n`);
}

function read(file: URL): ReadonlyMap<string, string> {
  const json: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof json !== "object" || json === null) throw new TypeError("a vector file holds an object");
  return new Map(Object.entries(json).map(([name, hex]) => [name, String(hex)]));
}

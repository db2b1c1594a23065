import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { exportsCalled, keepExports, keepUsed, namesUsed } from "./libsodium-used.ts";
import { findInlineWasm } from "./libsodium-wasm.ts";

const installed = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)), "utf8");
const loader = "libsodium-sumo/dist/modules-sumo-esm/libsodium-sumo.mjs";
const wrappers = "libsodium-wrappers-sumo/dist/modules-sumo-esm/libsodium-wrappers.mjs";

test("the WASM in the installed libsodium is found whole", async () => {
  const code = await installed(loader);
  const { start, end, bytes } = findInlineWasm(code);
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]));
  expect(end - start).toBeGreaterThan(bytes.length);
  expect(code.slice(0, start) + code.slice(end)).not.toContain("AGFzbQ");
});

test("a libsodium without the known decoder stops the build", () => {
  expect(() => findInlineWasm('const wasm = load("libsodium.wasm");')).toThrow("no decoder");
});

test("of libsodium's wrappers those stay that the one door to it names", async () => {
  const door = await readFile(fileURLToPath(new URL("../../crypto/src/sodium.ts", import.meta.url)), "utf8");
  const used = namesUsed(door);
  expect(used.size).toBeGreaterThan(8);
  const kept = keepUsed(await installed(wrappers), used);
  for (const name of used) expect(kept).toContain(`"${name}"`);
  expect(kept).not.toContain('"crypto_scalarmult_ristretto255"');
});

test("of the WASM's functions the loader names those that the cut wrappers call", async () => {
  const door = await readFile(fileURLToPath(new URL("../../crypto/src/sodium.ts", import.meta.url)), "utf8");
  const code = await installed(loader);
  const called = exportsCalled(await installed(wrappers), namesUsed(door));
  const kept = keepExports(code, called);
  for (const name of [...called, "_sodium_init", "_randombytes_buf", "_malloc"]) expect(kept).toContain(`.${name}=`);
  expect(called).toContain("_crypto_pwhash_saltbytes");
  expect(called).toContain("_crypto_pwhash_opslimit_interactive");
  expect(kept).not.toContain("_crypto_scalarmult_ristretto255");
  expect(code.length - kept.length).toBeGreaterThan(20_000);
  expect(() => keepExports(code, new Set(["_crypto_made_up"]))).toThrow("_crypto_made_up");
  expect(() => keepExports(code, new Set())).toThrow("does not name");
});

test("a name that libsodium does not have, or tables that are not found, stop the build", async () => {
  const code = await installed(wrappers);
  expect(() => keepUsed(code, new Set(["crypto_made_up"]))).toThrow("crypto_made_up");
  expect(() => keepUsed(code, new Set())).toThrow("do not hold");
  expect(() => keepUsed("export default {}", new Set(["crypto_sign"]))).toThrow("not found");
});

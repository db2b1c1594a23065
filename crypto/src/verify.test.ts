import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The files that a module pulls in, itself among them; types leave no import behind. */
function closureOf(entry: URL, found = new Map<string, string>()): ReadonlyMap<string, string> {
  const path = fileURLToPath(entry);
  if (found.has(path)) return found;
  const source = readFileSync(entry, "utf8");
  found.set(path, source);
  for (const [, clause = "", from = ""] of source.matchAll(/^(?:import|export)\s([^;]*?)\sfrom\s"([^"]+)";/gmsu)) {
    if (!clause.startsWith("type ") && from.startsWith(".")) closureOf(new URL(from, entry), found);
  }
  return found;
}

const closure = closureOf(new URL("verify.ts", import.meta.url));
const names = [...closure.keys()].map((path) => path.replace(/^.*\/src\//u, ""));

test("what a server imports holds nothing that seals, opens, boxes, signs or derives keys", () => {
  const secret = ["seal", "box", "kdf", "sign", "label-key", "padding"].map((name) => `primitives/${name}.ts`);
  const secretAccount = ["root", "vault", "vault-key", "device-lock", "sign-statements"].map(
    (name) => `account/${name}.ts`,
  );
  expect(names.filter((name) => [...secret, ...secretAccount].includes(name))).toStrictEqual([]);
  expect(names).toContain("primitives/verify-signature.ts");
  expect(names.length).toBeGreaterThan(12);
});

test("of libsodium it uses the hash, the verifier and the comparison only", () => {
  const used = [...closure.values()].flatMap((source) =>
    [...source.matchAll(/import \{([^}]*)\} from "[^"]*sodium\.ts"/gu)].flatMap(([, imported = ""]) =>
      imported.split(",").map((name) => name.trim()),
    ),
  );
  expect([...new Set(used)].toSorted()).toStrictEqual(["blake2b", "ed25519Verify", "memcmp"]);
});

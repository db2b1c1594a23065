/** Four words that two people read to each other, to know that nobody stands between them (protocol section 2). */
import { labelledHash } from "../primitives/labelled-hash.ts";
import { argon2id, PWHASH_INTERACTIVE } from "../sodium.ts";
import { loadWords } from "./recovery-phrase.ts";

/** What is compared: a guest's request, a device that is linked, a person, a group. */
export type CheckPurpose = "join-request" | "link-device" | "person" | "group";

/**
 * Four words of the English list, whatever language either side uses: 44 bits of Argon2id (INTERACTIVE, a fixed salt
 * per purpose) over `hash` (32), the hash of both sides' keys and of what is compared. Slow on purpose: 44 bits alone
 * could be ground by a machine.
 */
export async function checkWords(purpose: CheckPurpose, hash: Uint8Array): Promise<readonly string[]> {
  const salt = labelledHash("check-words", purpose).slice(0, 16);
  const { passes, memoryBytes } = PWHASH_INTERACTIVE;
  const derived = argon2id(16, hash, salt, passes, memoryBytes);
  const words = await loadWords("en");
  const bits = derived.slice(0, 6).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) >> 4n;
  return [33n, 22n, 11n, 0n].map((shift) => words[Number((bits >> shift) & 2047n)] ?? "");
}

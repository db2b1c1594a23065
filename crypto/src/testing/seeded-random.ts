import { blake2b } from "../sodium.ts";
import { concat, type Random } from "../primitives/bytes.ts";
import { toUtf8 } from "../primitives/utf8.ts";

/** Randomness for tests: the same bytes for the same seed, in the order of the calls. */
export function seededRandom(seed: string): Random {
  let block = 0;
  let held = new Uint8Array();
  return (length) => {
    while (held.length < length) held = new Uint8Array(concat(held, blake2b(toUtf8(`${seed}/${block++}`), null)));
    const taken = held.slice(0, length);
    held = held.slice(length);
    return taken;
  };
}

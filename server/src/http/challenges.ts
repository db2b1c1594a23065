import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import { limits } from "../contract/limits.ts";
import type { Random } from "../random.ts";

/**
 * What clients sign to prove a key: to sign in, to get a group token, to read a mailbox. One kind for all, because every signature has a
 * label of its own.
 */
export interface Challenges {
  /** A new one: 32 bytes, good for 60 s, once. */
  issue(): Uint8Array;
  /** True exactly once for each that was issued and is not too old. Asked before the signature is looked at. */
  spend(challenge: Uint8Array): boolean;
}

const nonceBytes = 12;
const expiryBytes = 4;
const macBytes = 16;
const challengeBytes = nonceBytes + expiryBytes + macBytes;

/**
 * Nothing is kept of a challenge until it is spent, so that asking for many costs no memory:
 * `nonce (12) ‖ expiry in seconds (4) ‖ first 16 bytes of HMAC-SHA-256`, under a key that lives as long as the process.
 */
export function createChallenges({ clock, random }: { readonly clock: Clock; readonly random: Random }): Challenges {
  const key = random(32);
  const spent = new SpentChallenges();
  const macOf = (head: Uint8Array): Buffer => createHmac("sha256", key).update(head).digest().subarray(0, macBytes);
  const seconds = (): number => Math.floor(clock() / 1000);
  return {
    issue() {
      const head = Buffer.alloc(nonceBytes + expiryBytes);
      head.set(random(nonceBytes));
      head.writeUInt32BE(seconds() + limits.challengeSeconds, nonceBytes);
      return Buffer.concat([head, macOf(head)]);
    },
    spend(challenge) {
      if (challenge.length !== challengeBytes) return false;
      const bytes = Buffer.from(challenge);
      const head = bytes.subarray(0, nonceBytes + expiryBytes);
      if (!timingSafeEqual(bytes.subarray(nonceBytes + expiryBytes), macOf(head))) return false;
      const expiry = head.readUInt32BE(nonceBytes);
      return seconds() < expiry && spent.add(head.toString("base64url"), expiry, seconds());
    },
  };
}

/** Those spent in the last minute, by the second in which they expire. */
class SpentChallenges {
  readonly #byExpiry = new Map<number, Set<string>>();

  /** False when it was spent already. */
  add(challenge: string, expiry: number, now: number): boolean {
    for (const past of this.#byExpiry.keys()) if (past <= now) this.#byExpiry.delete(past);
    const sameExpiry = this.#byExpiry.get(expiry) ?? new Set();
    if (sameExpiry.has(challenge)) return false;
    this.#byExpiry.set(expiry, sameExpiry.add(challenge));
    return true;
  }
}

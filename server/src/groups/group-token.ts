import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import { groupLimits } from "../contract/group-limits.ts";
import type { Random } from "../random.ts";

/** What a group token says: its bearer has proved the pass of this era. */
export interface GroupToken {
  readonly era: number;
  /** Tells tokens apart for rate limits; stored nowhere. */
  readonly id: string;
}

/** Makes and checks group tokens (protocol section 5, Pass). They are kept nowhere: a token is good by itself, for 10 minutes. */
export interface GroupTokens {
  /** 32 bytes. */
  issue(groupId: Uint8Array, era: number): Uint8Array;
  /** Null when the token is not one of this process for this group, or its time is over. */
  check(groupId: Uint8Array, token: Uint8Array): GroupToken | null;
}

const eraBytes = 6;
const expiryBytes = 4;
const idBytes = 6;
const headBytes = eraBytes + expiryBytes + idBytes;
const macBytes = 16;

/**
 * `era (6) ‖ expiry in seconds (4) ‖ random (6) ‖ first 16 bytes of HMAC-SHA-256 over these and the group id`, under a key that lives as long
 * as the process: after a restart clients sign a new challenge.
 */
export function createGroupTokens({ clock, random }: { readonly clock: Clock; readonly random: Random }): GroupTokens {
  const key = random(32);
  const seconds = (): number => Math.floor(clock() / 1000);
  const macOf = (groupId: Uint8Array, head: Uint8Array): Buffer =>
    createHmac("sha256", key).update(groupId).update(head).digest().subarray(0, macBytes);
  return {
    issue(groupId, era) {
      const head = Buffer.alloc(headBytes);
      head.writeUIntBE(era, 0, eraBytes);
      head.writeUInt32BE(seconds() + groupLimits.tokenSeconds, eraBytes);
      head.set(random(idBytes), eraBytes + expiryBytes);
      return Buffer.concat([head, macOf(groupId, head)]);
    },
    check(groupId, token) {
      if (token.length !== headBytes + macBytes) return null;
      const bytes = Buffer.from(token);
      const head = bytes.subarray(0, headBytes);
      if (!timingSafeEqual(bytes.subarray(headBytes), macOf(groupId, head))) return null;
      if (head.readUInt32BE(eraBytes) <= seconds()) return null;
      return { era: head.readUIntBE(0, eraBytes), id: head.toString("base64url", eraBytes + expiryBytes) };
    },
  };
}

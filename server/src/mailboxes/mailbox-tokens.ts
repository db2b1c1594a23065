import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";

/** Tokens that read and empty one mailbox. */
export interface MailboxTokens {
  /** 32 bytes, good for {@link mailboxTokenSeconds}. */
  issue(mailboxId: Uint8Array): Uint8Array;
  isGood(token: Uint8Array, mailboxId: Uint8Array): boolean;
}

export const mailboxTokenSeconds = 600;

const expiryBytes = 6;

/** Nothing is kept of a token: `expiry in seconds (6) ‖ first 26 bytes of HMAC-SHA-256` under a key that lives as long as the process. */
export function createMailboxTokens({
  clock,
  random,
}: {
  readonly clock: Clock;
  readonly random: Random;
}): MailboxTokens {
  const key = random(32);
  const seconds = (): number => Math.floor(clock() / 1000);
  const tokenOf = (expiry: number, mailboxId: Uint8Array): Buffer => {
    const head = Buffer.alloc(expiryBytes);
    head.writeUIntBE(expiry, 0, expiryBytes);
    const mac = createHmac("sha256", key).update(head).update(mailboxId).digest();
    return Buffer.concat([head, mac.subarray(0, 32 - expiryBytes)]);
  };
  return {
    issue: (mailboxId) => tokenOf(seconds() + mailboxTokenSeconds, mailboxId),
    isGood(token, mailboxId) {
      if (token.length !== 32) return false;
      const expiry = Buffer.from(token).readUIntBE(0, expiryBytes);
      return timingSafeEqual(tokenOf(expiry, mailboxId), token) && seconds() < expiry;
    },
  };
}

import { labelledHash } from "../primitives/labelled-hash.ts";

/** Bytes of an account id. */
export const ACCOUNT_ID_BYTES = 16;

/**
 * The account's id: the first 16 bytes of the labelled hash of its identity public key (32). For display and
 * addressing only; signed structures carry the whole key (protocol section 3).
 */
export function accountIdOf(identityKey: Uint8Array): Uint8Array {
  return labelledHash("account-id", identityKey).slice(0, ACCOUNT_ID_BYTES);
}

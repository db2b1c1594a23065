import type { Random } from "../primitives/bytes.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { type SigningKeyPair, signingKeyPair, signToWire } from "../primitives/sign.ts";
import { type StewardOperation, stewardCommandStructure } from "./steward-command.ts";

/** A new steward key pair for one account in one group; its 32-byte seed goes into the vault. */
export function newStewardSeed(random: Random): Uint8Array {
  return random(32);
}

/**
 * The seed (32 bytes) of the steward key that an account gives itself in place of its former ones: `KDF(box secret key,
 * "steward-seed", group id, place)`. From the box key that every revocation brings, so that every device of the account
 * that is not revoked comes to the same, and none can lose it.
 *
 * @param boxSecretKey 32 bytes
 * @param groupId 32 bytes
 * @param place how many steward keys the account had in the group before
 */
export function stewardSeedAfter(boxSecretKey: Uint8Array, groupId: Uint8Array, place: number): Uint8Array {
  return deriveKey(boxSecretKey, "steward-seed", groupId, place);
}

/** The steward key pair of a seed of 32 bytes. @throws {KeyError} for another length */
export function stewardKeyPair(seed: Uint8Array): SigningKeyPair {
  return signingKeyPair(seed);
}

/** What a command says beside the key that signs it. `counter`: greater than that of this key's last command here. */
export interface StewardOrder {
  readonly origin: string;
  /** 32 bytes */
  readonly groupId: Uint8Array;
  readonly counter: number;
  readonly operation: StewardOperation;
}

/**
 * Signs a command to the server: `[payload, signature]`, at most 256 KiB and 72 bytes. `key`: public 32, secret 64.
 *
 * @throws {EncodingError} when a field of the order breaks its limits
 * @throws {KeyError} when the secret key is not 64 bytes
 */
export function signStewardCommand(order: StewardOrder, key: SigningKeyPair): Uint8Array {
  return signToWire(stewardCommandStructure, { stewardKey: key.publicKey, ...order }, key);
}

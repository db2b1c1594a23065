import type { Random } from "../primitives/bytes.ts";
import { type SigningKeyPair, signingKeyPair, signToWire } from "../primitives/sign.ts";
import { type StewardOperation, stewardCommandStructure } from "./steward-command.ts";

/** A new steward key pair for one account in one group; its 32-byte seed goes into the vault. */
export function newStewardSeed(random: Random): Uint8Array {
  return random(32);
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

/** Signs a command to the server: `[payload, signature]`. */
export function signStewardCommand(order: StewardOrder, key: SigningKeyPair): Uint8Array {
  return signToWire(stewardCommandStructure, { stewardKey: key.publicKey, ...order }, key);
}

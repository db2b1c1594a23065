import { type BoxKeyPair, boxKeyPair } from "../primitives/box.ts";
import type { Random } from "../primitives/bytes.ts";
import { KeyError } from "../primitives/errors.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { type SigningKeyPair, signingKeyPair } from "../primitives/sign.ts";
import { accountIdOf } from "./account-id.ts";

/** Bytes of a root: what 12 words hold. */
export const ROOT_BYTES = 16;

/** What an account's root gives (protocol section 3). */
export interface RootKeys {
  /** 16 bytes */
  readonly accountId: Uint8Array;
  /** Ed25519: certifies and revokes devices, and nothing else. */
  readonly identity: SigningKeyPair;
  /** X-Wing: the vault key is boxed to it, so that the words alone bring everything back. */
  readonly recovery: BoxKeyPair;
  /** Ed25519: signs in at the server while no device is left. */
  readonly signIn: SigningKeyPair;
}

/** A new root: 16 random bytes. */
export function newRoot(random: Random): Uint8Array {
  return random(ROOT_BYTES);
}

/** The same keys for the same root, for ever. @throws {KeyError} when the root is not 16 bytes */
export function rootKeys(root: Uint8Array): RootKeys {
  if (root.length !== ROOT_BYTES) throw new KeyError();
  const identity = signingKeyPair(deriveKey(root, "identity"));
  return {
    accountId: accountIdOf(identity.publicKey),
    identity,
    recovery: boxKeyPair(deriveKey(root, "recovery")),
    signIn: signingKeyPair(deriveKey(root, "sign-in-key")),
  };
}

import { x25519, x25519Base } from "../sodium.ts";
import { KeyError } from "./errors.ts";

/** An X25519 key pair, from which box labels are computed (protocol section 5). */
export interface LabelKeyPair {
  /** 32 bytes */
  readonly publicKey: Uint8Array;
  /** 32 bytes */
  readonly secretKey: Uint8Array;
}

/** The key pair of a secret of 32 bytes. @throws {KeyError} for another length */
export function labelKeyPair(secretKey: Uint8Array): LabelKeyPair {
  if (secretKey.length !== 32) throw new KeyError();
  return { publicKey: x25519Base(secretKey), secretKey };
}

/**
 * The X25519 secret (32 bytes) of one's own secret key (32) and another's public key (32).
 *
 * @throws {KeyError} on other lengths, and where the secret would be all zero (a key of low order)
 */
export function labelAgreement(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  if (secretKey.length !== 32 || publicKey.length !== 32) throw new KeyError();
  let secret: Uint8Array;
  try {
    secret = x25519(secretKey, publicKey);
  } catch {
    throw new KeyError();
  }
  if (secret.every((byte) => byte === 0)) throw new KeyError();
  return secret;
}

const TRIAL_SECRET = new Uint8Array(32).fill(0x75);

/** Whether labels can be computed with this key: a trial agreement with a fixed secret. Never throws. */
export function isUsableLabelKey(publicKey: Uint8Array): boolean {
  try {
    labelAgreement(TRIAL_SECRET, publicKey);
    return true;
  } catch {
    return false;
  }
}

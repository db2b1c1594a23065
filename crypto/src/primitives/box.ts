import { xwingDecapsulate, xwingEncapsulate, xwingKeyPair } from "../sodium.ts";
import { concat, type Random } from "./bytes.ts";
import { KeyError, OpenError } from "./errors.ts";
import { deriveKey } from "./kdf.ts";
import { open, seal, SEAL_NONCE_BYTES, SEAL_OVERHEAD_BYTES } from "./seal.ts";

/** What a box may carry (protocol section 2); no box of one purpose opens as one of another. */
export type BoxPurpose = "era" | "vault" | "link-device" | "guest" | "desk";

/** Bytes of an X-Wing public key. */
export const BOX_PUBLIC_KEY_BYTES = 1216;
/** Bytes of an X-Wing secret key, which is its seed. */
export const BOX_SECRET_KEY_BYTES = 32;
/** Bytes of an X-Wing ciphertext. */
export const KEM_CIPHERTEXT_BYTES = 1120;
/** Bytes by which a box is longer than its content. */
export const BOX_OVERHEAD_BYTES = KEM_CIPHERTEXT_BYTES + SEAL_OVERHEAD_BYTES;
/** Bytes of an encapsulation seed. */
export const ENCAPSULATION_SEED_BYTES = 64;

/** An X-Wing key pair. */
export interface BoxKeyPair {
  /** 1216 bytes */
  readonly publicKey: Uint8Array;
  /** 32 bytes */
  readonly secretKey: Uint8Array;
}

/** What makes a box unpredictable, or, derived from a shared key, the same for everybody who makes it. */
export interface BoxSeed {
  /** 64 bytes */
  readonly encapsulation: Uint8Array;
  /** 24 bytes */
  readonly nonce: Uint8Array;
}

/** The key pair of a seed of 32 bytes. @throws {KeyError} for another length */
export function boxKeyPair(seed: Uint8Array): BoxKeyPair {
  if (seed.length !== BOX_SECRET_KEY_BYTES) throw new KeyError();
  return xwingKeyPair(seed);
}

/** A fresh seed: 64 random bytes for the encapsulation, 24 for the nonce. */
export function randomBoxSeed(random: Random): BoxSeed {
  return { encapsulation: random(ENCAPSULATION_SEED_BYTES), nonce: random(SEAL_NONCE_BYTES) };
}

/**
 * Boxes `content` to one X-Wing key: `KEM ciphertext (1120) ‖ seal(KDF(shared secret, "box-<purpose>",
 * KEM ciphertext ‖ recipient key ‖ header), content, header)` (protocol section 2).
 *
 * @throws {KeyError} when the recipient's key is unusable or the seed has another length
 */
export function box(
  purpose: BoxPurpose,
  content: Uint8Array,
  header: Uint8Array,
  recipientKey: Uint8Array,
  seed: BoxSeed,
): Uint8Array {
  const { ciphertext, sharedSecret } = encapsulate(recipientKey, seed.encapsulation);
  const key = boxSealKey(purpose, sharedSecret, ciphertext, recipientKey, header);
  return concat(ciphertext, seal(content, header, key, seed.nonce));
}

/**
 * Opens what {@link box} made for this key pair.
 *
 * @throws {OpenError} `malformed` when shorter than 1192 bytes; `forged` when purpose, key, header or any byte differs
 * @throws {KeyError} when the key pair has other lengths
 */
export function unbox(purpose: BoxPurpose, boxed: Uint8Array, header: Uint8Array, key: BoxKeyPair): Uint8Array {
  if (key.secretKey.length !== BOX_SECRET_KEY_BYTES || key.publicKey.length !== BOX_PUBLIC_KEY_BYTES)
    throw new KeyError();
  if (boxed.length < BOX_OVERHEAD_BYTES) throw new OpenError("malformed");
  const ciphertext = boxed.subarray(0, KEM_CIPHERTEXT_BYTES);
  const sharedSecret = decapsulate(ciphertext, key.secretKey);
  const sealKey = boxSealKey(purpose, sharedSecret, ciphertext, key.publicKey, header);
  return open(boxed.subarray(KEM_CIPHERTEXT_BYTES), header, sealKey);
}

const TRIAL_SEED = new Uint8Array(ENCAPSULATION_SEED_BYTES).fill(0x75);

/**
 * Whether boxes can be made to this key: a trial encapsulation with a fixed seed, so that every client reaches the
 * same verdict (protocol section 5). False for a wrong length, unreduced coefficients, low order; never throws.
 */
export function isUsableBoxKey(publicKey: Uint8Array): boolean {
  try {
    encapsulate(publicKey, TRIAL_SEED);
    return true;
  } catch {
    return false;
  }
}

function encapsulate(
  publicKey: Uint8Array,
  seed: Uint8Array,
): { readonly ciphertext: Uint8Array; readonly sharedSecret: Uint8Array } {
  if (publicKey.length !== BOX_PUBLIC_KEY_BYTES || seed.length !== ENCAPSULATION_SEED_BYTES) throw new KeyError();
  try {
    return xwingEncapsulate(publicKey, seed);
  } catch {
    throw new KeyError();
  }
}

function decapsulate(ciphertext: Uint8Array, secretKey: Uint8Array): Uint8Array {
  try {
    return xwingDecapsulate(ciphertext, secretKey);
  } catch {
    throw new OpenError("forged");
  }
}

function boxSealKey(
  purpose: BoxPurpose,
  sharedSecret: Uint8Array,
  ciphertext: Uint8Array,
  recipientKey: Uint8Array,
  header: Uint8Array,
): Uint8Array {
  return deriveKey(sharedSecret, `box-${purpose}`, concat(ciphertext, recipientKey, header));
}

import { aeadOpen, aeadSeal, blake2b } from "../sodium.ts";
import { ascii, concat, equalBytes } from "./bytes.ts";
import { KeyError, OpenError } from "./errors.ts";

/** Bytes of a sealing key. */
export const SEAL_KEY_BYTES = 32;
/** Bytes of the nonce. */
export const SEAL_NONCE_BYTES = 24;
/** Bytes by which a sealed text is longer than its content: commitment 32, nonce 24, tag 16. */
export const SEAL_OVERHEAD_BYTES = 72;

const COMMITMENT_BYTES = 32;
const COMMIT = ascii("commit");

/**
 * Seals: `commitment (32) ‖ nonce (24) ‖ ciphertext (n) ‖ tag (16)`, XChaCha20-Poly1305-IETF with `header` as
 * additional data; commitment = BLAKE2b-256(key, "commit" ‖ nonce ‖ BLAKE2b-256(header)) (protocol section 2).
 * Without the commitment one ciphertext could be made that opens to two texts under two keys.
 *
 * The nonce (24) comes from the caller: random, or derived where everybody must get the same bytes. One key never
 * seals two different contents under one nonce.
 *
 * @throws {KeyError} when key or nonce have another length
 */
export function seal(plaintext: Uint8Array, header: Uint8Array, key: Uint8Array, nonce: Uint8Array): Uint8Array {
  if (key.length !== SEAL_KEY_BYTES || nonce.length !== SEAL_NONCE_BYTES) throw new KeyError();
  return concat(commitment(key, nonce, header), nonce, aeadSeal(plaintext, header, nonce, key));
}

/**
 * Opens what {@link seal} made.
 *
 * @throws {OpenError} `malformed` when shorter than 72 bytes; `forged` when key, header or any byte differs
 * @throws {KeyError} when the key is not 32 bytes
 */
export function open(sealed: Uint8Array, header: Uint8Array, key: Uint8Array): Uint8Array {
  if (key.length !== SEAL_KEY_BYTES) throw new KeyError();
  if (sealed.length < SEAL_OVERHEAD_BYTES) throw new OpenError("malformed");
  if (!isSealedWith(sealed, header, key)) throw new OpenError("forged");
  const nonce = nonceOf(sealed);
  try {
    return aeadOpen(sealed.subarray(COMMITMENT_BYTES + SEAL_NONCE_BYTES), header, nonce, key);
  } catch {
    throw new OpenError("forged");
  }
}

/**
 * Whether the commitment is that of this key (32 bytes) and header; never for less than 72 sealed bytes. It tells,
 * without opening, which of several sealed texts belongs to a key. The rest of the bytes may still be forged.
 */
export function isSealedWith(sealed: Uint8Array, header: Uint8Array, key: Uint8Array): boolean {
  if (sealed.length < SEAL_OVERHEAD_BYTES || key.length !== SEAL_KEY_BYTES) return false;
  return equalBytes(sealed.subarray(0, COMMITMENT_BYTES), commitment(key, nonceOf(sealed), header));
}

function nonceOf(sealed: Uint8Array): Uint8Array {
  return sealed.subarray(COMMITMENT_BYTES, COMMITMENT_BYTES + SEAL_NONCE_BYTES);
}

function commitment(key: Uint8Array, nonce: Uint8Array, header: Uint8Array): Uint8Array {
  return blake2b(concat(COMMIT, nonce, blake2b(header, null)), key);
}

import { ed25519Verify } from "../sodium.ts";

/** Bytes of an Ed25519 public key. */
export const SIGNING_PUBLIC_KEY_BYTES = 32;
/** Bytes of an Ed25519 signature. */
export const SIGNATURE_BYTES = 64;

/**
 * Whether `signature` (64) over `message` is by `publicKey` (32), as libsodium sees it: the one verifier of the
 * product (protocol section 2). False for any other length; never throws.
 */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== SIGNING_PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  return ed25519Verify(signature, message, publicKey);
}

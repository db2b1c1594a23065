/* oxlint-disable import/no-named-as-default-member -- the named exports are bound before the WebAssembly is ready */
/**
 * The only door to libsodium (protocol section 2). Everything in this package that
 * computes with keys goes through the functions named here, so that there is exactly one
 * Ed25519 verifier, one BLAKE2b and one AEAD in the product.
 *
 * Importing this module waits until the WebAssembly is ready.
 */
import sodium from "libsodium-wrappers-sumo";

await sodium.ready;

/** Argon2id's lowest allowed cost: 2 passes over 64 MiB. */
export const PWHASH_INTERACTIVE = {
  passes: sodium.crypto_pwhash_OPSLIMIT_INTERACTIVE,
  memoryBytes: sodium.crypto_pwhash_MEMLIMIT_INTERACTIVE,
} as const;

/** BLAKE2b with 32 bytes of output; `key` is null or 16 to 64 bytes. */
export function blake2b(message: Uint8Array, key: Uint8Array | null): Uint8Array {
  return sodium.crypto_generichash(32, message, key);
}

/** XChaCha20-Poly1305-IETF: ciphertext ‖ tag (16). `nonce` 24 bytes, `key` 32 bytes. */
export function aeadSeal(plaintext: Uint8Array, header: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, header, null, nonce, key);
}

/** Opens what {@link aeadSeal} made. @throws when anything differs */
export function aeadOpen(sealed: Uint8Array, header: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, header, nonce, key);
}

/** Ed25519 from a seed of 32 bytes: public key 32, secret key 64 (seed ‖ public key). */
export function ed25519KeyPair(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array } {
  const pair = sodium.crypto_sign_seed_keypair(seed);
  return { publicKey: pair.publicKey, secretKey: pair.privateKey };
}

/** Detached Ed25519 signature, 64 bytes. `secretKey` 64 bytes. */
export function ed25519Sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return sodium.crypto_sign_detached(message, secretKey);
}

/** @throws when the signature is not 64 bytes or the key not 32 */
export function ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return sodium.crypto_sign_verify_detached(signature, message, publicKey);
}

/** X-Wing from a seed of 32 bytes: public key 1216, secret key 32. */
export function xwingKeyPair(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array } {
  const pair = sodium.crypto_kem_xwing_seed_keypair(seed);
  return { publicKey: pair.publicKey, secretKey: pair.privateKey };
}

/** X-Wing encapsulation: ciphertext 1120, shared secret 32. `seed` 64 bytes. @throws on an unusable key */
export function xwingEncapsulate(
  publicKey: Uint8Array,
  seed: Uint8Array,
): { ciphertext: Uint8Array; sharedSecret: Uint8Array } {
  return sodium.crypto_kem_xwing_enc_deterministic(publicKey, seed);
}

/** X-Wing shared secret (32). A ciphertext for somebody else gives another secret, not an error. */
export function xwingDecapsulate(ciphertext: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return sodium.crypto_kem_xwing_dec(ciphertext, secretKey);
}

/** X25519 public key (32) of a secret scalar (32). */
export function x25519Base(secretKey: Uint8Array): Uint8Array {
  return sodium.crypto_scalarmult_base(secretKey);
}

/** X25519 shared point (32). @throws where the result is all zero */
export function x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return sodium.crypto_scalarmult(secretKey, publicKey);
}

/** Argon2id, version 1.3. `salt` 16 bytes, result `length` bytes. */
export function argon2id(
  length: number,
  passphrase: Uint8Array,
  salt: Uint8Array,
  passes: number,
  memoryBytes: number,
): Uint8Array {
  return sodium.crypto_pwhash(length, passphrase, salt, passes, memoryBytes, sodium.crypto_pwhash_ALG_ARGON2ID13);
}

/** Equality in constant time; both must have the same length. */
export function memcmp(a: Uint8Array, b: Uint8Array): boolean {
  return sodium.memcmp(a, b);
}

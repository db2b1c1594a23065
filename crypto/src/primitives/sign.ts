import { ed25519KeyPair, ed25519Sign } from "../sodium.ts";
import { encode, type Structure } from "./encoding.ts";
import { KeyError } from "./errors.ts";
import { encodeSigned, type Signed } from "./signed.ts";

/** An Ed25519 key pair. */
export interface SigningKeyPair {
  /** 32 bytes */
  readonly publicKey: Uint8Array;
  /** 64 bytes: seed ‖ public key */
  readonly secretKey: Uint8Array;
}

/** The key pair of a seed of 32 bytes. @throws {KeyError} for another length */
export function signingKeyPair(seed: Uint8Array): SigningKeyPair {
  if (seed.length !== 32) throw new KeyError();
  return ed25519KeyPair(seed);
}

/** Detached Ed25519 signature (64 bytes). @throws {KeyError} when the secret key is not 64 bytes */
export function sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  if (secretKey.length !== 64) throw new KeyError();
  return ed25519Sign(message, secretKey);
}

/**
 * Encodes and signs. The wire form is `encodeSigned` of the result.
 *
 * @throws {EncodingError} `wrong-shape`, or `too-large` over the structure's limit
 * @throws {KeyError} when the secret key is not 64 bytes
 */
export function signStructure<T>(definition: Structure<T>, value: T, key: SigningKeyPair): Signed<T> {
  const payload = encode(definition, value);
  return { value, payload, signature: sign(payload, key.secretKey) };
}

/** {@link signStructure} straight to its wire form; throws as it does. */
export function signToWire<T>(definition: Structure<T>, value: T, key: SigningKeyPair): Uint8Array {
  return encodeSigned(signStructure(definition, value, key));
}

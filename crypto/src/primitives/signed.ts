import { decode, decodeWithin, bytes, encodeWithin, type Structure, struct } from "./encoding.ts";
import { SignatureError } from "./errors.ts";
import { SIGNATURE_BYTES, verifySignature } from "./verify-signature.ts";

/** A structure and the signature over its bytes exactly as they stand. */
export interface Signed<T> {
  readonly value: T;
  /** The structure's encoding: what is signed. */
  readonly payload: Uint8Array;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

/** Bytes that `[payload, signature]` adds to a payload: array head 1, bytes head up to 5, signature 2 + 64. */
export const SIGNED_OVERHEAD_BYTES = 72;

const wireForm = struct({ payload: bytes({ max: 2 ** 31 }), signature: bytes(SIGNATURE_BYTES) });

/** The wire form: CBOR `[payload, signature]`. */
export function encodeSigned(signed: Pick<Signed<unknown>, "payload" | "signature">): Uint8Array {
  return encodeWithin(wireForm, signed, signed.payload.length + SIGNED_OVERHEAD_BYTES);
}

/**
 * Reads the wire form alone, for those who know by other means which key must have signed: the payload, at most
 * `maxBytes`, may be of a version that this program cannot read.
 *
 * @throws {EncodingError} as {@link decode}
 */
export function readSigned(wire: Uint8Array, maxBytes: number): Pick<Signed<unknown>, "payload" | "signature"> {
  return decodeWithin(wireForm, wire, maxBytes + SIGNED_OVERHEAD_BYTES);
}

/**
 * Reads the wire form (at most the structure's limit and 72 bytes) **without** judging the signature, for
 * those who learn only from the content which key to ask. {@link openSigned} is the usual way.
 *
 * @throws {EncodingError} as {@link decode}
 */
export function parseSigned<T>(definition: Structure<T>, wire: Uint8Array): Signed<T> {
  const { payload, signature } = readSigned(wire, definition.maxBytes);
  return { value: decode(definition, payload), payload, signature };
}

/** Whether the payload is signed by this key (32 bytes). */
export function isSignedBy(signed: Pick<Signed<unknown>, "payload" | "signature">, publicKey: Uint8Array): boolean {
  return verifySignature(publicKey, signed.payload, signed.signature);
}

/**
 * Reads the wire form (at most the structure's limit and 72 bytes) and verifies it under the key (32 bytes)
 * that its content (or the caller) names.
 *
 * @throws {EncodingError} as {@link decode}
 * @throws {SignatureError} when the signature is not by that key
 */
export function openSigned<T>(
  definition: Structure<T>,
  wire: Uint8Array,
  signerOf: (value: T) => Uint8Array,
): Signed<T> {
  const signed = parseSigned(definition, wire);
  if (!isSignedBy(signed, signerOf(signed.value))) throw new SignatureError();
  return signed;
}

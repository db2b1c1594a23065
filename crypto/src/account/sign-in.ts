/** Signing in: a random challenge of the server, signed by a device or, when recovering, by the sign-in key. */
import { bytes, encode, structure, text, type ValueOf } from "../primitives/encoding.ts";
import { verifySignature } from "../primitives/verify-signature.ts";
import { ACCOUNT_ID_BYTES } from "./account-id.ts";

/** Bytes of a sign-in challenge. */
export const CHALLENGE_BYTES = 32;

/** The origin stands in it, so that a false hall cannot use a signature at the true one (protocol section 3). */
export const signInStructure = structure("sign-in", 512, {
  /** As the browser writes it: scheme, host, and port where it is not the usual one. */
  origin: text({ minBytes: 1, maxBytes: 255 }),
  /** 32 bytes, the server's, used once. */
  challenge: bytes(CHALLENGE_BYTES),
  accountId: bytes(ACCOUNT_ID_BYTES),
});
export type SignIn = ValueOf<typeof signInStructure>;

/**
 * Whether `signature` (64) by `publicKey` (32) is over exactly this sign-in. The payload does not travel: the server
 * encodes what it expects. @throws {EncodingError} `wrong-shape` when a field of `signIn` breaks its limits
 */
export function verifySignIn(signIn: SignIn, publicKey: Uint8Array, signature: Uint8Array): boolean {
  return verifySignature(publicKey, encode(signInStructure, signIn), signature);
}

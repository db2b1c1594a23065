import { bytes, structure, text, uint, type ValueOf } from "../primitives/encoding.ts";
import { openSigned } from "../primitives/signed.ts";

/** Bytes of the nonce in a challenge. */
export const PASS_NONCE_BYTES = 32;

/** An origin as browsers write it: `https://hall.example`. */
export const originCodec = text({ minBytes: 8, maxBytes: 300 });

/**
 * What the server asks whoever wants a group token to sign with the group's pass (protocol sections 4 and 5):
 * CBOR `["unionhall/v1/pass-challenge", origin, group id (32), era, nonce (32)]`.
 */
export const passChallengeStructure = structure("pass-challenge", 512, {
  origin: originCodec,
  groupId: bytes(32),
  era: uint(),
  nonce: bytes(PASS_NONCE_BYTES),
});
export type PassChallenge = ValueOf<typeof passChallengeStructure>;

/**
 * The challenge in a signed answer (`[payload, signature]`), verified under the pass public key (32 bytes) that
 * the server holds for its era. Whether it is the challenge that was asked is for the caller to compare.
 *
 * @throws {EncodingError} when it is no such structure
 * @throws {SignatureError} when it is not signed by that pass
 */
export function verifyPassAnswer(answer: Uint8Array, passKey: Uint8Array): PassChallenge {
  return openSigned(passChallengeStructure, answer, () => passKey).value;
}

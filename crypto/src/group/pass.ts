import type { SigningKeyPair } from "../primitives/sign.ts";
import { signToWire } from "../primitives/sign.ts";
import { type PassChallenge, passChallengeStructure } from "./pass-challenge.ts";

/**
 * Answers the server's challenge (group id and nonce 32 bytes) with an era's pass (`EraKeys.pass`):
 * `[payload, signature]`.
 *
 * @throws {EncodingError} `wrong-shape` when a field of the challenge breaks its limits
 * @throws {KeyError} when the secret key is not 64 bytes
 */
export function signPassChallenge(challenge: PassChallenge, pass: SigningKeyPair): Uint8Array {
  return signToWire(passChallengeStructure, challenge, pass);
}

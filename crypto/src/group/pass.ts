import type { SigningKeyPair } from "../primitives/sign.ts";
import { signToWire } from "../primitives/sign.ts";
import { type PassChallenge, passChallengeStructure } from "./pass-challenge.ts";

/** Answers the server's challenge with an era's pass (`EraKeys.pass`): `[payload, signature]`. */
export function signPassChallenge(challenge: PassChallenge, pass: SigningKeyPair): Uint8Array {
  return signToWire(passChallengeStructure, challenge, pass);
}

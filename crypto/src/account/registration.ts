/** What makes an account on a hall's server, and what the server checks of it (protocol sections 3 and 4). */
import { equalBytes } from "../primitives/bytes.ts";
import { bytes, structure, text, type ValueOf } from "../primitives/encoding.ts";
import { EncodingError, SignatureError } from "../primitives/errors.ts";
import { openSigned } from "../primitives/signed.ts";
import { accountIdOf } from "./account-id.ts";
import { verifyBareStatement } from "./statements.ts";

/** Signed by the identity key: this is me, at this hall, with this sign-in key and this first device. */
export const registrationStructure = structure("registration", 2048, {
  /** As in a sign-in: one hall cannot register somebody at another. */
  origin: text({ minBytes: 1, maxBytes: 255 }),
  /** Ed25519, 32 bytes */
  identityKey: bytes(32),
  /** Ed25519, 32 bytes */
  signInKey: bytes(32),
  /** The first device's statement without its parts: CBOR `[payload, signature]`. */
  deviceStatement: bytes({ max: 584 }),
});
export type Registration = ValueOf<typeof registrationStructure>;

/** What the server keeps of a good registration. */
export interface RegisteredAccount {
  /** 16 bytes */
  readonly accountId: Uint8Array;
  readonly identityKey: Uint8Array;
  readonly signInKey: Uint8Array;
  /** The first device's signing key, 32 bytes. */
  readonly deviceKey: Uint8Array;
}

export type RegistrationRefusal =
  | "malformed"
  | "forged"
  /** Signed for another hall. */
  | "other-origin"
  /** The statement is not a good `device` statement of this identity key. */
  | "bad-device";
export type RegistrationVerdict =
  | { readonly kind: "registered"; readonly account: RegisteredAccount }
  | { readonly kind: "refused"; readonly reason: RegistrationRefusal };

/** Judges the wire form CBOR `[payload, signature]` that the first device sends. */
export function verifyRegistration(wire: Uint8Array, origin: string): RegistrationVerdict {
  const registration = openRegistration(wire);
  if (typeof registration === "string") return { kind: "refused", reason: registration };
  const { identityKey, signInKey, deviceStatement } = registration;
  if (registration.origin !== origin) return { kind: "refused", reason: "other-origin" };
  const verdict = verifyBareStatement(deviceStatement);
  if (verdict.kind === "refused") return { kind: "refused", reason: "bad-device" };
  const { statement } = verdict;
  if (statement.fact.kind !== "device" || !equalBytes(statement.identityKey, identityKey))
    return { kind: "refused", reason: "bad-device" };
  const account = { accountId: accountIdOf(identityKey), identityKey, signInKey, deviceKey: statement.fact.signingKey };
  return { kind: "registered", account };
}

function openRegistration(wire: Uint8Array): Registration | "malformed" | "forged" {
  try {
    return openSigned(registrationStructure, wire, ({ identityKey }) => identityKey).value;
  } catch (error) {
    if (error instanceof EncodingError) return "malformed";
    if (error instanceof SignatureError) return "forged";
    throw error;
  }
}

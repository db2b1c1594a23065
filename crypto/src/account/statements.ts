/**
 * Statements: facts about an account, signed by its identity key (protocol section 3).
 *
 * What is signed names keys and details by their hashes, and the hashed parts travel beside the signature, each
 * only where it is needed. So one signature serves everywhere, while
 *  - the server, and every record, carries some 250 bytes: which device key counts, which is revoked;
 *  - groups are told the account's box key, which the server never is;
 *  - a device's name and X-Wing key stay among the account's own devices.
 */
import { equalBytes } from "../primitives/bytes.ts";
import {
  bytes,
  day,
  encodeWithin,
  nullable,
  struct,
  structure,
  text,
  uint,
  type ValueOf,
  variant,
} from "../primitives/encoding.ts";
import { EncodingError, SignatureError } from "../primitives/errors.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { encodeSigned, openSigned, type Signed } from "../primitives/signed.ts";
import { SIGNATURE_BYTES } from "../primitives/verify-signature.ts";

/** The account's box key of one generation: era keys are boxed to it, its label key names the boxes. */
export const boxKeyForm = struct({
  /** Grows with each revocation and each recovery. */
  generation: uint({ max: 0xffff_ffff }),
  /** X-Wing, 1216 bytes */
  publicKey: bytes(1216),
  /** X25519, 32 bytes */
  labelKey: bytes(32),
});
export type BoxKey = ValueOf<typeof boxKeyForm>;

/** What only the account's own devices know of a device. */
export const deviceDetailsForm = struct({
  name: text({ maxBytes: 128 }),
  /** X-Wing, 1216 bytes: the vault key is boxed to it. */
  boxPublicKey: bytes(1216),
});
export type DeviceDetails = ValueOf<typeof deviceDetailsForm>;

const HASH_BYTES = 32;

/**
 * What is signed. `device` brings a box key where it is the account's first device or one made by recovery;
 * `revoke` always does: nobody can hand a revocation on and hold back the key that goes with it.
 */
export const statementStructure = structure("statement", 512, {
  /** Ed25519, 32 bytes: the account, and who signs. */
  identityKey: bytes(32),
  fact: variant({
    device: struct({
      /** Ed25519, 32 bytes */
      signingKey: bytes(32),
      detailsHash: bytes(HASH_BYTES),
      boxKeyHash: nullable(bytes(HASH_BYTES)),
      day: day(),
    }),
    revoke: struct({
      /** The signing key of the device that counts no more, 32 bytes. */
      signingKey: bytes(32),
      boxKeyHash: bytes(HASH_BYTES),
      day: day(),
    }),
  }),
});
export type StatementContent = ValueOf<typeof statementStructure>;
export type StatementFact = StatementContent["fact"];

/**
 * A statement as groups, vaults and requests carry it: `[payload, signature (64), box key?, device details?]`.
 * A field of larger structures. Reading it checks its form only; {@link verifyStatement} judges it.
 */
export const statementForm = struct({
  payload: bytes({ max: statementStructure.maxBytes }),
  signature: bytes(SIGNATURE_BYTES),
  boxKey: nullable(boxKeyForm),
  details: nullable(deviceDetailsForm),
});
export type StatementWire = ValueOf<typeof statementForm>;

/** The most statements that one account can have: 32 devices and 32 revocations. */
export const MAX_STATEMENTS = 64;

/** A statement, without its parts, that was found to be signed by the identity key it names. */
export interface BareStatement {
  readonly identityKey: Uint8Array;
  readonly fact: StatementFact;
  /** 32 bytes; the same for the same payload, whatever its signature. */
  readonly hash: Uint8Array;
}

/** A statement found good, with the parts that came with it: its box key, where it brings one, among them. */
export interface Statement extends BareStatement {
  /** As it travels. */
  readonly wire: StatementWire;
}

/**
 * Why a statement does not count: not of its form; not by the identity key it names; a part is missing or is not
 * the one that was signed.
 */
export type StatementRefusal = "malformed" | "forged" | "box-key-missing" | "wrong-part";
type Refused = { readonly kind: "refused"; readonly reason: StatementRefusal };
export type StatementVerdict = { readonly kind: "verified"; readonly statement: Statement } | Refused;
export type BareStatementVerdict = { readonly kind: "verified"; readonly statement: BareStatement } | Refused;

/** Judges a statement on its way into a group or a vault: where it names a box key, the key must be there. */
export function verifyStatement(wire: StatementWire): StatementVerdict {
  const verdict = verifyBareStatement(encodeSigned(wire));
  if (verdict.kind === "refused") return verdict;
  const { fact } = verdict.statement;
  if (wire.boxKey === null && fact.boxKeyHash !== null) return refused("box-key-missing");
  if (!matches(boxKeyHash, wire.boxKey, fact.boxKeyHash)) return refused("wrong-part");
  const detailsHash = fact.kind === "device" ? fact.detailsHash : null;
  if (!matches(deviceDetailsHash, wire.details, detailsHash)) return refused("wrong-part");
  return { kind: "verified", statement: { ...verdict.statement, wire } };
}

/**
 * Judges a statement without its parts, as the server and records carry it: CBOR `[payload, signature]`. Good for
 * which device keys count and which are revoked; it does not belong into an account's state.
 */
export function verifyBareStatement(bare: Uint8Array): BareStatementVerdict {
  try {
    const signed = openSigned(statementStructure, bare, ({ identityKey }) => identityKey);
    return { kind: "verified", statement: bareStatementOf(signed) };
  } catch (error) {
    if (error instanceof SignatureError) return refused("forged");
    if (error instanceof EncodingError) return refused("malformed");
    throw error;
  }
}

/** The form for the server and for records: CBOR `[payload, signature]`, at most 584 bytes. */
export function bareStatement(statement: Statement): Uint8Array {
  return encodeSigned(statement.wire);
}

/** The form for groups: with the box key, without the device's details. */
export function statementForGroups(statement: Statement): StatementWire {
  return { ...statement.wire, details: null };
}

/** A statement that was just signed, with its parts. */
export function statementOf(
  signed: Signed<StatementContent>,
  boxKey: BoxKey | null,
  details: DeviceDetails | null,
): Statement {
  const { payload, signature } = signed;
  return { ...bareStatementOf(signed), wire: { payload, signature, boxKey, details } };
}

function bareStatementOf({ value, payload }: Signed<StatementContent>): BareStatement {
  return { identityKey: value.identityKey, fact: value.fact, hash: labelledHash("statement-hash", payload) };
}

/** The hash by which a statement names a box key; at equal generations the greater one counts. */
export function boxKeyHash(boxKey: BoxKey): Uint8Array {
  return labelledHash("box-key", encodeWithin(boxKeyForm, boxKey, 2048));
}

/** The hash by which a statement names a device's details. The X-Wing key in it keeps the name from being guessed. */
export function deviceDetailsHash(details: DeviceDetails): Uint8Array {
  return labelledHash("device-details", encodeWithin(deviceDetailsForm, details, 2048));
}

/** A part that is absent matches; one that is there must be the one that was signed. */
function matches<T>(hashOf: (part: T) => Uint8Array, part: T | null, signed: Uint8Array | null): boolean {
  if (part === null) return true;
  return signed !== null && equalBytes(hashOf(part), signed);
}

function refused(reason: StatementRefusal): Refused {
  return { kind: "refused", reason };
}

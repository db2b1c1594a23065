import type { SigningKeyPair } from "../primitives/sign.ts";
import { signStructure } from "../primitives/sign.ts";
import {
  type BoxKey,
  boxKeyHash,
  type DeviceDetails,
  deviceDetailsHash,
  type Statement,
  type StatementFact,
  statementOf,
  statementStructure,
} from "./statements.ts";

/**
 * Certifies a device. `boxKey` for the account's first device and for a device made by recovery, which always bring
 * a new generation; null for a device that another one links (protocol section 3).
 */
export function signDeviceStatement(
  identity: SigningKeyPair,
  device: { readonly signingKey: Uint8Array; readonly details: DeviceDetails; readonly day: number },
  boxKey: BoxKey | null,
): Statement {
  const { signingKey, details, day } = device;
  const hash = boxKey === null ? null : boxKeyHash(boxKey);
  const fact = { kind: "device", signingKey, detailsHash: deviceDetailsHash(details), boxKeyHash: hash, day } as const;
  return signFact(identity, fact, boxKey, details);
}

/** Revokes a device for ever, and brings the box key of the next generation. */
export function signRevokeStatement(
  identity: SigningKeyPair,
  device: { readonly signingKey: Uint8Array; readonly day: number },
  boxKey: BoxKey,
): Statement {
  const { signingKey, day } = device;
  return signFact(identity, { kind: "revoke", signingKey, boxKeyHash: boxKeyHash(boxKey), day }, boxKey, null);
}

function signFact(
  identity: SigningKeyPair,
  fact: StatementFact,
  boxKey: BoxKey | null,
  details: DeviceDetails | null,
): Statement {
  const signed = signStructure(statementStructure, { identityKey: identity.publicKey, fact }, identity);
  return statementOf(signed, boxKey, details);
}

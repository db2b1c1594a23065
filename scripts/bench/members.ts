import { randomBytes } from "node:crypto";
import {
  type BoxKeyPair,
  boxKeyPair,
  type EntryAuthor,
  labelKeyPair,
  type Operation,
  signDeviceStatement,
  type SigningKeyPair,
  signingKeyPair,
  statementForGroups,
  type StatementWire,
} from "@unionhall/crypto";

/** Somebody with the keys that a group's chain asks for. */
export interface Person {
  readonly identity: SigningKeyPair;
  readonly device: SigningKeyPair;
  readonly boxKey: BoxKeyPair;
  readonly steward: SigningKeyPair;
  readonly statement: StatementWire;
}

export const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

const day = 20_000;

export function newPerson(): Person {
  const identity = signingKeyPair(random(32));
  const device = signingKeyPair(random(32));
  const boxKey = boxKeyPair(random(32));
  const statement = signDeviceStatement(
    identity,
    { signingKey: device.publicKey, details: { name: "", boxPublicKey: boxKey.publicKey }, day },
    { generation: 0, publicKey: boxKey.publicKey, labelKey: labelKeyPair(random(32)).publicKey },
  );
  return {
    identity,
    device,
    boxKey,
    steward: signingKeyPair(random(32)),
    statement: statementForGroups(statement),
  };
}

export function authorOf({ identity, device, statement }: Person): EntryAuthor {
  return { identityKey: identity.publicKey, device, statements: [statement] };
}

export function admission({ identity, statement, steward }: Person): Operation {
  return {
    kind: "admit",
    identityKey: identity.publicKey,
    statements: [statement],
    stewardKey: steward.publicKey,
    role: "member",
    invite: null,
    request: null,
  };
}

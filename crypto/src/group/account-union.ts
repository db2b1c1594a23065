/** An account's statements inside a group: their union, and since which entry each of its facts holds. */
import { type AccountState, addStatements, emptyAccount } from "../account/account-state.ts";
import {
  boxKeyHash,
  type Statement,
  statementOf,
  statementStructure,
  type StatementWire,
  verifyStatement,
} from "../account/statements.ts";
import { statementsOf } from "../account/account-state.ts";
import { compareBytes, fromHex, toHex } from "../primitives/bytes.ts";
import { parseSigned, encodeSigned } from "../primitives/signed.ts";
import type { GroupAccount, GroupBoxKey, GroupDevice } from "./group-state.ts";
import type { AccountFault } from "./refusals.ts";
import { sameBytes } from "./same-bytes.ts";

export type Union =
  | { readonly kind: "union"; readonly account: AccountState }
  | { readonly kind: "fault"; readonly reason: AccountFault };

/** The account with these statements added, all or none, each verified under its identity key. */
export function addVerified(account: AccountState, wires: readonly StatementWire[]): Union {
  const statements: Statement[] = [];
  for (const wire of wires) {
    const verdict = verifyStatement(wire);
    if (verdict.kind === "refused") return { kind: "fault", reason: "statement-invalid" };
    statements.push(verdict.statement);
  }
  const update = addStatements(account, statements);
  if (update.kind === "updated") return { kind: "union", account: update.account };
  return { kind: "fault", reason: update.reason === "other-account" ? "statement-invalid" : update.reason };
}

const remembered = new WeakMap<readonly StatementWire[], AccountState>();

/** What the chain carried of an account, as {@link AccountState}. Nothing is verified again: it was when it came in. */
export function knownOf(account: GroupAccount): AccountState {
  const known = remembered.get(account.statements) ?? rebuilt(account);
  remembered.set(account.statements, known);
  return known;
}

function rebuilt({ identityKey, statements }: GroupAccount): AccountState {
  const update = addStatements(
    emptyAccount(identityKey),
    statements.map((wire) =>
      statementOf(parseSigned(statementStructure, encodeSigned(wire)), wire.boxKey, wire.details),
    ),
  );
  if (update.kind === "refused") throw new RangeError("a group state holds statements that could not have counted");
  return update.account;
}

/** The statements, devices and box keys of `known` after the entry `index`, keeping since when the former ones hold. */
export function withKnown(account: GroupAccount, known: AccountState, index: number): GroupAccount {
  if (known === remembered.get(account.statements)) return account;
  const statements = statementsOf(known);
  remembered.set(statements, known);
  return {
    ...account,
    statements,
    devices: devicesAt(account.devices, known, index),
    boxKeys: boxKeysAt(account.boxKeys, known, index),
  };
}

function devicesAt(before: readonly GroupDevice[], known: AccountState, index: number): readonly GroupDevice[] {
  const keys = new Set([...known.devices.keys(), ...known.revoked]);
  return [...keys]
    .map((hex) => {
      const key = fromHex(hex);
      const former = before.find((device) => sameBytes(device.key, key));
      return {
        key,
        certifiedAt: former?.certifiedAt ?? (known.devices.has(hex) ? index : null),
        revokedAt: former?.revokedAt ?? (known.revoked.has(hex) ? index : null),
      };
    })
    .toSorted((a, b) => compareBytes(a.key, b.key));
}

function boxKeysAt(before: readonly GroupBoxKey[], known: AccountState, index: number): readonly GroupBoxKey[] {
  const { boxKey } = known;
  const current = before.at(-1);
  if (boxKey === null || (current !== undefined && sameBytes(boxKeyHash(boxKey), boxKeyHash(current.boxKey))))
    return before;
  // Two changes in one entry: only what holds after the whole entry counts.
  return [...before.filter(({ since }) => since !== index), { since: index, boxKey }];
}

/** The signing keys that are revoked in `after` and were not in `before`. */
export function newlyRevoked(before: AccountState, after: AccountState): readonly Uint8Array[] {
  return [...after.revoked].filter((hex) => !before.revoked.has(hex)).map((hex) => fromHex(hex));
}

/** Whether a device (signing key, 32 bytes) is revoked. */
export function isRevoked(account: AccountState, signingKey: Uint8Array): boolean {
  return account.revoked.has(toHex(signingKey));
}

/** Whether a device (signing key, 32 bytes) is certified, revoked or not. */
export function isCertified(account: AccountState, signingKey: Uint8Array): boolean {
  return account.devices.has(toHex(signingKey));
}

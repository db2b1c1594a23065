/**
 * What is known of an account: the union of its statements (protocol section 3). Pure; the order in which
 * statements come in does not matter as long as none is refused, and one that is already known changes nothing.
 */
import { isUsableBoxKey } from "../primitives/box.ts";
import { compareBytes, equalBytes, toHex } from "../primitives/bytes.ts";
import { isUsableLabelKey } from "../primitives/label-key.ts";
import {
  type BoxKey,
  boxKeyHash,
  type DeviceDetails,
  type Statement,
  statementForm,
  type StatementWire,
} from "./statements.ts";
import { encodeWithin } from "../primitives/encoding.ts";

/** The most devices, the most revocations and the most box keys that an account may have. */
export const MAX_PER_ACCOUNT = 32;

export interface Device {
  /** Ed25519, 32 bytes */
  readonly signingKey: Uint8Array;
  readonly day: number;
  readonly revoked: boolean;
  /** Known to the account's own devices only. */
  readonly details: DeviceDetails | null;
}

/** Keys of maps are lower-case hexadecimal. */
export interface AccountState {
  readonly identityKey: Uint8Array;
  /** By statement hash. */
  readonly statements: ReadonlyMap<string, Statement>;
  /** By signing key; revoked ones too. */
  readonly devices: ReadonlyMap<string, Device>;
  /** The signing keys that were revoked, also of devices not known (yet). */
  readonly revoked: ReadonlySet<string>;
  /** By {@link boxKeyHash}. */
  readonly boxKeys: ReadonlyMap<string, BoxKey>;
  /** The one that counts; null while no statement brought one. */
  readonly boxKey: BoxKey | null;
}

export type AccountRefusal =
  /** A statement of another identity key. */
  | "other-account"
  /** A box key, label key or device key to which nothing can be boxed. */
  | "unusable-key"
  | "too-many-devices"
  | "too-many-revocations"
  | "too-many-box-keys";

export type AccountUpdate =
  | { readonly kind: "updated"; readonly account: AccountState; readonly changed: boolean }
  | { readonly kind: "refused"; readonly reason: AccountRefusal };

/** An account of which no statement is known. */
export function emptyAccount(identityKey: Uint8Array): AccountState {
  return stateOf(identityKey, new Map());
}

/**
 * Adds statements, all or none. They must come from `verifyStatement`.
 * What refuses any of them refuses all: the caller keeps the state it had.
 */
export function addStatements(account: AccountState, added: readonly Statement[]): AccountUpdate {
  const statements = new Map(account.statements);
  let changed = false;
  for (const statement of added) {
    if (!equalBytes(statement.identityKey, account.identityKey)) return { kind: "refused", reason: "other-account" };
    const key = toHex(statement.hash);
    const known = statements.get(key);
    const merged = known === undefined ? statement : mergeCopies(known, statement);
    if (merged === known) continue;
    if (!hasUsableKeys(merged)) return { kind: "refused", reason: "unusable-key" };
    statements.set(key, merged);
    changed = true;
  }
  if (!changed) return { kind: "updated", account, changed };
  const next = stateOf(account.identityKey, statements);
  const reason = overLimit(next);
  return reason === null ? { kind: "updated", account: next, changed } : { kind: "refused", reason };
}

/** Whether this device may act for the account: certified and not revoked. `signingKey` 32 bytes. */
export function isLiveDevice(account: AccountState, signingKey: Uint8Array): boolean {
  const device = account.devices.get(toHex(signingKey));
  return device !== undefined && !device.revoked;
}

/** The devices that count, in the order of their signing keys. */
export function liveDevices(account: AccountState): readonly Device[] {
  return [...account.devices.values()]
    .filter((device) => !device.revoked)
    .toSorted((a, b) => compareBytes(a.signingKey, b.signingKey));
}

/** The generation that the next revocation or recovery brings. */
export function nextGeneration(account: AccountState): number {
  return account.boxKey === null ? 0 : account.boxKey.generation + 1;
}

/** Every statement as it travels, in the order of their hashes. */
export function statementsOf(account: AccountState): readonly StatementWire[] {
  return [...account.statements.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { wire }]) => wire);
}

function hasUsableKeys({ wire: { boxKey, details } }: Statement): boolean {
  if (boxKey !== null && !(isUsableBoxKey(boxKey.publicKey) && isUsableLabelKey(boxKey.labelKey))) return false;
  return details === null || isUsableBoxKey(details.boxPublicKey);
}

/** Two copies of one payload: the parts that either has, and of two signatures the lesser, whoever came first. */
function mergeCopies(known: Statement, other: Statement): Statement {
  const signature =
    compareBytes(known.wire.signature, other.wire.signature) <= 0 ? known.wire.signature : other.wire.signature;
  const wire = {
    payload: known.wire.payload,
    signature,
    boxKey: known.wire.boxKey ?? other.wire.boxKey,
    details: known.wire.details ?? other.wire.details,
  };
  return equalBytes(encoded(wire), encoded(known.wire)) ? known : { ...known, wire };
}

function encoded(wire: StatementWire): Uint8Array {
  return encodeWithin(statementForm, wire, 8192);
}

function stateOf(identityKey: Uint8Array, statements: ReadonlyMap<string, Statement>): AccountState {
  const revoked = new Set<string>();
  const boxKeys = new Map<string, BoxKey>();
  for (const { fact, wire } of statements.values()) {
    if (fact.kind === "revoke") revoked.add(toHex(fact.signingKey));
    if (wire.boxKey !== null) boxKeys.set(toHex(boxKeyHash(wire.boxKey)), wire.boxKey);
  }
  return {
    identityKey,
    statements,
    devices: devicesOf(statements, revoked),
    revoked,
    boxKeys,
    boxKey: highest(boxKeys),
  };
}

/** Of two statements about one device the one with the greater hash gives its day and details. */
function devicesOf(
  statements: ReadonlyMap<string, Statement>,
  revoked: ReadonlySet<string>,
): ReadonlyMap<string, Device> {
  const devices = new Map<string, Device>();
  for (const [, { fact, wire }] of [...statements].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (fact.kind !== "device") continue;
    const key = toHex(fact.signingKey);
    const { signingKey, day } = fact;
    devices.set(key, { signingKey, day, revoked: revoked.has(key), details: wire.details });
  }
  return devices;
}

/** The highest generation; at a tie the greater hash. */
function highest(boxKeys: ReadonlyMap<string, BoxKey>): BoxKey | null {
  const [first] = [...boxKeys].toSorted(
    ([hashA, a], [hashB, b]) => b.generation - a.generation || (hashA < hashB ? 1 : -1),
  );
  return first === undefined ? null : first[1];
}

function overLimit(account: AccountState): AccountRefusal | null {
  const kinds = [...account.statements.values()].map(({ fact }) => fact.kind);
  if (kinds.filter((kind) => kind === "device").length > MAX_PER_ACCOUNT) return "too-many-devices";
  if (kinds.filter((kind) => kind === "revoke").length > MAX_PER_ACCOUNT) return "too-many-revocations";
  return account.boxKeys.size > MAX_PER_ACCOUNT ? "too-many-box-keys" : null;
}

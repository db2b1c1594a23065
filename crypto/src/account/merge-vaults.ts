/**
 * Two devices wrote at once: what holds of both (protocol section 3). Pure; the same for every order and grouping of
 * the same vaults, and a vault merged with itself stays as it is.
 */
import { compareBytes, toHex } from "../primitives/bytes.ts";
import { encodeData } from "../primitives/cbor.ts";
import type { Codec, Data } from "../primitives/encoding.ts";
import { type AccountRefusal, type AccountState, addStatements, emptyAccount, statementsOf } from "./account-state.ts";
import { type Statement, type StatementRefusal, verifyStatement } from "./statements.ts";
import {
  boxSecretsForm,
  pendingJoinForm,
  settingForm,
  type VaultContent,
  type VaultGroup,
  vaultGroupForm,
  vaultInviteForm,
  type VaultProfile,
  vaultProfileForm,
} from "./vault-content.ts";

export type VaultMerge =
  | { readonly kind: "merged"; readonly content: VaultContent; readonly account: AccountState }
  | { readonly kind: "refused"; readonly reason: AccountRefusal | StatementRefusal };

/**
 * Statements, box secrets, invites, joins: the union. Groups: the highest era; everything else as last changed.
 * Refused where the statements are not this account's, or their union is over a limit.
 */
export function mergeVaults(identityKey: Uint8Array, a: VaultContent, b: VaultContent): VaultMerge {
  const verified = verifyAll([...a.statements, ...b.statements]);
  if (!Array.isArray(verified)) return { kind: "refused", reason: verified };
  const update = addStatements(emptyAccount(identityKey), verified);
  if (update.kind === "refused") return update;
  const content: VaultContent = {
    statements: statementsOf(update.account),
    boxSecrets: union(a.boxSecrets, b.boxSecrets, bytesOf(boxSecretsForm), (one) => one),
    groups: union(a.groups, b.groups, ({ groupId }) => toHex(groupId), mergeGroups),
    invites: union(a.invites, b.invites, ({ secret }) => toHex(secret), later(vaultInviteForm)),
    pendingJoins: union(a.pendingJoins, b.pendingJoins, ({ secret }) => toHex(secret), later(pendingJoinForm)),
    profile: mergeProfiles(a.profile, b.profile),
    settings: union(a.settings, b.settings, ({ name }) => name, later(settingForm)),
    extra: union(
      a.extra,
      b.extra,
      ({ name }) => name,
      (one, other) => greater(encodeExtra, one, other),
    ),
  };
  return { kind: "merged", content, account: update.account };
}

/** The verified statements, or why one of them is not good. */
export function verifyAll(wires: VaultContent["statements"]): Statement[] | StatementRefusal {
  const statements: Statement[] = [];
  for (const wire of wires) {
    const verdict = verifyStatement(wire);
    if (verdict.kind === "refused") return verdict.reason;
    statements.push(verdict.statement);
  }
  return statements;
}

/** The key of the highest era; the rest as last changed. */
function mergeGroups(a: VaultGroup, b: VaultGroup): VaultGroup {
  const newest = a.era !== b.era ? (a.era > b.era ? a : b) : compareBytes(a.eraKey, b.eraKey) >= 0 ? a : b;
  return { ...later(vaultGroupForm)(withoutEra(a), withoutEra(b)), era: newest.era, eraKey: newest.eraKey };
}

function withoutEra(group: VaultGroup): VaultGroup {
  return { ...group, era: 0, eraKey: new Uint8Array(32) };
}

function mergeProfiles(a: VaultProfile | null, b: VaultProfile | null): VaultProfile | null {
  if (a === null || b === null) return a ?? b;
  return later(vaultProfileForm)(a, b);
}

/** The one changed later; at a tie the one with the greater encoding. */
function later<T extends { readonly changed: number }>(codec: Codec<T>): (a: T, b: T) => T {
  return (a, b) =>
    a.changed === b.changed ? greater((value) => encodeData(codec.toData(value)), a, b) : a.changed > b.changed ? a : b;
}

function greater<T>(encode: (value: T) => Uint8Array, a: T, b: T): T {
  return compareBytes(encode(a), encode(b)) >= 0 ? a : b;
}

function encodeExtra({ name, value }: { readonly name: string; readonly value: Data }): Uint8Array {
  return encodeData([name, value]);
}

function bytesOf<T>(codec: Codec<T>): (value: T) => string {
  return (value) => toHex(encodeData(codec.toData(value)));
}

function union<T>(
  a: readonly T[],
  b: readonly T[],
  keyOf: (item: T) => string,
  merge: (one: T, other: T) => T,
): readonly T[] {
  const items = new Map<string, T>();
  for (const item of [...a, ...b]) {
    const known = items.get(keyOf(item));
    items.set(keyOf(item), known === undefined ? item : merge(known, item));
  }
  return [...items.entries()].toSorted(([x], [y]) => (x < y ? -1 : 1)).map(([, item]) => item);
}

/**
 * Who stood where at which head (protocol sections 5 and 6): what judging a record asks. A head is the index of the
 * last chain item that the record's author had processed; what an entry changes holds from its own index on.
 */
import { sameBytes } from "./same-bytes.ts";
import { accountOf, type GroupEra, type GroupState, type Interval } from "./group-state.ts";
import type { LastWords, Role, WordsHead } from "./operations.ts";

function holdsAt({ from, until }: Interval, headIndex: number): boolean {
  return from <= headIndex && (until === null || until > headIndex);
}

/** The role of an account (identity key, 32 bytes) at a head; null where it was not in. */
export function standingAt(state: GroupState, identityKey: Uint8Array, headIndex: number): Role | null {
  const account = accountOf(state, identityKey);
  if (account === undefined || !account.stays.some((stay) => holdsAt(stay, headIndex))) return null;
  return account.facilitations.some((time) => holdsAt(time, headIndex)) ? "facilitator" : "member";
}

/** Whether an account (identity key, 32 bytes) was a facilitator at a head. */
export function facilitatorAt(state: GroupState, identityKey: Uint8Array, headIndex: number): boolean {
  return standingAt(state, identityKey, headIndex) === "facilitator";
}

/**
 * What the chain says of a device (signing key, 32 bytes) of an account at a head. `uncertified`: no statement in
 * the chain certifies it, so it lives only if the record brings one that does. `revoked`: nothing helps it.
 */
export type DeviceStanding = "live" | "revoked" | "uncertified";

/** {@link DeviceStanding} of a device (signing key, 32 bytes) of an account (identity key, 32 bytes) at a head. */
export function deviceAt(
  state: GroupState,
  identityKey: Uint8Array,
  device: Uint8Array,
  headIndex: number,
): DeviceStanding {
  const known = accountOf(state, identityKey)?.devices.find(({ key }) => sameBytes(key, device));
  if (known === undefined) return "uncertified";
  if (known.revokedAt !== null && known.revokedAt <= headIndex) return "revoked";
  return known.certifiedAt === null ? "uncertified" : "live";
}

/** Identity keys of the accounts that certify this device (signing key, 32 bytes) in the chain, revoked or not. */
export function accountsOfDevice(state: GroupState, device: Uint8Array): readonly Uint8Array[] {
  return [...state.accounts.values()]
    .filter(({ devices }) => devices.some(({ key, certifiedAt }) => certifiedAt !== null && sameBytes(key, device)))
    .map(({ identityKey }) => identityKey);
}

/**
 * Whether a device was live at a head: certified by a statement that the chain or the record carries, and not
 * revoked in the chain at that head. `certifiedByRecord`: the record brings a verified `device` statement for it,
 * signed by this very identity key.
 */
export function deviceLiveAt(
  state: GroupState,
  identityKey: Uint8Array,
  device: Uint8Array,
  headIndex: number,
  certifiedByRecord: boolean,
): boolean {
  const standing = deviceAt(state, identityKey, device, headIndex);
  return standing === "live" || (standing === "uncertified" && certifiedByRecord);
}

/** Last words that bind a device's records with a given head. Every set of them must be satisfied. */
export interface WordsFor {
  /** The entry that carries them; they bind records whose head is below it. */
  readonly index: number;
  /** `role`: only acts that needed the facilitator's role. */
  readonly binds: "all" | "role";
  /** A record counts if a chain of hashes from any of these leads to it. Empty: the device has written nothing. */
  readonly heads: readonly WordsHead[];
}

/** The last words that bind records by this device of this account whose head is `headIndex`, oldest first. */
export function lastWordsFor(
  state: GroupState,
  identityKey: Uint8Array,
  device: Uint8Array,
  headIndex: number,
): readonly WordsFor[] {
  const binding = accountOf(state, identityKey)?.lastWords ?? [];
  return binding
    .filter(({ index }) => headIndex < index)
    .filter(({ devices }) => devices === null || devices.some((affected) => sameBytes(affected, device)))
    .map(({ index, binds, words }) => ({ index, binds, heads: headsOf(words, device) }));
}

function headsOf(words: LastWords, device: Uint8Array): readonly WordsHead[] {
  return words.find((word) => sameBytes(word.device, device))?.heads ?? [];
}

/** The era to which a record with this head belongs; null for a head before the first entry or beyond the chain. */
export function eraAt(state: GroupState, headIndex: number): GroupEra | null {
  if (headIndex >= state.hashes.length) return null;
  return state.eras.findLast(({ startIndex }) => startIndex <= headIndex) ?? null;
}

/** Whether a head (index, hash of 32 bytes) lies on this chain. */
export function isOnChain(state: GroupState, headIndex: number, headHash: Uint8Array): boolean {
  const hash = state.hashes[headIndex];
  return hash !== undefined && sameBytes(hash, headHash);
}

/**
 * The group chain (protocol section 5): a group is the fold of `applyEntry` over the items of its chain, starting
 * from `emptyGroup`. Pure, and the same on every client. `README.md` here lists what was decided where the
 * protocol's text leaves a choice.
 */
import type { AccountState } from "../account/account-state.ts";
import { emptyAccount } from "../account/account-state.ts";
import { EncodingError, type EncodingReason, OpenError } from "../primitives/errors.ts";
import { isSignedBy, type Signed } from "../primitives/signed.ts";
import { judgeAccountUpdate } from "./account-update.ts";
import { addVerified, isCertified, isRevoked, knownOf, type Union } from "./account-union.ts";
import { judgeLeave, judgeRemove, judgeRole } from "./departure.ts";
import { type Entry, groupIdOf, NO_PREVIOUS_HASH, openEntry, parseEntry, startedEraOf } from "./entry.ts";
import { entryHash, type SealedEntry } from "./entry-wire.ts";
import { judgeEra } from "./era-start.ts";
import { type GroupKeys, requireChainKey } from "./group-keys.ts";
import { accountOf, type GroupState, headOf, isFacilitator, newestEra } from "./group-state.ts";
import { judgeEndInvite, judgeInvite } from "./invite-rules.ts";
import { type EntryContext, fails, type Judged, type MayFollow, memberOf } from "./judgement.ts";
import { MAX_SEALED_ENTRY_BYTES } from "./limits.ts";
import { judgeAdmit, judgeFound, judgeJoin } from "./membership.ts";
import type { Operation } from "./operations.ts";
import type { MisplacedReason, RefusalReason } from "./refusals.ts";
import { judgeCut, judgeRules } from "./rules.ts";
import { sameBytes } from "./same-bytes.ts";

/** An entry that counted, and the state after it. */
export interface Applied {
  readonly kind: "applied";
  readonly state: GroupState;
  readonly entry: Entry;
  /** Hash of the item (32 bytes), now the head's. */
  readonly hash: Uint8Array;
}

/** A void entry. It changes nothing; its index and hash go on all the same, unless it was misplaced. */
export interface Refused {
  readonly kind: "refused";
  readonly reason: RefusalReason;
  readonly state: GroupState;
  /** What it says, as far as it could be read. */
  readonly entry: Entry | null;
  /** Who sent it, where signature and certification prove it; null: "someone holding the key". */
  readonly sender: Sender | null;
  /** Hash of the item (32 bytes). */
  readonly hash: Uint8Array;
}

export interface Sender {
  /** Identity key, 32 bytes. */
  readonly identityKey: Uint8Array;
  /** Signing key, 32 bytes. */
  readonly device: Uint8Array;
}

/**
 * Applies one item of the chain, in the protocol's order of checks: the first failure is the verdict. Refusals are
 * values: every client reaches the same one. `keys` must hold the chain key of every era that `state` has, and of
 * era 0 for the first item.
 *
 * @throws {GroupKeyError} when `keys` lacks one: then nothing can be said about the item
 */
export function applyEntry(state: GroupState, item: SealedEntry, keys: GroupKeys): Applied | Refused {
  const misplaced = misplacedReason(state, item);
  const hash = entryHash(item);
  if (misplaced !== null) return { kind: "refused", reason: misplaced, state, entry: null, sender: null, hash };
  const after = { ...state, hashes: [...state.hashes, hash] };
  const refused = (reason: RefusalReason, entry: Entry | null, author: Author | null): Refused => {
    const sender = author?.kind === "proven" ? author.sender : null;
    return { kind: "refused", reason, state: after, entry, sender, hash };
  };
  const read = readItem(state, item, keys);
  if (read.kind === "unreadable") return refused(read.reason, null, null);
  const { signed } = read;
  const entry = signed.value;
  const misfit = refusalOfPlace(state, item, signed);
  const author = provenAuthor(state, signed);
  if (misfit !== null) return refused(misfit, entry, author);
  if (author.kind === "unproven") return refused(author.reason, entry, author);
  const judged = judgeOperations(state, entry, author.account);
  if (judged.kind === "fails") return refused(judged.reason, entry, author);
  if (!hasSteward(judged.state)) return refused("no-facilitator-left", entry, author);
  return { kind: "applied", state: withEntryCounted(judged.state, state, entry, hash), entry, hash };
}

function misplacedReason(state: GroupState, item: SealedEntry): MisplacedReason | null {
  if (!sameBytes(item.groupId, state.groupId)) return "other-group";
  return item.index === state.hashes.length ? null : "other-index";
}

type ReadItem =
  | { readonly kind: "read"; readonly signed: Signed<Entry> }
  | { readonly kind: "unreadable"; readonly reason: RefusalReason };

/** Size, opening, strict encoding. */
function readItem(state: GroupState, item: SealedEntry, keys: GroupKeys): ReadItem {
  if (item.sealed.length > MAX_SEALED_ENTRY_BYTES) return { kind: "unreadable", reason: "too-large" };
  // Of eras that the group does not have yet a reader may hold the key or not: the verdict must not depend on it.
  const isFirst = item.index === 0 && item.era === 0;
  if (item.era >= state.eras.length && !isFirst) return { kind: "unreadable", reason: "does-not-open" };
  const chainKey = requireChainKey(keys, item.era);
  try {
    return { kind: "read", signed: parseEntry(openEntry(item, chainKey)) };
  } catch (error) {
    if (error instanceof OpenError) return { kind: "unreadable", reason: "does-not-open" };
    if (error instanceof EncodingError) return { kind: "unreadable", reason: unreadableReason(error.reason) };
    throw error;
  }
}

function unreadableReason(reason: EncodingReason): RefusalReason {
  return reason === "unknown-version" ? "unknown-version" : "malformed";
}

/** Group, index, previous hash and era. */
function refusalOfPlace(state: GroupState, item: SealedEntry, signed: Signed<Entry>): RefusalReason | null {
  const entry = signed.value;
  if (!isOfGroup(state, signed) || entry.index !== item.index) return "differs-from-wire";
  if (!sameBytes(entry.previousHash, headOf(state)?.hash ?? NO_PREVIOUS_HASH)) return "wrong-previous-hash";
  if (entry.era !== item.era || startedEraOf(entry) !== item.startsEra) return "differs-from-wire";
  return entry.era === (newestEra(state)?.number ?? 0) ? null : "stale-era";
}

/** The first entry names no group: its hash is the group's id. */
function isOfGroup(state: GroupState, signed: Signed<Entry>): boolean {
  const { groupId, index } = signed.value;
  if (index === 0) return groupId === null && sameBytes(groupIdOf(signed), state.groupId);
  return groupId !== null && sameBytes(groupId, state.groupId);
}

/** The author's account as this entry shows it: what the chain carried, and the entry's own statements. */
function authorUnion(state: GroupState, { author, statements }: Entry): Union {
  const account = accountOf(state, author);
  return addVerified(account === undefined ? emptyAccount(author) : knownOf(account), statements);
}

type Author =
  | { readonly kind: "proven"; readonly sender: Sender; readonly account: AccountState }
  | { readonly kind: "unproven"; readonly reason: RefusalReason };

/** Statements, device, signature. */
function provenAuthor(state: GroupState, signed: Signed<Entry>): Author {
  const union = authorUnion(state, signed.value);
  if (union.kind === "fault") return { kind: "unproven", reason: union.reason };
  const reason = refusalOfDevice(union.account, signed);
  if (reason !== null) return { kind: "unproven", reason };
  const { author, device } = signed.value;
  return { kind: "proven", sender: { identityKey: author, device }, account: union.account };
}

function refusalOfDevice(account: AccountState, signed: Signed<Entry>): RefusalReason | null {
  const { device } = signed.value;
  if (!isCertified(account, device)) return "device-not-certified";
  if (isRevoked(account, device)) return "device-revoked";
  return isSignedBy(signed, device) ? null : "signature-invalid";
}

/** Operations in order, each by the state that the one before left. */
function judgeOperations(state: GroupState, entry: Entry, author: AccountState): Judged {
  if (!isFirstEntryForm(entry)) return fails("first-entry-form");
  const moment = Math.max(entry.time, state.facilitatorTime);
  const context: EntryContext = { entry, author, before: state, moment };
  let needsEra = false;
  let judged: Judged = { kind: "stands", state, needsEra, mayFollow: "anything" };
  for (const operation of entry.operations) {
    const following: MayFollow = judged.mayFollow;
    if (following === "nothing" || (following === "only-era" && operation.kind !== "era"))
      return fails("nothing-may-follow");
    judged = judgeOperation(judged.state, operation, context, following);
    if (judged.kind === "fails") return judged;
    needsEra ||= judged.needsEra;
  }
  return needsEra && startedEraOf(entry) === null ? fails("era-missing") : judged;
}

/** A first entry begins with `found` and ends with era 0; no other entry holds a `found`. */
function isFirstEntryForm({ index, operations }: Entry): boolean {
  if (index > 0) return operations.every(({ kind }) => kind !== "found");
  return operations[0]?.kind === "found" && operations.at(-1)?.kind === "era";
}

// oxlint-disable-next-line typescript/consistent-return -- the switch names every kind, and the compiler proves it
function judgeOperation(state: GroupState, operation: Operation, context: EntryContext, following: MayFollow): Judged {
  switch (operation.kind) {
    case "found":
      return judgeFound(state, operation, context);
    case "admit":
      return judgeAdmit(state, operation, context);
    case "join":
      return judgeJoin(state, operation, context);
    case "remove":
      return judgeRemove(state, operation, context);
    case "leave":
      return judgeLeave(state, operation, context);
    case "role":
      return judgeRole(state, operation, context);
    case "rules":
      return judgeRules(state, operation, context);
    case "account-update":
      return judgeAccountUpdate(state, operation, context);
    case "invite":
      return judgeInvite(state, operation, context);
    case "end-invite":
      return judgeEndInvite(state, operation, context);
    case "cut":
      return judgeCut(state, operation, context);
    case "era":
      return judgeEra(state, operation, context, following);
  }
}

function hasSteward(state: GroupState): boolean {
  for (const account of state.accounts.values()) if (isFacilitator(account) && account.stewardKey !== null) return true;
  return false;
}

function withEntryCounted(judged: GroupState, before: GroupState, entry: Entry, hash: Uint8Array): GroupState {
  const author = memberOf(before, entry.author);
  const byFacilitator = entry.index === 0 || (author !== undefined && isFacilitator(author));
  const facilitatorTime = byFacilitator ? Math.max(before.facilitatorTime, entry.time) : before.facilitatorTime;
  return { ...judged, facilitatorTime, hashes: [...before.hashes, hash] };
}

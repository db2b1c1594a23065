/**
 * The state of a group: the fold over its chain (protocol section 5). A plain immutable value that holds what
 * sections 5 to 7 ask about the present and about every earlier head. `state-codec.ts` writes it to bytes.
 *
 * Intervals are in chain indexes: `from` is the entry after which something holds, `until` the entry after which it
 * no longer does. So it holds at head `h` when `from <= h` and `until` is null or above `h`.
 */
import type { BoxKey, StatementWire } from "../account/statements.ts";
import { toHex } from "../primitives/bytes.ts";
import type { Admission, Continues, Desk, History, LastWords, Presets, Role, Rules } from "./operations.ts";

export interface GroupState {
  /** 32 bytes */
  readonly groupId: Uint8Array;
  /** Hash of every item of the chain by its index, void ones too. Empty before the first. */
  readonly hashes: readonly Uint8Array[];
  /** Null until the first entry counted. */
  readonly rules: Rules | null;
  readonly continues: Continues | null;
  /** Everybody who is or was in, by {@link accountKey}. */
  readonly accounts: ReadonlyMap<string, GroupAccount>;
  /** Every invite there was, by the hexadecimal form of its id. */
  readonly invites: ReadonlyMap<string, GroupInvite>;
  /** By number; empty until the first entry counted. */
  readonly eras: readonly GroupEra[];
  /** Why an era is due, since the newest began. */
  readonly eraDue: readonly EraDueReason[];
  /** Greatest time of a counted entry by a facilitator, milliseconds since 1970; 0 before any. */
  readonly facilitatorTime: number;
  /** The latest day that a `cut` named; null for none. */
  readonly cutDay: number | null;
}

/** One account's standing, now and at every earlier head. Kept for those who went. */
export interface GroupAccount {
  /** 32 bytes */
  readonly identityKey: Uint8Array;
  /** The union of the statements that the chain carried about it, in the form for groups, in the order of their hashes. */
  readonly statements: readonly StatementWire[];
  readonly devices: readonly GroupDevice[];
  /** By the entry that made each the current one; the last is the current one. */
  readonly boxKeys: readonly GroupBoxKey[];
  /** Public steward key (32); null while it is struck. Listed on the server while the account is facilitator. */
  readonly stewardKey: Uint8Array | null;
  /** Steward keys that were replaced or struck and never count again. */
  readonly spentStewardKeys: readonly Uint8Array[];
  /** When it was in; never empty. */
  readonly stays: readonly Stay[];
  /** When it was facilitator. */
  readonly facilitations: readonly Interval[];
  /** What entries accepted as the last records of its devices, oldest first. */
  readonly lastWords: readonly BindingWords[];
}

export interface Interval {
  readonly from: number;
  readonly until: number | null;
}

export interface Stay extends Interval {
  /** Null while it lasts. */
  readonly ended: "left" | "removed" | null;
  readonly came: CameIn;
}

/** How an account came in. */
export type CameIn =
  | { readonly kind: "founded" }
  | {
      readonly kind: "admitted";
      /** Identity key of the facilitator. */
      readonly by: Uint8Array;
      readonly invite: Uint8Array | null;
      /** Hash of the signed request (32). */
      readonly request: Uint8Array | null;
    }
  | { readonly kind: "joined"; readonly invite: Uint8Array };

export interface GroupDevice {
  /** Ed25519 signing key, 32 bytes. */
  readonly key: Uint8Array;
  /** Entry that first carried its certification; null where only its revocation is known. */
  readonly certifiedAt: number | null;
  /** Entry after which it is revoked; null while it is not. */
  readonly revokedAt: number | null;
}

/** A box key and since when the account's boxes go to it. */
export interface GroupBoxKey {
  /** Entry after which it is the current one. */
  readonly since: number;
  readonly boxKey: BoxKey;
}

/** Last words of one entry about one account. They bind that account's records whose head is below `index`. */
export interface BindingWords {
  readonly index: number;
  /** `role`: they bind only acts that needed the facilitator's role. */
  readonly binds: "all" | "role";
  /** Devices affected; null: every device of the account. One that `words` does not list has written nothing. */
  readonly devices: readonly Uint8Array[] | null;
  readonly words: LastWords;
}

export interface GroupEra {
  readonly number: number;
  /** The entry that started it. A record whose head is that entry belongs to it. */
  readonly startIndex: number;
  /** By the starting entry's own clock, milliseconds since 1970. */
  readonly startedAt: number;
  /** The moment for which the starting entry counted: invites that expired by then received no box. */
  readonly moment: number;
  /** Identity key of who started it. */
  readonly startedBy: Uint8Array;
  readonly eraCommitment: Uint8Array;
  readonly contentCommitment: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly passKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly labelKey: Uint8Array;
  /** The history rule after the starting entry. */
  readonly history: History;
  /** Whether its link may hand on the content key of the era before (never for era 0). */
  readonly linksContent: boolean;
}

export interface GroupInvite {
  /** 16 bytes */
  readonly id: Uint8Array;
  /** Identity key of who made it. */
  readonly maker: Uint8Array;
  /** The entry that made it. */
  readonly since: number;
  readonly admission: Admission;
  /** Milliseconds since 1970. */
  readonly expiry: number;
  readonly uses: number;
  readonly usesLeft: number;
  readonly presets: Presets;
  readonly requestKey: Uint8Array;
  readonly desk: Desk;
  readonly ended: InviteEnd | null;
}

export interface InviteEnd {
  /** The entry that ended it. */
  readonly index: number;
  readonly cause: InviteEndCause;
}

export type InviteEndCause = "by-hand" | "spent" | "expired" | "removal" | "leave" | "revocation" | "history";

/** What happened since the newest era began that calls for a new one. */
export type EraDueReason =
  | { readonly kind: "left"; readonly index: number; readonly identityKey: Uint8Array }
  | { readonly kind: "device-revoked"; readonly index: number; readonly identityKey: Uint8Array }
  | { readonly kind: "invite-ended"; readonly index: number; readonly invite: Uint8Array };

/** The last item of the chain that was processed. */
export interface Head {
  readonly index: number;
  /** 32 bytes */
  readonly hash: Uint8Array;
}

/** The state before the first entry: what a reader starts from who knows nothing but the group's id (32 bytes). */
export function emptyGroup(groupId: Uint8Array): GroupState {
  return {
    groupId,
    hashes: [],
    rules: null,
    continues: null,
    accounts: new Map(),
    invites: new Map(),
    eras: [],
    eraDue: [],
    facilitatorTime: 0,
    cutDay: null,
  };
}

/** The form in which an identity key (32 bytes) is a key of {@link GroupState.accounts}. */
export function accountKey(identityKey: Uint8Array): string {
  return toHex(identityKey);
}

/** The account of this identity key, whether it is in or went; undefined when the chain never held it. */
export function accountOf(state: GroupState, identityKey: Uint8Array): GroupAccount | undefined {
  return state.accounts.get(accountKey(identityKey));
}

/** Null before the first item. */
export function headOf(state: GroupState): Head | null {
  const hash = state.hashes.at(-1);
  return hash === undefined ? null : { index: state.hashes.length - 1, hash };
}

/** Null before the first entry counted. */
export function newestEra(state: GroupState): GroupEra | null {
  return state.eras.at(-1) ?? null;
}

/** Whether the account is in the group at the head; one that went is kept and is not. */
export function isIn(account: GroupAccount): boolean {
  return account.stays.at(-1)?.until === null;
}

/** Whether the account is a facilitator at the head. */
export function isFacilitator(account: GroupAccount): boolean {
  return account.facilitations.at(-1)?.until === null;
}

/** The role of an account that is in; null for one that is not. */
export function roleOf(account: GroupAccount): Role | null {
  if (!isIn(account)) return null;
  return isFacilitator(account) ? "facilitator" : "member";
}

/** Everybody who is in, in the order of {@link GroupState.accounts}. */
export function membersOf(state: GroupState): readonly GroupAccount[] {
  return [...state.accounts.values()].filter(isIn);
}

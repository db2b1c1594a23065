import type { Profile } from "../session/session-door.ts";
import type { ChainAct, StopReason, Warning } from "../groups/groups-door.ts";
import { defineList, defineMap } from "../storage/store.ts";
import type { StoredFacts } from "./stored-facts.ts";

/**
 * What is kept of a group on this device. Everything about one group changes in one transaction per page of its log, and everything but
 * {@link groups} has the group's id (32 bytes) as its scope.
 */

/** By the group's id in hex: the little that lists and start-up need, rewritten with every change. */
export const groups = defineMap<StoredGroup>({ name: "groups/groups", version: 1 });

export interface StoredGroup {
  readonly groupId: Uint8Array;
  /** This account's own one-member group: never listed. */
  readonly notebook: boolean;
  readonly standing: StoredStanding;
  /**
   * While it is not settled that the way in was the one that was asked for: nothing of this group is shown, goes into the vault or is sent.
   * `before` is how it stood until then, null where there was nothing.
   */
  readonly held: { readonly before: StoredStanding | null } | null;
  /** The last `seq` of the log that is processed and stored. */
  readonly cursor: number;
  /** How many items of the chain the records here were judged by. */
  readonly judgedTo: number;
  readonly logPlace: LogPlace;
  /** How far retention was carried out here. */
  readonly retention: CarriedOut;
  /** The newest era whose key (32 bytes) was found to be the one that its entry commits to; null before the chain was read. */
  readonly newest: HeldEra | null;
  /** An era key out of a box or the vault that the chain here has not reached yet. */
  readonly offered: HeldEra | null;
  /** The era that was newest at {@link cursor}, by the log's order. */
  readonly eraAtCursor: number;
  /** The era whose key is known to be in the vault; null for none. */
  readonly vaultEra: number | null;
  readonly stewardSeed: Uint8Array;
  /** The greatest counter that this steward key has used in a command. */
  readonly stewardCounter: number;
  readonly info: { readonly name: string; readonly description: string } | null;
  readonly memberCount: number;
  readonly unreadTopics: number;
  readonly unreadPosts: number;
  readonly latestActivity: number | null;
  /** Whether this account came in on this device: then what was written before counts as read. */
  readonly newcomer: boolean;
  /** Posts at or before this `seq` count as read: what was written before one came in. */
  readonly readBefore: number;
  readonly own: OwnSequence;
  /** Hashes of the newest records of others, newest first, at most 4. */
  readonly seen: readonly Uint8Array[];
}

/** How this device's places in the log follow from the server's numbers: they differ once the server was put back to an older state. */
export interface LogPlace {
  /** What is added to a `seq` of the server; everything stored by `seq` has this sum. */
  readonly shift: number;
  /** By what the item at {@link StoredGroup.cursor} is known again, 32 bytes (`log-tail.ts`); null where the log is read from the beginning. */
  readonly tail: Uint8Array | null;
  /** Whether the log is being read once more from its beginning, to find what it lost. */
  readonly again: boolean;
}

interface CarriedOut {
  /** Up to this day, days since 1970, bodies that have expired were taken off this device. */
  readonly day: number;
  /** How many eras, from the first on, a cut took here. */
  readonly eras: number;
  /** How many the hall was told of by this device. */
  readonly told: number;
}

export interface HeldEra {
  readonly era: number;
  readonly eraKey: Uint8Array;
}

/** Numbers of this device's own records in the group (protocol section 6). */
export interface OwnSequence {
  /** The greatest number ever used, sent or not. */
  readonly number: number;
  /** The last acknowledged record; null before the first. */
  readonly acknowledged: { readonly number: number; readonly hash: Uint8Array } | null;
}

export type StoredStanding =
  /** Not all that is needed to show it is here yet, or this account is not in it yet. */
  | { readonly kind: "arriving" }
  | { readonly kind: "member"; readonly role: "facilitator" | "member" }
  | { readonly kind: "left" }
  | { readonly kind: "removed" }
  | { readonly kind: "stopped"; readonly reason: StopReason; readonly by: Uint8Array | null };

/** Under `state`: crypto's encoding of the group state. */
export const chainState = defineMap<Uint8Array>({ name: "groups/chain-state", version: 1 });

/** By era. */
export const eraKeys = defineMap<StoredEraKeys>({ name: "groups/era-keys", version: 1 });

export interface StoredEraKeys {
  /** 32 bytes */
  readonly chainKey: Uint8Array;
  /** 32 bytes; null where this account came in later, or the history was cut. */
  readonly contentKey: Uint8Array | null;
}

/** By `seq`: log items as the server gave them. */
export const logItems = defineList<StoredItem>({ name: "groups/log", version: 1 });

export type StoredItem =
  | {
      readonly kind: "entry";
      readonly day: number;
      readonly index: number;
      readonly era: number;
      readonly starts: number | null;
      readonly sealed: Uint8Array;
      readonly command: Uint8Array | null;
    }
  | ({ readonly kind: "record"; readonly day: number; readonly sealed: Uint8Array } & StoredFields)
  | ({
      readonly kind: "tombstone";
      readonly day: number;
      readonly stub: Uint8Array;
      readonly bodyHash: Uint8Array;
      readonly reason: "erased" | "expired" | "cut";
      readonly command: Uint8Array | null;
    } & StoredFields)
  | { readonly kind: "command"; readonly day: number; readonly command: Uint8Array };

/** Wire fields of a record. */
export interface StoredFields {
  readonly recordId: Uint8Array;
  readonly topic: Uint8Array | null;
  readonly target: Uint8Array | null;
  readonly era: number;
  readonly expires: number | null;
}

/** By `seq`, records and tombstones only: what judging, ordering and listing need, so that nothing is opened twice. */
export const recordFacts = defineList<StoredFacts>({ name: "groups/record-facts", version: 1 });

/** By index in the chain. Names are put in when it is read. */
export const chainLines = defineList<StoredLine>({ name: "groups/chain-lines", version: 1 });

export interface StoredLine {
  readonly seq: number;
  /** By the entry's clock; null where it could not be read. */
  readonly time: number | null;
  /** Identity key; null: someone holding the key. */
  readonly by: Uint8Array | null;
  readonly acts: readonly StoredAct[];
  /** Null: it counted. */
  readonly voidReason: string | null;
}

/** A {@link ChainAct} with identity keys where that has names. */
export type StoredAct = {
  readonly [K in ChainAct["kind"]]: WithKeys<Extract<ChainAct, { readonly kind: K }>>;
}[ChainAct["kind"]];
type WithKeys<A> = { readonly [M in keyof A]: M extends "who" ? Uint8Array : A[M] };

/** By `seq`: records whose verdict waits for something. */
export const waitingRecords = defineMap<{ readonly hash: Uint8Array }>({ name: "groups/waiting", version: 1 });

/** In the order noticed. */
export const refusedRecords = defineList<StoredRefusal>({ name: "groups/refused", version: 1 });

export interface StoredRefusal {
  readonly seq: number;
  readonly recordId: Uint8Array;
  /** Identity key; null where the signature does not say. */
  readonly author: Uint8Array | null;
  readonly reason: string;
  readonly noticedAt: number;
}

/** By identity key in hex: the newest counted profile. */
export const profiles = defineMap<StoredProfile>({ name: "groups/profiles", version: 1 });

export interface StoredProfile extends PlaceInOrder {
  readonly profile: Profile;
}

/** By which of several pieces of state counts: the one that stands last (`topics/topic-order.ts`). */
export interface PlaceInOrder {
  readonly place: number;
  readonly hash: Uint8Array;
}

/** Under `info`: the newest counted group-info. */
export const groupInfo = defineMap<PlaceInOrder & { readonly name: string; readonly description: string }>({
  name: "groups/group-info",
  version: 1,
});

/** By topic id in hex. */
export const topics = defineMap<StoredTopic>({ name: "topics/topics", version: 1 });

export interface StoredTopic {
  /** Null while its own record is not here, or cannot be opened by who came later. */
  readonly title: string | null;
  /** Whether the topic's own record is known, if only by its stub: a topic that nobody started is not listed. */
  readonly started: boolean;
  /** Identity keys. */
  readonly startedBy: Uint8Array | null;
  readonly latestBy: Uint8Array | null;
  readonly latestActivity: number | null;
  /** Places in {@link posts}. */
  readonly length: number;
  /** Posts that count, the first text of the topic among them. */
  readonly posts: number;
  readonly unread: number;
  /** All up to this `seq` has been seen. */
  readonly readSeq: number;
  /** The greatest `seq` of a post. */
  readonly newestSeq: number;
}

/** Scope: group and topic. By place in the order shown. */
export const posts = defineList<StoredPost>({ name: "topics/posts", version: 1 });

export interface StoredPost extends PlaceInOrder {
  readonly seq: number;
  readonly mine: boolean;
  /** Null while it counts: else why it does not any more. */
  readonly refused: string | null;
}

/** Under the warning's own key, so that one cause is said once. */
export const warnings = defineMap<StoredWarning>({ name: "groups/warnings", version: 1 });

export interface StoredWarning {
  readonly kind: Warning["kind"];
  readonly noticedAt: number;
  /** Identity key of whose doing it is, where that is known. */
  readonly by: Uint8Array | null;
  readonly detail: string;
}

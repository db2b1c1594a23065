/** What goes into sealing a record and what comes out of opening one, with the closed lists of refusals. */
import type { RecordBody } from "./kinds.ts";
import type { Head } from "../group/group-state.ts";
import type { Previous, SignedContent, Stub } from "./record-content.ts";
import type { WireRecord } from "./record-wire.ts";

/** What somebody is about to say, and where. */
export interface RecordDraft {
  readonly body: RecordBody;
  /** 16 bytes; null for kinds that stand in no topic, and for `topic`, whose topic is itself. */
  readonly topic: Uint8Array | null;
  /** 16 bytes; null for kinds that hang on nothing, and for pieces of state, whose target is derived. */
  readonly target: Uint8Array | null;
  readonly era: number;
  /** The day from which the body is dropped, or null. Never for state. */
  readonly expires: number | null;
  /** 32 bytes: identity key */
  readonly author: Uint8Array;
  /** The device statement's wire bytes, null where the group's state at `head` certifies the device already. */
  readonly statement: Uint8Array | null;
  /** One more than any number this device ever used in this group, sent or not; from 1. */
  readonly number: number;
  /** The last acknowledged record (or the one before in the same batch); null for the first. */
  readonly previous: Previous | null;
  /** Up to 4 hashes of the newest records of others. */
  readonly seen: readonly Uint8Array[];
  readonly head: Head;
  readonly vaultVersion: number;
  readonly time: number;
  /** 16 random bytes; the same again when a refused record is sealed anew, so that it keeps its id. */
  readonly salt: Uint8Array;
}

/** Why a draft is not sealed. */
export type SealRefusal =
  /** over 64 KiB sealed: see {@link roomForText} */
  | "too-large"
  /** a field outside its limits */
  | "wrong-shape"
  /** a topic, target or expiry that this kind cannot have */
  | "wrong-place"
  /** a kind that must be under the other key */
  | "wrong-key"
  /** the number is not above that of the previous record */
  | "wrong-number"
  /** the content key of the era is not held */
  | "no-content-key";

export type SealedRecord =
  | {
      readonly kind: "sealed";
      readonly record: WireRecord;
      /** 32 bytes: what the next record names as its previous. */
      readonly hash: Uint8Array;
      readonly content: SignedContent;
    }
  | { readonly kind: "refused"; readonly reason: SealRefusal };

/** Why a record's stub cannot be read. */
export type StubRefusal =
  /** not of the size a record has, or fields outside their limits */
  | "malformed"
  /** not sealed under this era's chain key for these wire fields and this group */
  | "forged";

export type OpenedStub =
  | { readonly kind: "opened"; readonly stub: Stub }
  | { readonly kind: "refused"; readonly reason: StubRefusal };

/** Why a record is refused before anybody asks who wrote it. */
export type RecordRefusal =
  /** over 64 KiB */
  | "too-large"
  /** not the form of a record */
  | "malformed"
  /** the stub does not open: not by a member of this era, or altered, or moved */
  | "stub-forged"
  /** the body does not open: altered, moved, or sealed under the wrong key */
  | "body-forged"
  /** somebody other than its author sealed it again */
  | "sealed-otherwise"
  /** not signed by the device it names */
  | "bad-signature"
  /** signed for another place: group, id, topic, target, era, expiry, number or head */
  | "moved"
  /** the record id is not one of this device */
  | "wrong-id"
  /** a kind sealed under the key of the other sort */
  | "wrong-key"
  /** a kind in a place where it cannot stand, or state under another's target */
  | "wrong-place"
  /** its number is not above that of its previous record */
  | "wrong-number";

export type OpenedRecord =
  | {
      readonly kind: "opened";
      readonly hash: Uint8Array;
      readonly stub: Stub;
      readonly content: SignedContent;
      readonly body: RecordBody;
    }
  /** The stub is read, the content key is not held. */
  | { readonly kind: "locked"; readonly hash: Uint8Array; readonly stub: Stub }
  /** Content in a version this program does not know, signed by the device that the stub names. */
  | { readonly kind: "newer-version"; readonly hash: Uint8Array; readonly stub: Stub }
  | {
      readonly kind: "refused";
      readonly hash: Uint8Array;
      /** Null where not even the stub opened. */
      readonly stub: Stub | null;
      readonly reason: RecordRefusal;
    };

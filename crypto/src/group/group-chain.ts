import type { Entry } from "./entry.ts";
import type { SealedEntry } from "./entry-wire.ts";
import type { GroupKeys } from "./group-keys.ts";
import type { GroupState } from "./group-state.ts";
import type { RefusalReason } from "./refusals.ts";

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
  readonly identityKey: Uint8Array;
  readonly device: Uint8Array;
}

/** Applies one item of the chain. Refusals are values: every client reaches the same one. */
export type ApplyEntry = (state: GroupState, item: SealedEntry, keys: GroupKeys) => Applied | Refused;

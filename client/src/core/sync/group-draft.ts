import { toHex, type GroupState, type RecordKeys } from "@unionhall/crypto";
import type { Collections } from "../storage/store.ts";
import type { Change } from "../unionhall.ts";
import type { FactsShelf } from "./facts-shelf.ts";
import type { StoredEraKeys, StoredGroup } from "./group-store.ts";
import type { GroupChange } from "./loaded-group.ts";
import type { OutboxShelf } from "./outbox-shelf.ts";
import type { RecordIndex } from "./record-index.ts";

/** One moment of a group, whole. */
export interface GroupSnapshot {
  readonly stored: StoredGroup;
  readonly state: GroupState;
  readonly keys: ReadonlyMap<number, StoredEraKeys>;
}

/** Caches over what is stored; thrown away when a transaction fails. */
export interface GroupCaches {
  readonly index: RecordIndex;
  readonly shelf: FactsShelf;
  readonly outbox: OutboxShelf;
}

/**
 * A group in the middle of one change: what it is being changed to, the transaction that will store it, and what has to be said once it is
 * stored. Lives for one piece of work in the group's lane.
 */
export class GroupDraft {
  readonly tx: Collections;
  readonly groupId: Uint8Array;
  readonly id: string;
  readonly caches: GroupCaches;
  readonly before: GroupSnapshot;
  readonly keys: Map<number, StoredEraKeys>;
  stored: StoredGroup;
  state: GroupState;
  readonly #changes = new Map<string, Change>();
  readonly #groupChanges = new Set<GroupChange>();

  constructor(tx: Collections, before: GroupSnapshot, caches: GroupCaches) {
    this.tx = tx;
    this.before = before;
    this.caches = caches;
    this.stored = before.stored;
    this.state = before.state;
    this.keys = new Map(before.keys);
    this.groupId = before.stored.groupId;
    this.id = toHex(this.groupId);
  }

  /** Changes some of the small part. */
  set(part: Partial<StoredGroup>): void {
    this.stored = { ...this.stored, ...part };
  }

  /** What opens records of this era; null where not even its chain key is held. */
  recordKeys(era: number): RecordKeys | null {
    return recordKeysOf(this.groupId, this.keys, era);
  }

  /** Has this said to the listeners of core's door once everything is stored. */
  say(change: Change): void {
    this.#changes.set(JSON.stringify(change), change);
  }

  /** Has this said to the rest of the engine once everything is stored. */
  tell(change: GroupChange): void {
    this.#groupChanges.add(change);
  }

  /** Whether anything of what a snapshot shows is another one now. */
  get isChanged(): boolean {
    const { stored, state, keys } = this.before;
    if (this.stored !== stored || this.state !== state || this.keys.size !== keys.size) return true;
    return [...this.keys].some(([era, held]) => held !== keys.get(era));
  }

  get changes(): readonly Change[] {
    return [...this.#changes.values()];
  }

  get groupChanges(): readonly GroupChange[] {
    return [...this.#groupChanges];
  }
}

export function recordKeysOf(
  groupId: Uint8Array,
  keys: ReadonlyMap<number, StoredEraKeys>,
  era: number,
): RecordKeys | null {
  const [own, first] = [keys.get(era), keys.get(0)];
  if (own === undefined || first === undefined) return null;
  return { groupId, chainKey: own.chainKey, contentKey: own.contentKey, firstChainKey: first.chainKey };
}

import { decodeGroupState, emptyGroup, encodeGroupState, toHex } from "@unionhall/crypto";
import type { Collections, Store } from "../storage/store.ts";
import type { Change } from "../unionhall.ts";
import { HallError } from "../problems.ts";
import { eraseGroup } from "./erase-group.ts";
import { FactsShelf } from "./facts-shelf.ts";
import { GroupDraft, type GroupCaches, type GroupSnapshot } from "./group-draft.ts";
import { chainState, eraKeys, groups, type StoredGroup } from "./group-store.ts";
import { Lane } from "./lane.ts";
import type { GroupChange } from "./loaded-group.ts";
import { OutboxShelf } from "./outbox-shelf.ts";
import { RecordIndex } from "./record-index.ts";

/** Who wants to know once something about a group is stored. */
export interface GroupNews {
  emit(change: Change): void;
  told(change: GroupChange): void;
}

/**
 * One group in memory and in storage, which never differ: {@link HeldGroup.change} is the only way to change it. What it shows is always one
 * moment.
 */
export class HeldGroup {
  readonly groupId: Uint8Array;
  readonly id: string;
  readonly lane = new Lane();
  readonly store: Store;
  readonly #news: GroupNews;
  #snapshot: GroupSnapshot;
  #caches: GroupCaches;
  #erased = false;

  private constructor(store: Store, news: GroupNews, snapshot: GroupSnapshot) {
    this.groupId = snapshot.stored.groupId;
    this.id = toHex(this.groupId);
    this.store = store;
    this.#news = news;
    this.#snapshot = snapshot;
    this.#caches = newCaches(this.groupId);
  }

  /** A group that is new on this device, stored at once. */
  static async create(store: Store, news: GroupNews, stored: StoredGroup): Promise<HeldGroup> {
    const held = new HeldGroup(store, news, { stored, state: emptyGroup(stored.groupId), keys: new Map() });
    await store.map(groups).put(held.id, stored);
    return held;
  }

  static async load(store: Store, news: GroupNews, stored: StoredGroup): Promise<HeldGroup> {
    const state = await store.map(chainState, stored.groupId).get("state");
    const keys = await store.map(eraKeys, stored.groupId).entries();
    return new HeldGroup(store, news, {
      stored,
      state: state === null ? emptyGroup(stored.groupId) : decodeGroupState(state),
      keys: new Map(keys.map(({ id, value }) => [Number(id), value])),
    });
  }

  get snapshot(): GroupSnapshot {
    return this.#snapshot;
  }

  /** For reading outside of a change. */
  get caches(): GroupCaches {
    return this.#caches;
  }

  /**
   * Runs `work` on a draft, alone, in one transaction, and stores all of it or nothing. Listeners are told afterwards. `work` must not wait for
   * the network, nor call this again.
   *
   * @throws HallError `group-unknown` once it is erased
   */
  change<T>(work: (draft: GroupDraft) => Promise<T>): Promise<T> {
    return this.lane.run(async () => {
      if (this.#erased) throw new HallError("group-unknown", "the group was put away meanwhile");
      const { draft, result } = await this.#write(work);
      if (draft.isChanged) this.#snapshot = { stored: draft.stored, state: draft.state, keys: new Map(draft.keys) };
      for (const change of draft.groupChanges) this.#news.told(change);
      for (const change of draft.changes) this.#news.emit(change);
      return result;
    });
  }

  /** Takes everything about the group off this device. What still works on it, and ends later, brings nothing of it back. */
  erase(): Promise<void> {
    return this.lane.run(async () => {
      this.#erased = true;
      await eraseGroup(this.store, this.groupId);
    });
  }

  async #write<T>(
    work: (draft: GroupDraft) => Promise<T>,
  ): Promise<{ readonly draft: GroupDraft; readonly result: T }> {
    try {
      return await this.store.transaction(async (tx) => {
        const draft = new GroupDraft(tx, this.#snapshot, this.#caches);
        const result = await work(draft);
        await save(tx, draft);
        return { draft, result };
      });
    } catch (error) {
      // What the work put into the caches was not stored.
      this.#caches = newCaches(this.groupId);
      throw error;
    }
  }
}

function newCaches(groupId: Uint8Array): GroupCaches {
  return { index: new RecordIndex(groupId), shelf: new FactsShelf(groupId), outbox: new OutboxShelf(groupId) };
}

async function save(tx: Collections, draft: GroupDraft): Promise<void> {
  const { before, stored, state, groupId } = draft;
  if (stored !== before.stored) await tx.map(groups).put(draft.id, stored);
  if (state !== before.state) await tx.map(chainState, groupId).put("state", encodeGroupState(state));
  for (const [era, keys] of draft.keys)
    if (keys !== before.keys.get(era)) await tx.map(eraKeys, groupId).put(era, keys);
}

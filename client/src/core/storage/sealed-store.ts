import { DeviceLost, StorageFull, type Random, type Storage, type StoredChange } from "../platform.ts";
import { HallError } from "../problems.ts";
import { EntrySeal } from "./entry-seal.ts";
import { Overlay, type Entries } from "./overlay.ts";
import { SealedList } from "./sealed-list.ts";
import { SealedMap } from "./sealed-map.ts";
import type { Collections, ListKind, MapKind, Scope, Store, StoredList, StoredMap } from "./store.ts";

/**
 * {@link Store} over the platform's storage, sealed under the local key. In clear stand only: how many entries there are, which of them
 * belong to the same collection (as keyed hashes), positions inside lists, and sizes.
 */
export class SealedStore implements Store {
  readonly #storage: Storage;
  readonly #seal: EntrySeal;
  /** The end of the line of transactions. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param localKey 32 bytes; may be overwritten by the caller afterwards */
  constructor(storage: Storage, localKey: Uint8Array, random: Random) {
    this.#storage = storage;
    this.#seal = new EntrySeal(localKey, random);
  }

  /** @param beside changes of entries that are not sealed, written in the same moment */
  transaction<T>(work: (tx: Collections) => Promise<T>, beside: readonly StoredChange[] = []): Promise<T> {
    const turn = this.#turn.then(() => this.#run(work, beside));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  map<V>(kind: MapKind<V>, scope: Scope = ""): StoredMap<V> {
    const read = (): SealedMap<V> => new SealedMap(kind, scope, this.#seal, new Overlay(this.#storage));
    const write = (work: (map: StoredMap<V>) => Promise<void>): Promise<void> =>
      this.transaction((tx) => work(tx.map(kind, scope)));
    return {
      get: async (id) => read().get(id),
      getMany: async (ids) => read().getMany(ids),
      entries: async () => read().entries(),
      put: (id, value) => write((map) => map.put(id, value)),
      delete: (id) => write((map) => map.delete(id)),
      clear: () => write((map) => map.clear()),
    };
  }

  list<V>(kind: ListKind<V>, scope: Scope = ""): StoredList<V> {
    const read = (): SealedList<V> => new SealedList(kind, scope, this.#seal, new Overlay(this.#storage));
    const write = (work: (list: StoredList<V>) => Promise<void>): Promise<void> =>
      this.transaction((tx) => work(tx.list(kind, scope)));
    return {
      get: async (position) => read().get(position),
      range: async (window) => read().range(window),
      last: async () => read().last(),
      put: (position, value) => write((list) => list.put(position, value)),
      putMany: (values) => write((list) => list.putMany(values)),
      delete: (position) => write((list) => list.delete(position)),
      clear: () => write((list) => list.clear()),
    };
  }

  /** Waits for transactions under way, then forgets the keys: the device is locked or closed. */
  async close(): Promise<void> {
    await this.#turn;
    this.#seal.forget();
  }

  async #run<T>(work: (tx: Collections) => Promise<T>, beside: readonly StoredChange[]): Promise<T> {
    const overlay = new Overlay(this.#storage);
    const result = await work(collectionsOver(overlay, this.#seal));
    const changes = [...overlay.changes(), ...beside];
    if (changes.length > 0) await this.#write(changes);
    return result;
  }

  async #write(changes: readonly StoredChange[]): Promise<void> {
    try {
      await this.#storage.write(changes);
    } catch (error) {
      if (error instanceof StorageFull) throw new HallError("storage-full", "this device has no room left");
      if (error instanceof DeviceLost) throw new HallError("in-use-elsewhere", "another tab uses this device now");
      throw error;
    }
  }
}

function collectionsOver(entries: Entries, seal: EntrySeal): Collections {
  return {
    map: (kind, scope = "") => new SealedMap(kind, scope, seal, entries),
    list: (kind, scope = "") => new SealedList(kind, scope, seal, entries),
  };
}

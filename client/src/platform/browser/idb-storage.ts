import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import {
  DeviceLost,
  StorageFull,
  type KeyRange,
  type Storage,
  type StoredChange,
  type StoredEntry,
} from "../../core/platform.ts";

interface Schema extends DBSchema {
  entries: { key: ArrayBuffer; value: Uint8Array };
  device: { key: string; value: unknown };
}
export type Database = IDBPDatabase<Schema>;

const ownerName = "owner";

/** The one database of this origin: `entries` for storage, `device` for the key slot and what wraps it. */
export function openDatabase(name = "unionhall"): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(database) {
      database.createObjectStore("entries");
      database.createObjectStore("device");
    },
    // Another tab has a newer version of the program: it must not wait for this one.
    blocking: (_current, _blocked, event) => {
      if (event.target instanceof IDBDatabase) event.target.close();
    },
  });
}

/**
 * Storage in IndexedDB. The one that opened it last owns it: a tab that was frozen, lost the device to another and wakes up cannot write any more
 * (threat model 33).
 */
export class IdbStorage implements Storage {
  readonly #database: Database;
  readonly #owner: string;

  private constructor(database: Database, owner: string) {
    this.#database = database;
    this.#owner = owner;
  }

  /** @param owner new and random for each opening */
  static async open(database: Database, owner: string): Promise<IdbStorage> {
    await database.put("device", owner, ownerName);
    return new IdbStorage(database, owner);
  }

  async read(key: Uint8Array): Promise<Uint8Array | null> {
    return (await this.#database.get("entries", keyOf(key))) ?? null;
  }

  async readMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | null)[]> {
    const { store } = this.#database.transaction("entries");
    return Promise.all(keys.map(async (key) => (await store.get(keyOf(key))) ?? null));
  }

  async range({ from, before, limit, direction }: KeyRange): Promise<readonly StoredEntry[]> {
    // IndexedDB throws at a range that holds nothing.
    if (indexedDB.cmp(keyOf(from), keyOf(before)) >= 0) return [];
    const { store } = this.#database.transaction("entries");
    const range = IDBKeyRange.bound(keyOf(from), keyOf(before), false, true);
    if (direction === "forward") {
      const [keys, values] = await Promise.all([store.getAllKeys(range, limit), store.getAll(range, limit)]);
      return keys.flatMap((key, at) => entryOf(key, values[at]));
    }
    const found: StoredEntry[] = [];
    for (let cursor = await store.openCursor(range, "prev"); cursor !== null; cursor = await cursor.continue()) {
      found.push(...entryOf(cursor.key, cursor.value));
      if (found.length === limit) break;
    }
    return found;
  }

  async write(changes: readonly StoredChange[]): Promise<void> {
    await this.#writing(async (entries) => {
      for (const change of changes) {
        // One transaction: what fails is told by its end, and undoes the others.
        if (change.kind === "put") void entries.put(change.value.slice(), keyOf(change.key)).catch(() => {});
        else void entries.delete(keyOf(change.key)).catch(() => {});
      }
    });
  }

  async erase(): Promise<void> {
    await this.#writing(async (entries) => {
      await entries.clear();
    });
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  async #writing(work: (entries: Entries) => Promise<void>): Promise<void> {
    const transaction = this.#database.transaction(["entries", "device"], "readwrite", { durability: "strict" });
    try {
      const owner = await transaction.objectStore("device").get(ownerName);
      if (owner !== this.#owner) {
        transaction.abort();
        await transaction.done.catch(() => {});
        throw new DeviceLost("another tab has taken over this device");
      }
      await work(transaction.objectStore("entries"));
      await transaction.done;
    } catch (error) {
      throw isFull(error) || isFull(transaction.error) ? new StorageFull("this browser has no room left") : error;
    }
  }
}

interface Entries {
  put(value: Uint8Array, key: ArrayBuffer): Promise<unknown>;
  delete(key: ArrayBuffer): Promise<void>;
  clear(): Promise<void>;
}

function keyOf(key: Uint8Array): ArrayBuffer {
  return key.slice().buffer;
}

function entryOf(key: ArrayBuffer, value: Uint8Array | undefined): readonly StoredEntry[] {
  return value === undefined ? [] : [{ key: new Uint8Array(key), value }];
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

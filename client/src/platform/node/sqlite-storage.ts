import { chmodSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { StorageFull, type KeyRange, type Storage, type StoredChange, type StoredEntry } from "../../core/platform.ts";

/**
 * Storage in one SQLite file: write-ahead log with full synchronisation, so a resolved write survives the power failing; deleted content is
 * overwritten. The statements are synchronous and short.
 */
export class SqliteStorage implements Storage {
  readonly #path: string;
  #opened: Opened | null = null;

  /**
   * Opens the file with the first use, so that whoever uses it holds the device's lock by then.
   *
   * @param path of the file, made with mode 0600 where there is none, or `:memory:`
   */
  constructor(path: string) {
    this.#path = path;
  }

  get #store(): Opened {
    this.#opened ??= openAt(this.#path);
    return this.#opened;
  }

  async read(key: Uint8Array): Promise<Uint8Array | null> {
    const row = this.#store.read.get(key);
    return row === undefined ? null : bytesOf(row["value"]);
  }

  async readMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | null)[]> {
    return Promise.all(keys.map((key) => this.read(key)));
  }

  async range({ from, before, limit, direction }: KeyRange): Promise<readonly StoredEntry[]> {
    const statement = direction === "forward" ? this.#store.forward : this.#store.backward;
    return statement
      .all(from, before, limit)
      .map((row) => ({ key: bytesOf(row["key"]), value: bytesOf(row["value"]) }));
  }

  async write(changes: readonly StoredChange[]): Promise<void> {
    const { database, put, remove } = this.#store;
    database.exec("BEGIN IMMEDIATE");
    try {
      for (const change of changes) {
        if (change.kind === "put") put.run(change.key, change.value);
        else remove.run(change.key);
      }
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw isFull(error) ? new StorageFull("the disk has no room") : error;
    }
  }

  async erase(): Promise<void> {
    const { database } = this.#store;
    database.exec("DELETE FROM entries");
    database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  }

  async close(): Promise<void> {
    if (this.#opened?.database.isOpen === true) this.#opened.database.close();
  }
}

interface Opened {
  readonly database: DatabaseSync;
  readonly read: StatementSync;
  readonly put: StatementSync;
  readonly remove: StatementSync;
  readonly forward: StatementSync;
  readonly backward: StatementSync;
}

function openAt(path: string): Opened {
  const database = new DatabaseSync(path);
  if (path !== ":memory:") chmodSync(path, 0o600);
  database.exec(
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON",
  );
  database.exec("CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT");
  const range = "SELECT key, value FROM entries WHERE key >= ? AND key < ? ORDER BY key";
  return {
    database,
    read: database.prepare("SELECT value FROM entries WHERE key = ?"),
    put: database.prepare("INSERT INTO entries VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"),
    remove: database.prepare("DELETE FROM entries WHERE key = ?"),
    forward: database.prepare(`${range} LIMIT ?`),
    backward: database.prepare(`${range} DESC LIMIT ?`),
  };
}

function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError("a stored value is not bytes");
  return value;
}

const sqliteFull = 13;

function isFull(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteFull;
}

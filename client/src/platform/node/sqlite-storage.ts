import { DatabaseSync, type StatementSync } from "node:sqlite";
import { StorageFull, type KeyRange, type Storage, type StoredChange, type StoredEntry } from "../../core/platform.ts";

/**
 * Storage in one SQLite file: write-ahead log with full synchronisation, so a resolved write survives the power failing; deleted content is
 * overwritten. The statements are synchronous and short.
 */
export class SqliteStorage implements Storage {
  readonly #database: DatabaseSync;
  readonly #read: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #forward: StatementSync;
  readonly #backward: StatementSync;

  /** @param path of the file, or `:memory:` */
  constructor(path: string) {
    const database = new DatabaseSync(path);
    database.exec(
      "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON",
    );
    database.exec("CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT");
    this.#database = database;
    this.#read = database.prepare("SELECT value FROM entries WHERE key = ?");
    this.#put = database.prepare(
      "INSERT INTO entries VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    );
    this.#delete = database.prepare("DELETE FROM entries WHERE key = ?");
    const range = "SELECT key, value FROM entries WHERE key >= ? AND key < ? ORDER BY key";
    this.#forward = database.prepare(`${range} LIMIT ?`);
    this.#backward = database.prepare(`${range} DESC LIMIT ?`);
  }

  async read(key: Uint8Array): Promise<Uint8Array | null> {
    const row = this.#read.get(key);
    return row === undefined ? null : bytesOf(row["value"]);
  }

  async readMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | null)[]> {
    return Promise.all(keys.map((key) => this.read(key)));
  }

  async range({ from, before, limit, direction }: KeyRange): Promise<readonly StoredEntry[]> {
    const statement = direction === "forward" ? this.#forward : this.#backward;
    return statement
      .all(from, before, limit)
      .map((row) => ({ key: bytesOf(row["key"]), value: bytesOf(row["value"]) }));
  }

  async write(changes: readonly StoredChange[]): Promise<void> {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const change of changes) {
        if (change.kind === "put") this.#put.run(change.key, change.value);
        else this.#delete.run(change.key);
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw isFull(error) ? new StorageFull("the disk has no room") : error;
    }
  }

  async erase(): Promise<void> {
    this.#database.exec("DELETE FROM entries");
    this.#database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}

function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError("a stored value is not bytes");
  return value;
}

const sqliteFull = 13;

function isFull(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteFull;
}

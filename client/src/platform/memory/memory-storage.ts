import type { KeyRange, Storage, StoredChange, StoredEntry } from "../../core/platform.ts";
import { compareBytes } from "./compare-bytes.ts";

/** Storage in memory with the laws of the lasting ones, for tests. Two may share the same `entries`, as two openings of one disk do. */
export class MemoryStorage implements Storage {
  readonly #entries: StoredEntry[];

  constructor(entries: StoredEntry[] = []) {
    this.#entries = entries;
  }

  async read(key: Uint8Array): Promise<Uint8Array | null> {
    const at = this.#position(key);
    const entry = this.#entries[at];
    return entry !== undefined && compareBytes(entry.key, key) === 0 ? entry.value.slice() : null;
  }

  async readMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | null)[]> {
    return Promise.all(keys.map((key) => this.read(key)));
  }

  async range(range: KeyRange): Promise<readonly StoredEntry[]> {
    const found = this.#entries.slice(this.#position(range.from), this.#position(range.before));
    if (range.direction === "backward") found.reverse();
    return found.slice(0, range.limit).map(({ key, value }) => ({ key: key.slice(), value: value.slice() }));
  }

  async write(changes: readonly StoredChange[]): Promise<void> {
    for (const change of changes) {
      const at = this.#position(change.key);
      const present = this.#entries[at];
      const replaces = present !== undefined && compareBytes(present.key, change.key) === 0 ? 1 : 0;
      if (change.kind === "delete") this.#entries.splice(at, replaces);
      else this.#entries.splice(at, replaces, { key: change.key.slice(), value: change.value.slice() });
    }
  }

  async erase(): Promise<void> {
    this.#entries.length = 0;
  }

  async close(): Promise<void> {}

  /** Where `key` is, or would go. */
  #position(key: Uint8Array): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && compareBytes(entry.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

import { compareBytes, toHex } from "@unionhall/crypto";
import type { KeyRange, Storage, StoredChange, StoredEntry } from "../platform.ts";

/** What collections read from and write to: the storage itself under the changes of one transaction. */
export interface Entries {
  read(key: Uint8Array): Promise<Uint8Array | null>;
  readMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | null)[]>;
  range(range: KeyRange): Promise<readonly StoredEntry[]>;
  put(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
}

/** Collects changes over a storage that stays as it is; reads see both. */
export class Overlay implements Entries {
  readonly #below: Pick<Storage, "read" | "readMany" | "range">;
  readonly #changes = new Map<string, StoredChange>();

  constructor(below: Pick<Storage, "read" | "readMany" | "range">) {
    this.#below = below;
  }

  /** Each changed key once, as it is at the end. */
  changes(): readonly StoredChange[] {
    return [...this.#changes.values()];
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#changes.set(toHex(key), { kind: "put", key, value });
  }

  delete(key: Uint8Array): void {
    this.#changes.set(toHex(key), { kind: "delete", key });
  }

  async read(key: Uint8Array): Promise<Uint8Array | null> {
    const change = this.#changes.get(toHex(key));
    if (change === undefined) return this.#below.read(key);
    return change.kind === "put" ? change.value : null;
  }

  async readMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | null)[]> {
    if (this.#changes.size === 0) return this.#below.readMany(keys);
    return Promise.all(keys.map((key) => this.read(key)));
  }

  async range(range: KeyRange): Promise<readonly StoredEntry[]> {
    const changed = this.changes().filter(({ key }) => within(key, range));
    if (changed.length === 0) return this.#below.range(range);
    // Each change can hide one entry below, so that many more are asked for.
    const below = await this.#below.range({ ...range, limit: range.limit + changed.length });
    const merged = [
      ...below.filter(({ key }) => !this.#changes.has(toHex(key))),
      ...changed.flatMap((change) => (change.kind === "put" ? [{ key: change.key, value: change.value }] : [])),
    ];
    const sign = range.direction === "forward" ? 1 : -1;
    merged.sort((a, b) => sign * compareBytes(a.key, b.key));
    return merged.slice(0, range.limit);
  }
}

function within(key: Uint8Array, { from, before }: KeyRange): boolean {
  return compareBytes(key, from) >= 0 && compareBytes(key, before) < 0;
}

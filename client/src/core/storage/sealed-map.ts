import type { EntrySeal } from "./entry-seal.ts";
import { rangeOf } from "./key-order.ts";
import type { Entries } from "./overlay.ts";
import type { Id, MapKind, Scope, StoredMap } from "./store.ts";

const pageLength = 500;

/** A map's values, each sealed by itself with its version and id: `[version, id, value]`. Writes go through `change`. */
export class SealedMap<V> implements StoredMap<V> {
  readonly #kind: MapKind<V>;
  readonly #seal: EntrySeal;
  readonly #prefix: Uint8Array;
  readonly #entries: Entries;

  constructor(kind: MapKind<V>, scope: Scope, seal: EntrySeal, entries: Entries) {
    this.#kind = kind;
    this.#seal = seal;
    this.#prefix = seal.prefix("map", kind.name, scope);
    this.#entries = entries;
  }

  async get(id: Id): Promise<V | null> {
    const key = this.#seal.idKey(this.#prefix, id);
    return this.#opened(key, await this.#entries.read(key))?.value ?? null;
  }

  async getMany(ids: readonly Id[]): Promise<readonly (V | null)[]> {
    const keys = ids.map((id) => this.#seal.idKey(this.#prefix, id));
    const found = await this.#entries.readMany(keys);
    return keys.map((key, at) => this.#opened(key, found[at] ?? null)?.value ?? null);
  }

  async entries(): Promise<readonly { readonly id: Id; readonly value: V }[]> {
    const all: { readonly id: Id; readonly value: V }[] = [];
    for await (const { key, value } of this.#stored()) {
      const opened = this.#opened(key, value);
      if (opened !== null) all.push(opened);
    }
    return all;
  }

  async put(id: Id, value: V): Promise<void> {
    const key = this.#seal.idKey(this.#prefix, id);
    this.#entries.put(key, this.#seal.seal(key, [this.#kind.version, id, value]));
  }

  async delete(id: Id): Promise<void> {
    this.#entries.delete(this.#seal.idKey(this.#prefix, id));
  }

  async clear(): Promise<void> {
    for await (const { key } of this.#stored()) this.#entries.delete(key);
  }

  async *#stored(): AsyncGenerator<{ readonly key: Uint8Array; readonly value: Uint8Array }> {
    let range = rangeOf(this.#prefix);
    for (;;) {
      const page = await this.#entries.range({ ...range, limit: pageLength, direction: "forward" });
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < pageLength) return;
      range = { ...range, from: Uint8Array.of(...last.key, 0) };
    }
  }

  #opened(key: Uint8Array, sealed: Uint8Array | null): { readonly id: Id; readonly value: V } | null {
    if (sealed === null) return null;
    const [version, id, value] = this.#seal.open<readonly [number, Id, V]>(key, sealed);
    return version === this.#kind.version ? { id, value } : null;
  }
}

import type { EntrySeal } from "./entry-seal.ts";
import { positionBytes, positionIn } from "./key-order.ts";
import type { Entries } from "./overlay.ts";
import { blockLength, type ListKind, type ListWindow, type Scope, type StoredList } from "./store.ts";

interface Positioned<V> {
  readonly position: number;
  readonly value: V;
}

/** Put at once into one block, so many values are written as a block straight away. */
const worthABlock = blockLength / 2;
/** Every so many positions, a write looks for single values that a block should hold. */
const sweepEvery = 16;
const blocks = 0;
const singles = 1;

/**
 * A list's values: blocks of {@link blockLength} positions, `[version, [[position, value], …]]`, and single values,
 * `[version, value]`, which hide those of the block. Keys: `prefix (17) ‖ 0 ‖ block (8)` and `prefix ‖ 1 ‖ position (8)`. A single value is
 * one small write; once later blocks are being filled, singles are swept into theirs.
 */
export class SealedList<V> implements StoredList<V> {
  readonly #kind: ListKind<V>;
  readonly #seal: EntrySeal;
  readonly #prefix: Uint8Array;
  readonly #entries: Entries;

  constructor(kind: ListKind<V>, scope: Scope, seal: EntrySeal, entries: Entries) {
    this.#kind = kind;
    this.#seal = seal;
    this.#prefix = seal.prefix("list", kind.name, scope);
    this.#entries = entries;
  }

  async get(position: number): Promise<V | null> {
    const single = await this.#readSingle(position);
    if (single !== null) return single.value;
    const block = await this.#readBlock(blockOf(position));
    return block.get(position) ?? null;
  }

  async range({ from, limit, direction }: ListWindow): Promise<readonly Positioned<V>[]> {
    const found: Positioned<V>[] = [];
    let start: number | null = from ?? (direction === "forward" ? 0 : Number.MAX_SAFE_INTEGER);
    while (start !== null && found.length < limit) {
      const stretch: Stretch<V> = await this.#stretch(start, limit - found.length, direction);
      found.push(...stretch.values);
      start = stretch.next;
    }
    return found.slice(0, limit);
  }

  async last(): Promise<number | null> {
    const [newest] = await this.range({ limit: 1, direction: "backward" });
    return newest?.position ?? null;
  }

  async put(position: number, value: V): Promise<void> {
    await this.putMany([{ position, value }]);
  }

  async putMany(values: readonly Positioned<V>[]): Promise<void> {
    for (const [block, group] of Map.groupBy(values, ({ position }) => blockOf(position))) {
      if (group.length >= worthABlock) await this.#fill(block, group);
      else for (const { position, value } of group) this.#putSingle(position, value);
    }
    const newest = values.findLast(({ position }) => position % sweepEvery === 0);
    if (newest !== undefined) await this.#sweep(blockOf(newest.position));
  }

  async delete(position: number): Promise<void> {
    this.#entries.delete(this.#key(singles, position));
    const number = blockOf(position);
    const block = await this.#readBlock(number);
    if (block.delete(position)) this.#writeBlock(number, block);
  }

  async clear(): Promise<void> {
    for (const shape of [blocks, singles]) {
      const range = { from: this.#key(shape, 0), before: this.#key(shape, Number.MAX_SAFE_INTEGER) };
      for (;;) {
        const page = await this.#entries.range({ ...range, limit: 500, direction: "forward" });
        for (const { key } of page) this.#entries.delete(key);
        if (page.length < 500) break;
      }
    }
  }

  /** The next values from `start` on, as far as both blocks and singles are known to have been seen. */
  async #stretch(start: number, limit: number, direction: "forward" | "backward"): Promise<Stretch<V>> {
    const forward = direction === "forward";
    const blockLimit = Math.ceil(limit / blockLength) + 1;
    const [storedBlocks, storedSingles] = await Promise.all([
      this.#rangeFrom(blocks, blockOf(start), blockLimit, direction),
      this.#rangeFrom(singles, start, limit, direction),
    ]);
    const lastBlock = storedBlocks.length < blockLimit ? undefined : storedBlocks.at(-1);
    const lastSingle = storedSingles.length < limit ? undefined : storedSingles.at(-1);
    const seen: number[] = [];
    if (lastBlock !== undefined) seen.push(positionIn(lastBlock.key) * blockLength + (forward ? blockLength - 1 : 0));
    if (lastSingle !== undefined) seen.push(positionIn(lastSingle.key));
    const horizon = seen.length === 0 ? null : forward ? Math.min(...seen) : Math.max(...seen);

    const values = new Map<number, V>();
    for (const { key, value } of storedBlocks) for (const [at, one] of this.#openBlock(key, value)) values.set(at, one);
    for (const { key, value } of storedSingles) {
      const single = this.#openSingle(key, value);
      if (single !== null) values.set(positionIn(key), single.value);
    }
    const inside = (position: number): boolean =>
      forward
        ? position >= start && (horizon === null || position <= horizon)
        : position <= start && (horizon === null || position >= horizon);
    const ordered = [...values]
      .filter(([position]) => inside(position))
      .toSorted(([a], [b]) => (forward ? a - b : b - a));
    const next = horizon === null ? null : forward ? horizon + 1 : horizon - 1;
    return {
      values: ordered.map(([position, value]) => ({ position, value })),
      next: next === null || next < 0 ? null : next,
    };
  }

  #rangeFrom(shape: number, start: number, limit: number, direction: "forward" | "backward") {
    const end = Number.MAX_SAFE_INTEGER;
    const range =
      direction === "forward"
        ? { from: this.#key(shape, start), before: this.#key(shape, end) }
        : { from: this.#key(shape, 0), before: this.#key(shape, Math.min(start + 1, end)) };
    return this.#entries.range({ ...range, limit, direction });
  }

  /** Puts the singles of all blocks before `current` into their blocks. */
  async #sweep(current: number): Promise<void> {
    const range = { from: this.#key(singles, 0), before: this.#key(singles, current * blockLength) };
    const old = await this.#entries.range({ ...range, limit: 4 * blockLength, direction: "forward" });
    for (const [block, group] of Map.groupBy(old, ({ key }) => blockOf(positionIn(key)))) {
      const values = group.flatMap(({ key, value }) => {
        const single = this.#openSingle(key, value);
        return single === null ? [] : [{ position: positionIn(key), value: single.value }];
      });
      await this.#fill(block, values);
      for (const { key } of group) this.#entries.delete(key);
    }
  }

  /** Merges values into a block; singles of the same positions go. */
  async #fill(number: number, values: readonly Positioned<V>[]): Promise<void> {
    const block = await this.#readBlock(number);
    for (const { position, value } of values) {
      block.set(position, value);
      this.#entries.delete(this.#key(singles, position));
    }
    this.#writeBlock(number, block);
  }

  #putSingle(position: number, value: V): void {
    const key = this.#key(singles, position);
    this.#entries.put(key, this.#seal.seal(key, [this.#kind.version, value]));
  }

  async #readSingle(position: number): Promise<{ readonly value: V } | null> {
    const key = this.#key(singles, position);
    const sealed = await this.#entries.read(key);
    return sealed === null ? null : this.#openSingle(key, sealed);
  }

  #openSingle(key: Uint8Array, sealed: Uint8Array): { readonly value: V } | null {
    const [version, value] = this.#seal.open<readonly [number, V]>(key, sealed);
    return version === this.#kind.version ? { value } : null;
  }

  async #readBlock(number: number): Promise<Map<number, V>> {
    const key = this.#key(blocks, number);
    const sealed = await this.#entries.read(key);
    return sealed === null ? new Map() : this.#openBlock(key, sealed);
  }

  #openBlock(key: Uint8Array, sealed: Uint8Array): Map<number, V> {
    const [version, block] = this.#seal.open<readonly [number, readonly (readonly [number, V])[]]>(key, sealed);
    return new Map(version === this.#kind.version ? block : []);
  }

  #writeBlock(number: number, block: ReadonlyMap<number, V>): void {
    const key = this.#key(blocks, number);
    if (block.size === 0) return this.#entries.delete(key);
    const ordered = [...block].toSorted(([a], [b]) => a - b);
    this.#entries.put(key, this.#seal.seal(key, [this.#kind.version, ordered]));
  }

  #key(shape: number, position: number): Uint8Array {
    return Uint8Array.of(...this.#prefix, shape, ...positionBytes(position));
  }
}

interface Stretch<V> {
  readonly values: readonly Positioned<V>[];
  /** Where to go on; null at the end. */
  readonly next: number | null;
}

function blockOf(position: number): number {
  return Math.floor(position / blockLength);
}

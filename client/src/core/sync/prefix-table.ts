/** Bytes of an id or a hash that the table looks at. */
export const prefixBytes = 8;

/**
 * Which log positions go with an id or a hash, by its first 8 bytes: 16 bytes of memory each, so that a group of 100,000 records fits in a few
 * megabytes. Two ids may share a prefix, by chance or because somebody ground one; who asks compares what stands at the positions.
 */
export class PrefixTable {
  #prefixes = new BigUint64Array(64);
  /** 0: an empty place; positions are kept plus one. */
  #positions = new Float64Array(64);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param id at least 8 bytes */
  add(id: Uint8Array, position: number): void {
    if (this.#size * 2 >= this.#positions.length) this.#grow();
    this.#place(prefixOf(id), position + 1);
    this.#size += 1;
  }

  /** Positions that were added with this prefix, in no order that means anything. */
  find(id: Uint8Array): readonly number[] {
    const prefix = prefixOf(id);
    const found: number[] = [];
    for (let at = this.#start(prefix); this.#positions[at] !== 0; at = this.#next(at))
      if (this.#prefixes[at] === prefix) found.push((this.#positions[at] ?? 0) - 1);
    return found;
  }

  #place(prefix: bigint, kept: number): void {
    let at = this.#start(prefix);
    while (this.#positions[at] !== 0) at = this.#next(at);
    this.#prefixes[at] = prefix;
    this.#positions[at] = kept;
  }

  /** Ids are hashes or random, so their own low bits spread them. */
  #start(prefix: bigint): number {
    return Number(prefix & 0xffff_ffffn) & (this.#positions.length - 1);
  }

  #next(at: number): number {
    return (at + 1) & (this.#positions.length - 1);
  }

  #grow(): void {
    const [prefixes, positions] = [this.#prefixes, this.#positions];
    this.#prefixes = new BigUint64Array(prefixes.length * 2);
    this.#positions = new Float64Array(positions.length * 2);
    positions.forEach((kept, at) => {
      if (kept !== 0) this.#place(prefixes[at] ?? 0n, kept);
    });
  }
}

function prefixOf(id: Uint8Array): bigint {
  return new DataView(id.buffer, id.byteOffset, prefixBytes).getBigUint64(0, true);
}

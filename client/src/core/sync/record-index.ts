import { defineList, type Collections, type StoredList } from "../storage/store.ts";
import { PrefixTable, prefixBytes } from "./prefix-table.ts";

/** Rows `prefix (8) ‖ log position (8)` one after the other; {@link rowsPerSegment} in each but the last. */
export const recordSegments = defineList<Uint8Array>({ name: "groups/record-index", version: 1 });
const rowBytes = prefixBytes + 8;
const rowsPerSegment = 512;

/**
 * Finds where in the log a record is, by its id or its hash. Rows are only ever added; they are read when first asked for, and kept as a
 * {@link PrefixTable}. After a transaction that failed, forget the object and make a new one.
 */
export class RecordIndex {
  readonly #groupId: Uint8Array;
  #table: Promise<PrefixTable> | null = null;
  /** Rows of the last segment. */
  #open: Uint8Array[] = [];
  #full = 0;

  constructor(groupId: Uint8Array) {
    this.#groupId = groupId;
  }

  /** Log positions under which this id or hash may stand; the caller compares. */
  async find(from: Collections, idOrHash: Uint8Array): Promise<readonly number[]> {
    return (await this.#loaded(from)).find(idOrHash);
  }

  /** Adds rows and stores them with the transaction. */
  async add(
    tx: Collections,
    rows: readonly { readonly idOrHash: Uint8Array; readonly position: number }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const table = await this.#loaded(tx);
    const changed: { readonly position: number; readonly value: Uint8Array }[] = [];
    for (const { idOrHash, position } of rows) {
      table.add(idOrHash, position);
      this.#open.push(rowOf(idOrHash, position));
      if (this.#open.length < rowsPerSegment) continue;
      changed.push({ position: this.#full, value: joined(this.#open) });
      this.#full += 1;
      this.#open = [];
    }
    if (this.#open.length > 0) changed.push({ position: this.#full, value: joined(this.#open) });
    await this.#list(tx).putMany(changed);
  }

  /** Read once, for all who ask meanwhile: a second reading could end after rows were added, and lose them here. */
  #loaded(from: Collections): Promise<PrefixTable> {
    this.#table ??= this.#readAll(from).catch((error: unknown) => {
      this.#table = null;
      throw error;
    });
    return this.#table;
  }

  async #readAll(from: Collections): Promise<PrefixTable> {
    const table = new PrefixTable();
    const list = this.#list(from);
    for (let start = 0; ; start += 32) {
      const page = await list.range({ from: start, limit: 32, direction: "forward" });
      for (const { position, value } of page) this.#read(table, position, value);
      if (page.length < 32) break;
    }
    return table;
  }

  #read(table: PrefixTable, segment: number, bytes: Uint8Array): void {
    const rows = Array.from({ length: bytes.length / rowBytes }, (_, row) =>
      bytes.subarray(row * rowBytes, (row + 1) * rowBytes),
    );
    for (const row of rows) table.add(row, positionOf(row));
    const isFull = rows.length === rowsPerSegment;
    this.#full = isFull ? segment + 1 : segment;
    this.#open = isFull ? [] : rows;
  }

  #list(from: Collections): StoredList<Uint8Array> {
    return from.list(recordSegments, this.#groupId);
  }
}

function rowOf(idOrHash: Uint8Array, position: number): Uint8Array {
  const row = new Uint8Array(rowBytes);
  row.set(idOrHash.subarray(0, prefixBytes));
  new DataView(row.buffer).setBigUint64(prefixBytes, BigInt(position));
  return row;
}

function positionOf(row: Uint8Array): number {
  return Number(new DataView(row.buffer, row.byteOffset + prefixBytes, 8).getBigUint64(0));
}

function joined(rows: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(rows.length * rowBytes);
  rows.forEach((row, at) => bytes.set(row, at * rowBytes));
  return bytes;
}

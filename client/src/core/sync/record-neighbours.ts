import {
  fromHex,
  lastWordsFor,
  RecordSet,
  toHex,
  type GroupState,
  type RecordFacts,
  type WordsHead,
} from "@unionhall/crypto";
import type { Collections } from "../storage/store.ts";
import type { FactsShelf } from "./facts-shelf.ts";
import type { RecordIndex } from "./record-index.ts";
import { readFacts, type StoredFacts } from "./stored-facts.ts";

/** How far the neighbours of neighbours are fetched: a record, its rivals, and what those rivals are judged by. */
const rounds = 3;

export interface HeldRecord {
  readonly seq: number;
  readonly facts: RecordFacts;
  /** As stored before; null for one that is new. */
  readonly stored: StoredFacts | null;
}

/**
 * The part of a group's records that judging some of them asks about, as crypto's {@link RecordSet}: the records themselves, those they name
 * as previous or change, their rivals (same id, same number), those that name them, and those through which last words lead to them.
 * So that judging needs a few dozen records in memory, not the whole group.
 */
export class RecordNeighbours {
  readonly set = new RecordSet();
  readonly #held = new Map<string, HeldRecord>();
  readonly #seqs = new Set<number>();
  readonly #from: Collections;
  readonly #index: RecordIndex;
  readonly #shelf: FactsShelf;

  constructor(from: Collections, index: RecordIndex, shelf: FactsShelf) {
    this.#from = from;
    this.#index = index;
    this.#shelf = shelf;
  }

  get(hash: string): HeldRecord | undefined {
    return this.#held.get(hash);
  }

  /** Takes a record in and says whose verdict may change because of it. */
  put(record: HeldRecord): readonly string[] {
    this.#seqs.add(record.seq);
    this.#held.set(record.facts.hash, record);
    return this.set.put(record.facts);
  }

  /** Fetches what is stored around these records. */
  async gather(around: readonly RecordFacts[], state: GroupState): Promise<void> {
    let edge = around;
    for (let round = 0; round < rounds && edge.length > 0; round++) edge = await this.#gatherOnce(edge);
    for (const facts of around) await this.#gatherLastWords(facts, state);
  }

  async #gatherOnce(around: readonly RecordFacts[]): Promise<readonly RecordFacts[]> {
    const found: RecordFacts[] = [];
    for (const key of new Set(around.flatMap(keysAround)))
      for (const seq of await this.#index.find(this.#from, fromHex(key))) {
        const record = await this.fetch(seq);
        if (record !== null) found.push(record.facts);
      }
    return found;
  }

  /** Walks from the records that last words name towards this one. */
  async #gatherLastWords({ stub, body }: RecordFacts, state: GroupState): Promise<void> {
    if (stub === null || body.kind !== "open") return;
    const words = lastWordsFor(state, fromHex(body.author), fromHex(stub.device), stub.headIndex);
    for (const { heads } of words) for (const head of heads) await this.#walk(head, stub.number);
  }

  async #walk(head: WordsHead, downTo: number): Promise<void> {
    let next = { hash: toHex(head.hash), number: head.number };
    while (next.number >= downTo && next.number > 0) {
      const record = this.#held.get(next.hash) ?? (await this.#findByHash(next.hash));
      const stub = record?.facts.stub ?? null;
      if (stub === null || stub.previousNumber >= next.number) return;
      next = { hash: stub.previousHash, number: stub.previousNumber };
    }
  }

  async #findByHash(hash: string): Promise<HeldRecord | undefined> {
    for (const seq of await this.#index.find(this.#from, fromHex(hash))) await this.fetch(seq);
    return this.#held.get(hash);
  }

  /** Null where it is here already or there is none. */
  async fetch(seq: number): Promise<HeldRecord | null> {
    if (this.#seqs.has(seq)) return null;
    const stored = await this.#shelf.get(this.#from, seq);
    if (stored === null) return null;
    const record = { seq, facts: readFacts(stored), stored };
    this.put(record);
    return record;
  }
}

/** Under which keys the record index finds a record: see {@link keysAround}. */
export function indexKeysOf({ hash, recordId, target, stub }: RecordFacts): readonly string[] {
  const keys = [hash, recordId];
  if (target !== null) keys.push(target);
  if (stub !== null) keys.push(numberKey(stub.device, stub.number));
  if (stub !== null && stub.previousNumber > 0) keys.push(stub.previousHash);
  return keys;
}

/** Under which keys those stand that this record is judged by, and those that are judged by it. */
function keysAround({ hash, recordId, target, stub, body }: RecordFacts): readonly string[] {
  const keys = [hash, recordId];
  const changesAnother = body.kind === "open" && (body.recordKind === "edit" || body.recordKind === "retract");
  if (target !== null && changesAnother) keys.push(target);
  if (stub !== null) keys.push(numberKey(stub.device, stub.number));
  if (stub !== null && stub.previousNumber > 0) keys.push(stub.previousHash);
  return keys;
}

/** 8 bytes in hex that stand for one number of one device: the first of its key, which are as good as random, and the number mixed in. */
function numberKey(device: string, number: number): string {
  const mixed = BigInt(`0x${device.slice(0, 16)}`) ^ ((BigInt(number) * 0x9e3779b97f4a7c15n) & 0xffff_ffff_ffff_ffffn);
  return mixed.toString(16).padStart(16, "0");
}

import {
  factsOfRecord,
  factsOfRemnant,
  fromHex,
  judgeRecord,
  openRecord,
  toHex,
  type OpenedRecord,
  type RecordBody,
  type RecordFacts,
  type RecordKeys,
} from "@unionhall/crypto";
import { placeOf } from "../topics/topic-order.ts";
import type { GroupDraft } from "./group-draft.ts";
import { logItems, type StoredItem } from "./group-store.ts";
import { recordsSpokenOf } from "./last-words.ts";
import { indexKeysOf, RecordNeighbours, type HeldRecord } from "./record-neighbours.ts";
import { storeFacts, type StoredFacts } from "./stored-facts.ts";
import type { Self, VerdictChange } from "./verdict-change.ts";
import { waitingRecords } from "./group-store.ts";

export type RecordItem = Extract<StoredItem, { readonly kind: "record" | "tombstone" }>;

const dayMilliseconds = 86_400_000;

/**
 * The records of one page of the log on their way into storage: opened one by one as they come, judged together at the end, against the chain
 * as it is after the whole page. Verdicts never depend on the order, so this is the same as judging each when it comes.
 */
export class RecordPage {
  readonly #draft: GroupDraft;
  readonly #self: Self;
  readonly #fresh: HeldRecord[] = [];
  /** Of records that are new here, with their places in the log: stored together. */
  readonly #items = new Map<number, RecordItem>();
  readonly #hashes = new Set<string>();
  readonly #opened = new Map<string, { readonly body: RecordBody; readonly vaultVersion: number }>();
  readonly #places = new Map<string, number>();

  constructor(draft: GroupDraft, self: Self) {
    this.#draft = draft;
    this.#self = self;
  }

  /**
   * Takes a record in; `keys` are those of its era. The same record a second time is passed over: it counts once, where it stood first. Says
   * whether it was new.
   */
  async add(seq: number, item: RecordItem, keys: RecordKeys, arrivedLate: boolean): Promise<boolean> {
    const facts = this.#open(item, keys, arrivedLate);
    if (this.#hashes.has(facts.hash) || (await this.#isHeld(facts.hash))) return false;
    this.#fresh.push({ seq, facts, stored: null });
    this.#items.set(seq, item);
    this.#hashes.add(facts.hash);
    return true;
  }

  /** Takes in again a record that could not be opened before: its key has come, and so it counts as one that has just come. */
  reopen(seq: number, item: RecordItem, keys: RecordKeys, arrivedLate: boolean): void {
    this.#fresh.push({ seq, facts: this.#open(item, keys, arrivedLate), stored: null });
  }

  /** Takes in what is left of a record that is held whole. */
  reduce(seq: number, remnant: RecordItem, keys: RecordKeys, stored: StoredFacts): void {
    this.#fresh.push({ seq, facts: this.#open(remnant, keys, stored.arrivedLate), stored });
  }

  /**
   * Judges what came, and whatever is judged otherwise because of it or because of entries from `firstNewIndex` on. Stores records, facts and
   * verdicts; what follows from them is the caller's.
   */
  async judge(firstNewIndex: number | null): Promise<readonly VerdictChange[]> {
    const { tx, caches, state } = this.#draft;
    await this.#storeItems();
    const neighbours = new RecordNeighbours(tx, caches.index, caches.shelf);
    const again = await this.#waiting(neighbours, firstNewIndex);
    await neighbours.gather([...this.#fresh.map(({ facts }) => facts), ...again], state);
    const touched = new Set<string>();
    for (const facts of again) for (const { hash } of [facts, ...rivalsOf(neighbours, facts)]) touched.add(hash);
    for (const record of this.#fresh) for (const hash of neighbours.put(record)) touched.add(hash);
    for (const { facts } of this.#fresh) touched.add(facts.hash);
    return this.#store(await this.#verdicts(neighbours, touched));
  }

  async #isHeld(hash: string): Promise<boolean> {
    const { tx, caches } = this.#draft;
    for (const seq of await caches.index.find(tx, fromHex(hash))) {
      const held = (await caches.shelf.get(tx, seq))?.hash;
      if (held !== undefined && toHex(held) === hash) return true;
    }
    return false;
  }

  #open(item: RecordItem, keys: RecordKeys, arrivedLate: boolean): RecordFacts {
    if (item.kind === "tombstone") return factsOfRemnant(item, keys, item.command);
    const opened = openRecord(item, keys);
    const facts = factsOfRecord(item, opened, arrivedLate);
    if (opened.kind === "opened") this.#keep(facts.hash, opened);
    return facts;
  }

  #keep(hash: string, { body, content }: Extract<OpenedRecord, { readonly kind: "opened" }>): void {
    this.#opened.set(hash, { body, vaultVersion: content.vaultVersion });
  }

  /** Records already here whose verdict waits, and those of whom new last words may speak. */
  async #waiting(neighbours: RecordNeighbours, firstNewIndex: number | null): Promise<readonly RecordFacts[]> {
    const { tx, groupId } = this.#draft;
    const waiting = await tx.map(waitingRecords, groupId).entries();
    const seqs = new Set(waiting.map(({ id }) => Number(id)));
    if (firstNewIndex !== null) for (const seq of await recordsSpokenOf(this.#draft, firstNewIndex)) seqs.add(seq);
    const facts: RecordFacts[] = [];
    for (const seq of seqs) {
      const record = await neighbours.fetch(seq);
      if (record !== null) facts.push(record.facts);
    }
    return facts;
  }

  async #verdicts(neighbours: RecordNeighbours, hashes: ReadonlySet<string>): Promise<readonly VerdictChange[]> {
    const today = Math.floor(this.#self.now / dayMilliseconds);
    const changes: VerdictChange[] = [];
    for (const hash of hashes) {
      const record = neighbours.get(hash);
      if (record === undefined) continue;
      const after = judgeRecord(this.#draft.state, neighbours.set, hash, today);
      const before = record.stored?.verdict ?? null;
      if (before !== null && JSON.stringify(before) === JSON.stringify(after)) continue;
      const { seq, facts, stored } = record;
      const place = stored?.place ?? (await this.#placeOf(neighbours, facts));
      const vaultVersion = this.#opened.get(hash)?.vaultVersion ?? null;
      changes.push({ seq, facts, before, after, place, body: await this.#body(seq, facts), vaultVersion });
    }
    return changes.toSorted((a, b) => a.seq - b.seq);
  }

  /** A record's body, for those that came before: opened again from what is stored. */
  async #body(seq: number, { hash, era, body }: RecordFacts): Promise<RecordBody | null> {
    const known = this.#opened.get(hash);
    if (known !== undefined || body.kind !== "open") return known?.body ?? null;
    const item = await this.#draft.tx.list(logItems, this.#draft.groupId).get(seq);
    const keys = this.#draft.recordKeys(era);
    if (item?.kind !== "record" || keys === null) return null;
    const opened = openRecord(item, keys);
    return opened.kind === "opened" ? opened.body : null;
  }

  async #placeOf(neighbours: RecordNeighbours, facts: RecordFacts): Promise<number> {
    const { stub, body, era } = facts;
    const eraStartedAt = this.#draft.state.eras[era]?.startedAt ?? 0;
    if (stub === null || body.kind !== "open") return eraStartedAt;
    const named: number[] = [];
    for (const hash of [stub.previousHash, ...body.seen]) {
      const place = this.#places.get(hash) ?? (await this.#storedPlace(neighbours, hash));
      if (place !== null) named.push(place);
    }
    const place = placeOf({ time: body.time, eraStartedAt, named });
    this.#places.set(facts.hash, place);
    return place;
  }

  async #storedPlace(neighbours: RecordNeighbours, hash: string): Promise<number | null> {
    const stored = neighbours.get(hash)?.stored;
    if (stored !== undefined && stored !== null) return stored.place;
    const { tx, caches } = this.#draft;
    for (const seq of await caches.index.find(tx, fromHex(hash))) {
      const facts = await caches.shelf.get(tx, seq);
      if (facts !== null && toHex(facts.hash) === hash) return facts.place;
    }
    return null;
  }

  async #storeItems(): Promise<void> {
    const { tx, groupId, caches } = this.#draft;
    const items = [...this.#items].map(([position, value]) => ({ position, value }));
    await tx.list(logItems, groupId).putMany(items);
    const rows = this.#fresh
      .filter(({ seq }) => this.#items.has(seq))
      .flatMap(({ seq, facts }) => indexKeysOf(facts).map((key) => ({ idOrHash: fromHex(key), position: seq })));
    await caches.index.add(tx, rows);
  }

  async #store(changes: readonly VerdictChange[]): Promise<readonly VerdictChange[]> {
    const { tx, groupId, caches } = this.#draft;
    const stored = new Map<number, StoredFacts>();
    const waiting = tx.map(waitingRecords, groupId);
    for (const { seq, facts, before, after, place } of changes) {
      stored.set(seq, storeFacts(facts, after, place));
      if (after.kind === "waiting") await waiting.put(seq, { hash: fromHex(facts.hash) });
      else if (before?.kind === "waiting") await waiting.delete(seq);
    }
    await caches.shelf.put(tx, stored);
    return changes;
  }
}

/** Those that a record is weighed against: of the same id, or the same number of the same device. */
function rivalsOf({ set }: RecordNeighbours, { recordId, stub }: RecordFacts): readonly RecordFacts[] {
  return [...set.withId(recordId), ...(stub === null ? [] : set.withNumber(stub.device, stub.number))];
}

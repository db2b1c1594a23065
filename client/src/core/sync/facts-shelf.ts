import type { Collections } from "../storage/store.ts";
import { recordFacts } from "./group-store.ts";
import type { StoredFacts } from "./stored-facts.ts";

const shelfLength = 1_000;

/** Facts of records by `seq`, the ones used last kept in memory. After a transaction that failed, make a new one. */
export class FactsShelf {
  readonly #groupId: Uint8Array;
  readonly #recent = new Map<number, StoredFacts>();

  constructor(groupId: Uint8Array) {
    this.#groupId = groupId;
  }

  async get(from: Collections, seq: number): Promise<StoredFacts | null> {
    const known = this.#recent.get(seq);
    const stored = known ?? (await from.list(recordFacts, this.#groupId).get(seq));
    // What was put while this was read is newer.
    const facts = this.#recent.get(seq) ?? stored;
    if (facts !== null) this.#remember(seq, facts);
    return facts;
  }

  async put(tx: Collections, changed: ReadonlyMap<number, StoredFacts>): Promise<void> {
    await tx
      .list(recordFacts, this.#groupId)
      .putMany([...changed].toSorted(([a], [b]) => a - b).map(([position, value]) => ({ position, value })));
    for (const [seq, facts] of changed) this.#remember(seq, facts);
  }

  /** All, oldest first, a few at a time; not kept in memory. */
  async *all(from: Collections): AsyncGenerator<{ readonly seq: number; readonly facts: StoredFacts }> {
    const list = from.list(recordFacts, this.#groupId);
    let next: number | null = 0;
    while (next !== null) {
      const page: readonly { readonly position: number; readonly value: StoredFacts }[] = await list.range({
        from: next,
        limit: 200,
        direction: "forward",
      });
      for (const { position, value } of page) yield { seq: position, facts: value };
      const last = page.at(-1);
      next = last === undefined || page.length < 200 ? null : last.position + 1;
    }
  }

  #remember(seq: number, facts: StoredFacts): void {
    this.#recent.delete(seq);
    this.#recent.set(seq, facts);
    if (this.#recent.size <= shelfLength) return;
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined) this.#recent.delete(oldest);
  }
}

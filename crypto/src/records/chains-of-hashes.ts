/** The chains of hashes by which a device's records lead back to one another, and from which of them most is reached. */
import type { RecordFacts } from "./record-facts.ts";
import type { RecordSet } from "./record-set.ts";

/** A way back that no other one covers: where it begins, and what it adds to them. */
interface Chain {
  readonly head: RecordFacts;
  /** How many of the wanted records it reaches that those found before it do not. */
  readonly added: number;
  /** Head index of the oldest record it adds: without the server's help, nobody writes into an era that ended. */
  readonly oldest: number;
}

export class ChainsOfHashes {
  private readonly records: RecordSet;
  private readonly reached = new Set<string>();

  constructor(records: RecordSet) {
    this.records = records;
  }

  /**
   * The fewest records from which chains lead to all of these that none asked for before leads to. Where they are more
   * than `room`, whoever holds the device broke its chain on purpose, and numbers, hashes and times are its own to
   * choose. What it cannot have is a long history for each break, nor one in an era before it had the device. So the
   * places go by turns to the chain that adds most and to the one that reaches furthest back.
   */
  headsLeadingTo(wanted: readonly RecordFacts[], room: number): readonly RecordFacts[] {
    return chosen(this.chainsTo(wanted), room).map(({ head }) => head);
  }

  /** Always the longest of those that are left, so that each adds as much as one can. */
  private chainsTo(wanted: readonly RecordFacts[]): readonly Chain[] {
    const asked = new Set(wanted.map(({ hash }) => hash).filter((hash) => !this.reached.has(hash)));
    const lengths = new Map<string, number>();
    for (const record of wanted) this.measure(record, asked, lengths);
    const lengthOf = ({ hash }: RecordFacts): number => lengths.get(hash) ?? 0;
    const chains: Chain[] = [];
    for (const head of wanted.toSorted((a, b) => lengthOf(b) - lengthOf(a) || (a.hash < b.hash ? -1 : 1))) {
      if (!this.reached.has(head.hash)) chains.push(this.passThrough(head, asked));
    }
    return chains;
  }

  /** How many of `asked` the chain from this record reaches, itself among them, for it and all on its way. */
  private measure(from: RecordFacts, asked: ReadonlySet<string>, lengths: Map<string, number>): void {
    const way: RecordFacts[] = [];
    let next: RecordFacts | undefined = from;
    while (next !== undefined && !lengths.has(next.hash) && !this.reached.has(next.hash)) {
      way.push(next);
      next = previousOf(this.records, next);
    }
    let length = next === undefined ? 0 : (lengths.get(next.hash) ?? 0);
    for (const { hash } of way.toReversed()) {
      if (asked.has(hash)) length++;
      lengths.set(hash, length);
    }
  }

  private passThrough(head: RecordFacts, asked: ReadonlySet<string>): Chain {
    let added = 0;
    let oldest = head;
    let next: RecordFacts | undefined = head;
    while (next !== undefined && !this.reached.has(next.hash)) {
      this.reached.add(next.hash);
      if (asked.has(next.hash)) {
        added++;
        oldest = next;
      }
      next = previousOf(this.records, next);
    }
    return { head, added, oldest: oldest.stub?.headIndex ?? 0 };
  }
}

function chosen(chains: readonly Chain[], room: number): readonly Chain[] {
  if (chains.length <= room) return chains;
  const longest = chains.toSorted((a, b) => b.added - a.added);
  const oldest = longest.toSorted((a, b) => a.oldest - b.oldest);
  const byTurns = longest.flatMap((chain, turn) => [chain, oldest[turn] ?? chain]);
  return [...new Set(byTurns)].slice(0, room);
}

function previousOf(records: RecordSet, { stub }: RecordFacts): RecordFacts | undefined {
  const before = stub === null ? undefined : records.get(stub.previousHash);
  if (stub === null || before === undefined || before.stub === null) return undefined;
  const fits = before.stub.device === stub.device && before.stub.number === stub.previousNumber;
  return fits && before.stub.number < stub.number ? before : undefined;
}

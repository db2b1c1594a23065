/**
 * The records held of one group, indexed for judging (protocol section 6). Putting the same facts in any order gives
 * the same set: nothing here remembers the order.
 */
import { fromHex } from "../primitives/bytes.ts";
import { LastWordsWalks } from "./last-words-walk.ts";
import type { RecordFacts } from "./record-facts.ts";

/** A record that somebody names and that is not held: withheld, or still on its way. */
export interface MissingRecord {
  /** Hash of the missing record, lower-case hexadecimal. */
  readonly hash: string;
  /** Hash of the record that names it. */
  readonly namedBy: string;
  /** `previous`: the author's own chain has a hole. `seen`: another author says it was there, which is a hint. */
  readonly as: "previous" | "seen";
}

/**
 * The facts of all records held of one group, found by what judging asks for: hash, id, number, previous, target,
 * device. What it says depends on which records were added, never on their order.
 */
export class RecordSet {
  private readonly byHash = new Map<string, RecordFacts>();
  private readonly byId = new Index();
  private readonly byNumber = new Index();
  private readonly byPrevious = new Index();
  private readonly byTarget = new Index();
  private readonly byDevice = new Index();
  private readonly byAuthor = new Index();
  private readonly byHeadIndex = new Map<number, Set<string>>();
  private readonly keys = new Map<string, Uint8Array>();
  private readonly closed = new Set<string>();
  /** How far last words lead; a cache of what the facts say. */
  readonly walks: LastWordsWalks = new LastWordsWalks((hash) => this.get(hash));

  /** How many records are held. */
  get size(): number {
    return this.byHash.size;
  }

  /** The record of this hash (hexadecimal). */
  get(hash: string): RecordFacts | undefined {
    return this.byHash.get(hash);
  }

  hashes(): Iterable<string> {
    return this.byHash.keys();
  }

  /**
   * Takes a record in, or what is now known of it (its body went, or its key came: this takes the place of what was
   * known), and says which records must be judged (again) because of it: itself among them. Nobody else's verdict
   * changes, of those that were judged in this set.
   */
  put(facts: RecordFacts): readonly string[] {
    const known = this.byHash.get(facts.hash);
    if (known !== undefined) this.forget(known);
    // A stub that was read once is what these bytes say; walks have passed through it.
    const held = facts.stub === null && known !== undefined ? { ...facts, stub: known.stub } : facts;
    this.remember(held);
    return [...new Set([held.hash, ...this.dependents(held)])];
  }

  /** The bytes of a key that facts name; each is read from hexadecimal only once. */
  keyBytes(key: string): Uint8Array {
    const known = this.keys.get(key) ?? fromHex(key);
    this.keys.set(key, known);
    return known;
  }

  /** Records with this id (hexadecimal). */
  withId(recordId: string): readonly RecordFacts[] {
    return this.read(this.byId.get(recordId));
  }

  /** Records with this device's number; their stubs say so. */
  withNumber(device: string, number: number): readonly RecordFacts[] {
    return this.read(this.byNumber.get(numberKey(device, number)));
  }

  /** Records whose stub names this device. */
  ofDevice(device: string): readonly RecordFacts[] {
    return this.read(this.byDevice.get(device));
  }

  /** Opened records that name this identity key as author. */
  ofAuthor(identityKey: string): readonly RecordFacts[] {
    return this.read(this.byAuthor.get(identityKey));
  }

  /** Records whose head is this chain item or a later one. */
  withHeadFrom(index: number): readonly RecordFacts[] {
    return [...this.byHeadIndex].flatMap(([head, hashes]) => (head >= index ? this.read(hashes) : []));
  }

  /** Records whose body is gone or cannot be opened. */
  closedOnes(): readonly RecordFacts[] {
    return this.read(this.closed);
  }

  /** What opened records name and this set lacks, in the order of the hashes. */
  missing(): readonly MissingRecord[] {
    const found: MissingRecord[] = [];
    for (const { hash, stub, body } of this.byHash.values()) {
      if (stub === null || body.kind !== "open") continue;
      if (stub.previousNumber > 0 && !this.byHash.has(stub.previousHash))
        found.push({ hash: stub.previousHash, namedBy: hash, as: "previous" });
      for (const seen of body.seen) if (!this.byHash.has(seen)) found.push({ hash: seen, namedBy: hash, as: "seen" });
    }
    return found.toSorted((a, b) => compareText(a.hash, b.hash) || compareText(a.namedBy, b.namedBy));
  }

  /** In whose verdict this record takes part. Two steps: what rests on it, and what is weighed against those. */
  private dependents(facts: RecordFacts): readonly string[] {
    const changed = [
      facts,
      ...this.read(this.byPrevious.get(facts.hash)),
      ...this.read(this.byTarget.get(facts.recordId)),
      ...this.behind(facts),
    ];
    const weighed = changed.flatMap(({ recordId, stub }) => [
      ...this.byId.get(recordId),
      ...(stub === null ? [] : this.byNumber.get(numberKey(stub.device, stub.number))),
    ]);
    return [...changed.map(({ hash }) => hash), ...weighed];
  }

  /** Where last words stopped for this record, those of its device's others to which they are now seen to lead or not. */
  private behind({ hash, stub }: RecordFacts): readonly RecordFacts[] {
    return stub === null ? [] : this.read(this.walks.arrived(stub.device, hash));
  }

  private remember(facts: RecordFacts): void {
    this.byHash.set(facts.hash, facts);
    if (facts.body.kind === "gone" || facts.body.kind === "locked") this.closed.add(facts.hash);
    for (const [index, key] of this.keysOf(facts)) index.add(key, facts.hash);
    const head = facts.stub?.headIndex;
    if (head === undefined) return;
    const hashes = this.byHeadIndex.get(head) ?? new Set();
    this.byHeadIndex.set(head, hashes.add(facts.hash));
  }

  private forget(facts: RecordFacts): void {
    this.byHash.delete(facts.hash);
    this.closed.delete(facts.hash);
    for (const [index, key] of this.keysOf(facts)) index.delete(key, facts.hash);
    if (facts.stub !== null) this.byHeadIndex.get(facts.stub.headIndex)?.delete(facts.hash);
  }

  private *keysOf({ recordId, target, stub, body }: RecordFacts): Iterable<readonly [Index, string]> {
    yield [this.byId, recordId];
    if (target !== null) yield [this.byTarget, target];
    if (body.kind === "open") yield [this.byAuthor, body.author];
    if (stub === null) return;
    yield [this.byNumber, numberKey(stub.device, stub.number)];
    yield [this.byPrevious, stub.previousHash];
    yield [this.byDevice, stub.device];
  }

  private read(hashes: Iterable<string>): readonly RecordFacts[] {
    return [...hashes].flatMap((hash) => this.byHash.get(hash) ?? []);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** From a key to the hashes of records. Most keys have one, which is kept without a set around it. */
class Index {
  private readonly hashes = new Map<string, string | Set<string>>();

  get(key: string): ReadonlySet<string> {
    const known = this.hashes.get(key);
    if (known === undefined) return NONE;
    return typeof known === "string" ? new Set([known]) : known;
  }

  add(key: string, hash: string): void {
    const known = this.hashes.get(key);
    if (known === undefined || known === hash) this.hashes.set(key, hash);
    else if (typeof known === "string") this.hashes.set(key, new Set([known, hash]));
    else known.add(hash);
  }

  delete(key: string, hash: string): void {
    const known = this.hashes.get(key);
    if (known === hash) this.hashes.delete(key);
    else if (typeof known !== "string") known?.delete(hash);
  }
}

function numberKey(device: string, number: number): string {
  return `${device} ${number}`;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

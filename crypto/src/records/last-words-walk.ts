/**
 * Which records of a device an entry's last words lead to: from the record they name, along the previous hashes of the
 * stubs, whatever the verdicts on the bodies (protocol section 5).
 */
import { toHex } from "../primitives/bytes.ts";
import type { WordsHead } from "../group/operations.ts";
import type { RecordFacts } from "./record-facts.ts";

/** Whether last words lead to a record: `unknown` while records are missing on the way to its number. */
export type Reached = "yes" | "no" | "unknown";

/** Walks, each kept as far as it came and gone on with when records come in. A cache: the answers depend on the facts. */
export class LastWordsWalks {
  private readonly factsOf: (hash: string) => RecordFacts | undefined;
  /** By device, then by the record that the words name. */
  private readonly walks = new Map<string, Map<string, Walk>>();

  constructor(factsOf: (hash: string) => RecordFacts | undefined) {
    this.factsOf = factsOf;
  }

  /**
   * Whether the words that name `head` for this device lead to the record `hash` with its `number`. Numbers fall on the
   * way, so nothing above the number that the words state is ever passed.
   */
  reaches(device: string, head: WordsHead, hash: string, number: number): Reached {
    const walk = this.walkFrom(device, head);
    this.goOn(device, walk);
    if (walk.passed.has(hash)) return "yes";
    return walk.next !== null && number < walk.next.number ? "unknown" : "no";
  }

  /** Whether some words of this device stopped where this record was missing. */
  isWaitingFor(device: string, hash: string): boolean {
    return [...(this.walks.get(device)?.values() ?? [])].some(({ next }) => next?.hash === hash);
  }

  private walkFrom(device: string, head: WordsHead): Walk {
    const start = toHex(head.hash);
    const ofDevice = this.walks.get(device) ?? new Map<string, Walk>();
    this.walks.set(device, ofDevice);
    const key = `${head.number} ${start}`;
    const walk = ofDevice.get(key) ?? { passed: new Set(), next: { hash: start, number: head.number } };
    ofDevice.set(key, walk);
    return walk;
  }

  private goOn(device: string, walk: Walk): void {
    while (walk.next !== null) {
      const stub = this.factsOf(walk.next.hash)?.stub;
      if (stub === undefined || stub === null) return;
      // The words or a record name what is not there: nothing stands behind it.
      if (stub.device !== device || stub.number !== walk.next.number) {
        walk.next = null;
        return;
      }
      walk.passed.add(walk.next.hash);
      const before = { hash: stub.previousHash, number: stub.previousNumber };
      walk.next = before.number > 0 && before.number < stub.number ? before : null;
    }
  }
}

interface Walk {
  readonly passed: Set<string>;
  /** The record that the walk waits for; null when it is done. */
  next: { readonly hash: string; readonly number: number } | null;
}

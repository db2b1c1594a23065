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
    const answer = answerOf(walk, hash, number);
    if (answer === "unknown") walk.waiting.set(number, (walk.waiting.get(number) ?? new Set()).add(hash));
    return answer;
  }

  /** Goes on with the words of this device that stopped for this record, and says for which others that gave an answer. */
  arrived(device: string, hash: string): readonly string[] {
    const stopped = [...(this.walks.get(device)?.values() ?? [])].filter(({ next }) => next?.hash === hash);
    return stopped.flatMap((walk) => this.goOn(device, walk));
  }

  private walkFrom(device: string, head: WordsHead): Walk {
    const start = toHex(head.hash);
    const ofDevice = this.walks.get(device) ?? new Map<string, Walk>();
    this.walks.set(device, ofDevice);
    const key = `${head.number} ${start}`;
    const walk = ofDevice.get(key) ?? {
      passed: new Set(),
      waiting: new Map(),
      next: { hash: start, number: head.number },
    };
    ofDevice.set(key, walk);
    return walk;
  }

  /** Walks as far as records are held. Returns those that waited and now have their answer. */
  private goOn(device: string, walk: Walk): readonly string[] {
    const answered: string[] = [];
    while (walk.next !== null) {
      const { hash, number } = walk.next;
      const stub = this.factsOf(hash)?.stub;
      if (stub === undefined || stub === null) break;
      // Where the words or a record name what is not there, nothing stands behind it.
      const isAsNamed = stub.device === device && stub.number === number;
      if (isAsNamed) walk.passed.add(hash);
      const goesOn = isAsNamed && stub.previousNumber > 0 && stub.previousNumber < number;
      walk.next = goesOn ? { hash: stub.previousHash, number: stub.previousNumber } : null;
      answered.push(...takeAnswered(walk, number));
    }
    return answered;
  }
}

interface Walk {
  readonly passed: Set<string>;
  /** Records that were asked about before the walk came to their number, by that number. */
  readonly waiting: Map<number, Set<string>>;
  /** The record that the walk stopped for; null when it is done. */
  next: { readonly hash: string; readonly number: number } | null;
}

function answerOf({ passed, next }: Walk, hash: string, number: number): Reached {
  if (passed.has(hash)) return "yes";
  const isAhead = next !== null && (number < next.number || (number === next.number && hash === next.hash));
  return isAhead ? "unknown" : "no";
}

/** Takes out those that have their answer now that the walk has left `number` behind. */
function takeAnswered(walk: Walk, number: number): readonly string[] {
  const next = walk.next?.number ?? 0;
  const numbers = number - next === 1 ? [number, next] : [...walk.waiting.keys()].filter((each) => each >= next);
  return numbers.flatMap((each) => {
    const waiting = walk.waiting.get(each) ?? new Set();
    const answered = [...waiting].filter((hash) => answerOf(walk, hash, each) !== "unknown");
    for (const hash of answered) waiting.delete(hash);
    if (waiting.size === 0) walk.waiting.delete(each);
    return answered;
  });
}

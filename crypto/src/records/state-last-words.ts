/** The last words that an entry states about an account: what the member who writes it accepts (protocol section 5). */
import type { GroupState } from "../group/group-state.ts";
import { MAX_WORDS_DEVICES, MAX_WORDS_HEADS } from "../group/limits.ts";
import type { LastWords, WordsHead } from "../group/operations.ts";
import { fromHex, toHex } from "../primitives/bytes.ts";
import { judgeRecord } from "./judge-record.ts";
import type { RecordFacts } from "./record-facts.ts";
import type { RecordSet } from "./record-set.ts";

/**
 * Last words about an account (identity key, 32 bytes), or about `devices` of it (signing keys) where only these lose
 * their standing; null for all.
 *
 * Per device the fewest records from which the chains of hashes lead to all that count: usually the last one. A device
 * that names a false previous record, to have its own history refused, gets one more named for each break. Records
 * that this reader cannot open are led to as well: older members can.
 *
 * `unacknowledged`: of one's own device, the records that were sent and not acknowledged yet.
 */
export function lastWordsOf(
  group: GroupState,
  records: RecordSet,
  identityKey: Uint8Array,
  devices: readonly Uint8Array[] | null,
  unacknowledged: { readonly device: Uint8Array; readonly heads: readonly WordsHead[] } | null = null,
): LastWords {
  const author = toHex(identityKey);
  const affected = devices?.map(toHex) ?? devicesOf(group, records, author);
  const words = affected.map((device) => {
    const sent = unacknowledged !== null && toHex(unacknowledged.device) === device ? unacknowledged.heads : [];
    return { device: fromHex(device), heads: firstOfEach([...sent, ...headsOf(group, records, author, device)]) };
  });
  return words.filter(({ heads }) => heads.length > 0).slice(0, MAX_WORDS_DEVICES);
}

function devicesOf(group: GroupState, records: RecordSet, author: string): readonly string[] {
  const certified = group.accounts.get(author)?.devices.map(({ key }) => toHex(key)) ?? [];
  const wrote = records.ofAuthor(author).flatMap(({ stub }) => stub?.device ?? []);
  return [...new Set([...certified, ...wrote])];
}

/** The records to name: those that count first, then those that cannot be judged here; each list from the newest down. */
function headsOf(group: GroupState, records: RecordSet, author: string, device: string): readonly WordsHead[] {
  const own = records.ofDevice(device).toSorted((a, b) => numberOf(b) - numberOf(a) || (a.hash < b.hash ? -1 : 1));
  const counting = own.filter(
    ({ hash, body }) => body.kind === "open" && body.author === author && isAccepted(group, records, hash),
  );
  const closed = own.filter(({ body }) => body.kind === "gone" || body.kind === "locked");
  const reached = new Set<string>();
  const heads: WordsHead[] = [];
  for (const record of [...counting, ...closed]) {
    if (reached.has(record.hash)) continue;
    heads.push({ number: numberOf(record), hash: fromHex(record.hash) });
    passThrough(records, record, reached);
  }
  return heads;
}

function isAccepted(group: GroupState, records: RecordSet, hash: string): boolean {
  const verdict = judgeRecord(group, records, hash, 0);
  return verdict.kind === "counted" || verdict.kind === "newer-version";
}

/** All that a chain of hashes leads to from here, by the stubs. */
function passThrough(records: RecordSet, from: RecordFacts, reached: Set<string>): void {
  let next: RecordFacts | undefined = from;
  while (next !== undefined && !reached.has(next.hash)) {
    reached.add(next.hash);
    next = previousOf(records, next);
  }
}

function previousOf(records: RecordSet, { stub }: RecordFacts): RecordFacts | undefined {
  const before = stub === null ? undefined : records.get(stub.previousHash);
  if (stub === null || before === undefined || before.stub === null) return undefined;
  const fits = before.stub.device === stub.device && before.stub.number === stub.previousNumber;
  return fits && before.stub.number < stub.number ? before : undefined;
}

function numberOf({ stub }: RecordFacts): number {
  return stub?.number ?? 0;
}

function firstOfEach(heads: readonly WordsHead[]): readonly WordsHead[] {
  const byHash = new Map(heads.map((head) => [toHex(head.hash), head] as const));
  return [...byHash.values()].slice(0, MAX_WORDS_HEADS);
}

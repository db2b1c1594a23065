/**
 * Whether a record counts (protocol section 6, "Readers check" and "Numbers"). Pure: the verdict is a function of the
 * chain and of the set of records held, never of the order in which either came.
 *
 * One record is judged by what its neighbours in the set say: the record it names as previous, those with its id or
 * number, the one it changes, and those through which last words lead to it. `RecordSet.put` and
 * {@link afterEntries} say whose verdict may have changed.
 */
import type { GroupAccount, GroupState } from "../group/group-state.ts";
import { accountsOfDevice, deviceAt, eraAt, lastWordsFor, standingAt } from "../group/standing.ts";
import { toHex } from "../primitives/bytes.ts";
import { isKnownKind, placeOfKind } from "./kinds.ts";
import { whyGone, whyLocked } from "./missing-body.ts";
import type { NewerFacts, OpenFacts, RecordFacts, StubFacts } from "./record-facts.ts";
import type { RecordSet } from "./record-set.ts";
import type { ClosedReason, Mark, RefusedReason, Verdict, WaitingReason } from "./verdict.ts";

/** A record signed by the device that its stub names. */
interface SignedRecord extends RecordFacts {
  readonly stub: StubFacts;
  readonly body: OpenFacts | NewerFacts;
}

/** A record whose body was opened: what can count. */
interface OpenRecord extends SignedRecord {
  readonly body: OpenFacts;
}

/** A record whose content only a newer version reads. */
interface NewerRecord extends SignedRecord {
  readonly body: NewerFacts;
}

/** Why a record does not count by itself, before it is weighed against others with its id. */
type Failing = Extract<Verdict, { kind: "refused" | "waiting" }>;

/**
 * Judges the record of this hash (hexadecimal) in the set.
 *
 * `today` (days since 1970) tells only an expired body from one that is withheld.
 *
 * @throws {RangeError} when the set does not hold it
 */
export function judgeRecord(group: GroupState, records: RecordSet, hash: string, today: number): Verdict {
  const facts = records.get(hash);
  if (facts === undefined) throw new RangeError("no such record in the set");
  if (isOpen(facts)) return judgeOpen(group, records, facts);
  return isNewer(facts) ? judgeNewer(group, records, facts) : judgeClosed(group, facts, today);
}

/** Judges every record in the set: hash to verdict. */
export function judgeRecords(group: GroupState, records: RecordSet, today: number): ReadonlyMap<string, Verdict> {
  return new Map(Array.from(records.hashes(), (hash) => [hash, judgeRecord(group, records, hash, today)]));
}

/**
 * The records to judge again after the chain grew: `from` is the index of the first new item. Those that waited for
 * it, those of whom new last words or statements speak, with all that is weighed against them; and those whose body is gone, for
 * which there may now be a reason.
 */
export function afterEntries(group: GroupState, records: RecordSet, from: number): readonly string[] {
  const ahead = records.withHeadFrom(from);
  const spokenOf = [...group.accounts.values()]
    .filter(
      ({ lastWords, devices }) =>
        lastWords.some(({ index }) => index >= from) || devices.some(({ certifiedAt }) => (certifiedAt ?? -1) >= from),
    )
    .flatMap((account) => [...records.ofAuthor(toHex(account.identityKey)), ...newerOnesOf(records, account)]);
  const touched = [...ahead, ...spokenOf].flatMap((facts) => [facts, ...weighedAgainst(records, facts)]);
  return [...new Set([...touched, ...records.closedOnes()].map(({ hash }) => hash))];
}

/** Records that do not say whose they are: which accounts certify their device may have changed. */
function newerOnesOf(records: RecordSet, { devices }: GroupAccount): readonly RecordFacts[] {
  return devices.flatMap(({ key }) => records.ofDevice(toHex(key))).filter(isNewer);
}

function judgeClosed(group: GroupState, facts: RecordFacts, today: number): Verdict {
  const { body } = facts;
  if (body.kind === "gone") return closed(whyGone(group, facts, body.erasedBy, today));
  if (body.kind === "locked") return closed(whyLocked(group, facts));
  return refused(body.kind === "refused" ? body.reason : "stub-forged");
}

/** As if each account that certifies its device had written it; nobody but the device's holder can have signed it. */
function judgeNewer(group: GroupState, records: RecordSet, record: NewerRecord): Verdict {
  if (group.hashes[record.stub.headIndex] === undefined) return waiting("head-ahead");
  let failing: Failing = refused("device-not-certified");
  for (const author of accountsOfDevice(group, records.keyBytes(record.stub.device))) {
    const failure = failingAs(group, records, record, author);
    if (failure === null) return { kind: "newer-version" };
    failing = failure;
  }
  return failing;
}

function judgeOpen(group: GroupState, records: RecordSet, record: OpenRecord): Verdict {
  const failing = failingOf(group, records, record);
  if (failing !== null) return failing;
  const rivals = weighedAgainst(records, record).filter(
    (other): other is OpenRecord =>
      other.hash !== record.hash && isOpen(other) && failingOf(group, records, other) === null,
  );
  const first = rivals.some((other) => isSameRecord(other, record) && countsBefore(other, record));
  if (first) return refused("superseded");
  if (!record.body.known) return { kind: "newer-version" };
  return { kind: "counted", marks: marksOf(records, record, rivals) };
}

function failingOf(group: GroupState, records: RecordSet, record: OpenRecord): Failing | null {
  return failingAs(group, records, record, records.keyBytes(record.body.author));
}

/** The checks in their order; the first that fails is the verdict. `author`: the identity key of who has written it. */
function failingAs(group: GroupState, records: RecordSet, record: SignedRecord, author: Uint8Array): Failing | null {
  const headIndex = record.stub.headIndex;
  const hashAtHead = group.hashes[headIndex];
  if (hashAtHead === undefined) return waiting("head-ahead");
  if (isOpen(record) && toHex(hashAtHead) !== record.body.headHash) return refused("other-chain");
  if (eraAt(group, headIndex)?.number !== record.era) return refused("outside-era");
  return (
    standingFailure(group, records, record, author) ??
    previousFailure(records, record) ??
    lastWordsFailure(group, records, record, author) ??
    (isOpen(record) ? changeFailure(records, record) : null)
  );
}

function standingFailure(
  group: GroupState,
  records: RecordSet,
  { stub, body }: SignedRecord,
  author: Uint8Array,
): Failing | null {
  const role = standingAt(group, author, stub.headIndex);
  if (role === null) return refused("not-a-member");
  const device = deviceAt(group, author, records.keyBytes(stub.device), stub.headIndex);
  if (device === "revoked") return refused("device-revoked");
  if (device === "uncertified" && !(body.kind === "open" && body.certified)) return refused("device-not-certified");
  return needsRole(body) && role !== "facilitator" ? refused("not-a-facilitator") : null;
}

function previousFailure(records: RecordSet, { stub }: SignedRecord): Failing | null {
  const previous = stub.previousNumber === 0 ? undefined : records.get(stub.previousHash)?.stub;
  if (previous === undefined || previous === null) return null;
  if (previous.device !== stub.device || previous.number !== stub.previousNumber) return refused("previous-untrue");
  return stub.headIndex < previous.headIndex ? refused("head-below-previous") : null;
}

/** Every entry after the head that took standing away must have accepted the record. */
function lastWordsFailure(
  group: GroupState,
  records: RecordSet,
  { hash, stub, body }: SignedRecord,
  author: Uint8Array,
): Failing | null {
  const device = records.keyBytes(stub.device);
  let isOpenQuestion = false;
  for (const { binds, heads } of lastWordsFor(group, author, device, stub.headIndex)) {
    if (binds === "role" && !needsRole(body)) continue;
    const reached = heads.map((head) => records.walks.reaches(stub.device, head, hash, stub.number));
    if (reached.includes("yes")) continue;
    if (!reached.includes("unknown")) return refused("beyond-last-words");
    isOpenQuestion = true;
  }
  return isOpenQuestion ? waiting("last-words-gap") : null;
}

/** Only its author changes a topic or a post, in its topic, and only a topic has a title. */
function changeFailure(records: RecordSet, { body, target, topic }: OpenRecord): Failing | null {
  if (!body.known || target === null || (body.recordKind !== "edit" && body.recordKind !== "retract")) return null;
  const targets = records.withId(target).filter(isOpen);
  if (targets.length === 0) return waiting("target-missing");
  const own = targets.filter((other) => other.body.author === body.author);
  if (own.length === 0) return refused("not-the-author");
  return own.some((other) => other.topic === topic && fits(body, other.body)) ? null : refused("does-not-fit-target");
}

function fits(change: OpenFacts, { recordKind }: OpenFacts): boolean {
  if (recordKind !== "topic" && recordKind !== "post") return false;
  return change.recordKind === "retract" || change.titled === (recordKind === "topic");
}

function marksOf(records: RecordSet, record: OpenRecord, rivals: readonly OpenRecord[]): readonly Mark[] {
  const { stub } = record;
  const marks: Mark[] = [];
  if (record.arrivedLate) marks.push("arrived-late");
  if (rivals.some((other) => other.stub.number === stub.number)) marks.push("number-reused");
  if (stub.previousNumber > 0 && records.get(stub.previousHash) === undefined) marks.push("gap-before");
  return marks;
}

/** Records with the same id, or the same number of the same device. */
function weighedAgainst(records: RecordSet, { recordId, stub }: RecordFacts): readonly RecordFacts[] {
  const sameNumber = stub === null ? [] : records.withNumber(stub.device, stub.number);
  return [...records.withId(recordId), ...sameNumber];
}

function isSameRecord(a: OpenRecord, b: OpenRecord): boolean {
  return a.recordId === b.recordId && a.body.author === b.body.author;
}

/** Of several with one id and author: the lowest number, then the lowest hash. */
function countsBefore(a: OpenRecord, b: OpenRecord): boolean {
  return a.stub.number === b.stub.number ? a.hash < b.hash : a.stub.number < b.stub.number;
}

function needsRole(body: SignedRecord["body"]): boolean {
  return body.kind === "open" && isKnownKind(body.recordKind) && placeOfKind(body.recordKind).facilitatorOnly;
}

function isOpen(facts: RecordFacts): facts is OpenRecord {
  return facts.stub !== null && facts.body.kind === "open";
}

function isNewer(facts: RecordFacts): facts is NewerRecord {
  return facts.stub !== null && facts.body.kind === "newer-version";
}

function refused(reason: RefusedReason): Extract<Verdict, { kind: "refused" }> {
  return { kind: "refused", reason };
}

function waiting(reason: WaitingReason): Extract<Verdict, { kind: "waiting" }> {
  return { kind: "waiting", reason };
}

function closed(reason: ClosedReason): Verdict {
  return { kind: "closed", reason };
}

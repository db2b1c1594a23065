/** The last words that an entry states about an account: what the member who writes it accepts (protocol section 5). */
import type { GroupState } from "../group/group-state.ts";
import { MAX_WORDS_DEVICES, MAX_WORDS_HEADS } from "../group/limits.ts";
import type { LastWords, WordsHead } from "../group/operations.ts";
import { fromHex, toHex } from "../primitives/bytes.ts";
import { ChainsOfHashes } from "./chains-of-hashes.ts";
import { judgeRecord } from "./judge-record.ts";
import type { RecordFacts } from "./record-facts.ts";
import type { RecordSet } from "./record-set.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Last words about an account (identity key, 32 bytes), or about `devices` of it (signing keys) where only these lose
 * their standing; null for all.
 *
 * Per device the fewest records from which the chains of hashes lead to all that count: usually the last one. A device
 * that names a false previous record, to have its own history refused, gets one more named for each break, and where
 * there are too many breaks {@link ChainsOfHashes} chooses. Records that this reader cannot open or judge are led to
 * as well: older members can.
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
    const named = new Map(sent.slice(0, MAX_WORDS_HEADS).map((head) => [toHex(head.hash), head]));
    for (const head of headsOf(group, records, { author, device }, MAX_WORDS_HEADS - named.size))
      named.set(toHex(head.hash), head);
    return { device: fromHex(device), heads: [...named.values()] };
  });
  return words.filter(({ heads }) => heads.length > 0).slice(0, MAX_WORDS_DEVICES);
}

/** A device (signing key) and whose it is (identity key), both as facts name them. */
interface About {
  readonly author: string;
  readonly device: string;
}

function devicesOf(group: GroupState, records: RecordSet, author: string): readonly string[] {
  const certified = group.accounts.get(author)?.devices.map(({ key }) => toHex(key)) ?? [];
  const wrote = records.ofAuthor(author).flatMap(({ stub }) => stub?.device ?? []);
  return [...new Set([...certified, ...wrote])];
}

/**
 * The records to name, at most `room`: where chains of those that count begin, then of those that may count for others
 * (what a change is about, or its version, is beyond this reader), then of those of which only the stub is left here.
 */
function headsOf(group: GroupState, records: RecordSet, about: About, room: number): readonly WordsHead[] {
  const own = records.ofDevice(about.device);
  const verdictOf = ({ hash }: RecordFacts): Verdict["kind"] => judgeRecord(group, records, hash, 0).kind;
  const signed = own
    .filter(({ body }) => body.kind === "newer-version" || (body.kind === "open" && body.author === about.author))
    .map((record) => ({ record, verdict: verdictOf(record) }));
  const counting = signed.filter(({ record, verdict }) => record.body.kind === "open" && isAccepted(verdict));
  const perhaps = signed.filter(({ verdict }) => verdict === "newer-version" || verdict === "waiting");
  const closed = own.filter(({ body }) => body.kind === "gone" || body.kind === "locked");
  const inTurn = [counting, perhaps].map((some) => some.map(({ record }) => record));
  const chains = new ChainsOfHashes(records);
  const heads: RecordFacts[] = [];
  for (const wanted of [...inTurn, closed]) heads.push(...chains.headsLeadingTo(wanted, room - heads.length));
  return heads.map(({ hash, stub }) => ({ number: stub?.number ?? 0, hash: fromHex(hash) }));
}

function isAccepted(verdict: Verdict["kind"]): boolean {
  return verdict === "counted" || verdict === "newer-version";
}

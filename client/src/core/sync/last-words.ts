import {
  compareBytes,
  equalBytes,
  fromHex,
  toHex,
  type GroupAccount,
  type LastWords,
  type WordsHead,
} from "@unionhall/crypto";
import type { Account } from "../session/account.ts";
import type { Planner } from "./act-plan.ts";
import type { GroupDraft } from "./group-draft.ts";
import { writers, type StoredWriter } from "./group-store.ts";
import { isAccepted, openFacts, type VerdictChange } from "./verdict-change.ts";

/**
 * Records (by `seq`) that entries from `firstNewIndex` on may have cut off by last words. Where a device's records are one unbroken chain and
 * the words name its end, they accept everything and nothing has to be read; otherwise the whole group is gone through once for that device.
 */
export async function recordsSpokenOf(draft: GroupDraft, firstNewIndex: number): Promise<readonly number[]> {
  const doubted = new Set<string>();
  const known = await draft.tx.map(writers, draft.groupId).entries();
  for (const account of draft.state.accounts.values())
    for (const words of account.lastWords.filter(({ index }) => index >= firstNewIndex))
      for (const { id, value } of known)
        if (equalBytes(value.author, account.identityKey) && mayCutOff(words, fromHex(String(id)), value))
          doubted.add(String(id));
  if (doubted.size === 0) return [];
  const found: number[] = [];
  for await (const { seq, facts } of draft.caches.shelf.all(draft.tx))
    if (facts.stub !== null && doubted.has(toHex(facts.stub.device))) found.push(seq);
  return found;
}

type Words = GroupAccount["lastWords"][number];

function mayCutOff({ devices, words }: Words, device: Uint8Array, writer: StoredWriter): boolean {
  if (devices !== null && !devices.some((affected) => equalBytes(affected, device))) return false;
  const heads = words.find((word) => equalBytes(word.device, device))?.heads ?? [];
  const namesTheEnd = heads.some(
    ({ number, hash }) => number === writer.last.number && equalBytes(hash, writer.last.hash),
  );
  return !(writer.unbroken && namesTheEnd);
}

/** Keeps what each device has written up to date. */
export async function followWriters(draft: GroupDraft, changes: readonly VerdictChange[]): Promise<void> {
  const map = draft.tx.map(writers, draft.groupId);
  const touched = new Map<string, StoredWriter | null>();
  for (const change of changes) {
    const open = openFacts(change);
    if (open === null) continue;
    const { device } = open.stub;
    const known = touched.has(device) ? (touched.get(device) ?? null) : await map.get(device);
    touched.set(device, writerAfter(known, change, open));
  }
  for (const [device, writer] of touched) if (writer !== null) await map.put(device, writer);
}

function writerAfter(
  known: StoredWriter | null,
  { before, after, facts }: VerdictChange,
  { body, stub }: NonNullable<ReturnType<typeof openFacts>>,
): StoredWriter | null {
  if (before !== null) return known === null ? null : { ...known, unbroken: known.unbroken && isAccepted(after) };
  if (!isAccepted(after)) return known === null ? null : { ...known, unbroken: false };
  const follows = known === null ? stub.previousNumber === 0 : stub.previousHash === toHex(known.last.hash);
  const last = { number: stub.number, hash: fromHex(facts.hash) };
  if (known === null) return { author: fromHex(body.author), last, unbroken: follows };
  if (stub.number <= known.last.number) return { ...known, unbroken: false };
  return { ...known, last, unbroken: known.unbroken && follows };
}

/** What planning acts asks about records: the last ones accepted of everybody's devices, as this device holds them now. */
export async function plannerFor(draft: GroupDraft, account: Account): Promise<Planner> {
  const known = await draft.tx.map(writers, draft.groupId).entries();
  const own = await ownHeads(draft);
  const device = account.device.signing.publicKey;
  return {
    identityKey: account.identityKey,
    account: account.state(),
    lastWordsOf: (identityKey) => {
      const others = known
        .filter(({ value }) => equalBytes(value.author, identityKey))
        .map(({ id, value }) => ({ device: fromHex(String(id)), heads: [value.last] }))
        .filter((words) => !equalBytes(words.device, device));
      const isOwn = equalBytes(identityKey, account.identityKey) && own.length > 0;
      return isOwn ? [...others, { device, heads: own }] : others;
    },
  };
}

/** Own last words: the last acknowledged record, and each by itself those sent and not acknowledged. */
async function ownHeads(draft: GroupDraft): Promise<LastWords[number]["heads"]> {
  const { acknowledged } = draft.stored.own;
  const heads = new Map<string, WordsHead>();
  if (acknowledged !== null) heads.set(toHex(acknowledged.hash), acknowledged);
  for (const { sealed, state } of await draft.caches.outbox.all(draft.tx))
    if (sealed !== null && state.kind !== "failed")
      heads.set(toHex(sealed.hash), { number: sealed.number, hash: sealed.hash });
  return [...heads.values()].toSorted((a, b) => a.number - b.number || compareBytes(a.hash, b.hash)).slice(-MOST_HEADS);
}

/** Records that one set of last words may name for one device. */
const MOST_HEADS = 64;

import { equalBytes, fromHex, toHex, type GroupAccount, type WordsHead } from "@unionhall/crypto";
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
  const namesTheEnd = heads.some(({ number, hash }) => number === writer.last.number && equalBytes(hash, writer.last.hash));
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

/** What this device holds as the last records of an account's devices: what a removal accepts. */
export async function lastRecordsOf(
  from: Pick<GroupDraft, "tx" | "groupId">,
  identityKey: Uint8Array,
): Promise<readonly { readonly device: Uint8Array; readonly heads: readonly WordsHead[] }[]> {
  const known = await from.tx.map(writers, from.groupId).entries();
  return known
    .filter(({ value }) => equalBytes(value.author, identityKey))
    .map(({ id, value }) => ({ device: fromHex(String(id)), heads: [value.last] }));
}

import { fromHex, toHex } from "@unionhall/crypto";
import type { GroupDraft } from "./group-draft.ts";
import { RecordNeighbours } from "./record-neighbours.ts";
import { readFacts, type StoredFacts } from "./stored-facts.ts";

/**
 * Every record held of these accounts' devices, opened or not, with those that they are judged by: what last words about them are made from,
 * and what they are measured against. Goes through the group's facts once; only these records stay in memory.
 */
export async function recordsOfAccounts(
  draft: GroupDraft,
  identityKeys: readonly Uint8Array[],
): Promise<RecordNeighbours> {
  const { tx, caches } = draft;
  const records = new RecordNeighbours(tx, caches.index, caches.shelf);
  const wanted = new Set(identityKeys.map(toHex));
  const devices = new Set(
    [...wanted].flatMap((key) => draft.state.accounts.get(key)?.devices.map((device) => toHex(device.key)) ?? []),
  );
  // Of a device that the chain does not know, an opened record says whose it is, which may come after those that do not open.
  const unnamed: { readonly seq: number; readonly device: string }[] = [];
  for await (const { seq, facts } of caches.shelf.all(tx)) {
    if (facts.stub === null) continue;
    const device = toHex(facts.stub.device);
    if (isBy(facts, wanted)) devices.add(device);
    if (devices.has(device)) records.put({ seq, facts: readFacts(facts), stored: facts });
    else if (facts.body.kind !== "open") unnamed.push({ seq, device });
  }
  for (const { seq, device } of unnamed) if (devices.has(device)) await records.fetch(seq);
  await fetchNamed(draft, records);
  return records;
}

function isBy({ body }: StoredFacts, wanted: ReadonlySet<string>): boolean {
  return body.kind === "open" && wanted.has(toHex(body.author));
}

/** What they name as previous or change: another device's, or another member's. */
async function fetchNamed({ tx, caches }: GroupDraft, records: RecordNeighbours): Promise<void> {
  const named = new Set<string>();
  for (const hash of records.set.hashes()) {
    const { stub, target, body } = records.set.get(hash) ?? {};
    if (stub && stub.previousNumber > 0 && records.get(stub.previousHash) === undefined) named.add(stub.previousHash);
    const changes = body?.kind === "open" && (body.recordKind === "edit" || body.recordKind === "retract");
    if (changes && target && records.set.withId(target).length === 0) named.add(target);
  }
  for (const key of named) for (const seq of await caches.index.find(tx, fromHex(key))) await records.fetch(seq);
}

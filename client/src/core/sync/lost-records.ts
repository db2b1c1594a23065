import { openRecord, toHex } from "@unionhall/crypto";
import type { Answer } from "../api/live.ts";
import { defineMap } from "../storage/store.ts";
import type { GroupDraft } from "./group-draft.ts";
import type { GroupParts } from "./group-parts.ts";
import { logItems, type StoredItem } from "./group-store.ts";
import { asWaiting } from "./outbox-plan.ts";
import type { OutboxItem } from "./outbox-store.ts";
import { warn } from "./warnings.ts";

/** Scope: group. By record id in hex: records that the server had, that are held here, and that it has not any more. */
export const lostRecords = defineMap<LostRecord>({ name: "sync/lost-records", version: 1 });

export interface LostRecord {
  /** Where it is held. */
  readonly position: number;
  /** Milliseconds since 1970: not sent before. Everybody who holds a record may have to send it; whose it is, does at once. */
  readonly notBefore: number;
}

type WholeRecord = Extract<StoredItem, { readonly kind: "record" }>;

/** A lost record as it is sent again: unchanged. */
export type LostBytes = Pick<WholeRecord, "recordId" | "topic" | "target" | "era" | "expires" | "sealed">;

/** The next that may be sent now, oldest first; and when the next after that may, null for none. */
export async function nextLost(
  draft: GroupDraft,
  now: number,
): Promise<{ readonly record: LostBytes | null; readonly next: number | null }> {
  const map = draft.tx.map(lostRecords, draft.groupId);
  const lost = (await map.entries()).toSorted((a, b) => a.value.position - b.value.position);
  const later = lost.filter(({ value }) => value.notBefore > now).map(({ value }) => value.notBefore);
  const next = later.length === 0 ? null : Math.min(...later);
  for (const { id, value } of lost.filter(({ value: one }) => one.notBefore <= now)) {
    const item = await draft.tx.list(logItems, draft.groupId).get(value.position);
    if (item?.kind === "record") return { record: wireOf(item), next };
    await map.delete(id);
  }
  return { record: null, next };
}

function wireOf({ recordId, topic, target, era, expires, sealed }: WholeRecord): LostBytes {
  return { recordId, topic, target, era, expires, sealed };
}

/** The server has this one again, or something else under its id. */
export async function foundAgain(draft: GroupDraft, recordId: Uint8Array): Promise<void> {
  await draft.tx.map(lostRecords, draft.groupId).delete(toHex(recordId));
}

/**
 * The server refuses a lost record for good. An own one whose era has ended meanwhile goes through the outbox once more, under the newest era
 * and with the same id; of any other nothing can be done, and that is said.
 */
export async function refusedAgain(
  parts: GroupParts,
  draft: GroupDraft,
  record: LostBytes,
  code: Extract<Answer, { readonly kind: "refused" }>["code"],
): Promise<void> {
  await foundAgain(draft, record.recordId);
  if (code === "record-exists") return;
  const again = code === "era-ended" ? await ownItem(parts, draft, record) : null;
  if (again !== null) return draft.caches.outbox.put(draft.tx, again);
  await warn(draft, "gap", `not taken ${toHex(record.recordId)}`, {
    noticedAt: parts.clock.now(),
    by: null,
    detail: "the hall lost a record that is held here, and does not take it again",
  });
}

async function ownItem({ account }: GroupParts, draft: GroupDraft, record: LostBytes): Promise<OutboxItem | null> {
  const keys = draft.recordKeys(record.era);
  const opened = keys === null ? null : openRecord(record, keys);
  if (opened?.kind !== "opened") return null;
  if (toHex(opened.stub.device) !== toHex(account.device.signing.publicKey)) return null;
  const { hash, stub, body, content } = opened;
  const orders = (await draft.caches.outbox.all(draft.tx)).map(({ order }) => order);
  const { recordId, topic, target, expires } = record;
  const place = { salt: content.salt, recordId, topic, target, expires, time: content.time };
  const versions = [{ number: stub.number, hash }];
  return asWaiting({
    ...place,
    order: Math.max(-1, ...orders) + 1,
    body,
    sealed: null,
    versions,
    state: { kind: "waiting" },
  });
}

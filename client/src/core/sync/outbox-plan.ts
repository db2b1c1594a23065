import { equalBytes } from "@unionhall/crypto";
import type { OwnSequence } from "./group-store.ts";
import type { OutboxItem, SealedVersion, SentVersion } from "./outbox-store.ts";

/**
 * What the outbox does next, as pure functions of what stands in it. Records go out in the order written, each naming the one before as its
 * previous; so whatever takes one out of the line (a refusal, a discard, an era that ended) means that all behind it are sealed again.
 * Nothing is sealed again that may have been accepted.
 */

/** The last record that the next one names as previous. */
export type Previous = { readonly number: number; readonly hash: Uint8Array } | null;

export interface ToSeal {
  readonly item: OutboxItem;
  readonly number: number;
  readonly previous: Previous;
}

/** Items in the order written. */
export function inOrder(items: readonly OutboxItem[]): readonly OutboxItem[] {
  return items.toSorted((a, b) => a.order - b.order);
}

/** Those that still have to reach the server, in the order written. */
export function underWay(items: readonly OutboxItem[]): readonly OutboxItem[] {
  return inOrder(items).filter(({ state }) => state.kind === "waiting" || state.kind === "sent");
}

/**
 * Seals what must be sealed before it can be sent, in the order written: an item is ready when it may have been sent already, or is sealed under
 * the newest era and names the one before it. `seal` gives the item sealed with the number and naming the record it is told, or failed; one that
 * failed drops out of the line.
 *
 * @returns the items that changed, and the greatest number used
 */
export function sealLine(
  items: readonly OutboxItem[],
  own: OwnSequence,
  era: number,
  seal: (next: ToSeal) => OutboxItem,
): { readonly changed: readonly OutboxItem[]; readonly number: number } {
  let { acknowledged: previous, number }: { acknowledged: Previous; number: number } = own;
  const changed: OutboxItem[] = [];
  for (const item of underWay(items)) {
    const isReady = isSealedFor(item, era, previous);
    const ready = isReady ? item : seal({ item, number: (number += 1), previous });
    if (!isReady) changed.push(ready);
    // One that the server lost and gets again keeps its number: those after it have named a later one by then.
    if (ready.sealed !== null && ready.sealed.number > (previous?.number ?? 0))
      previous = { number: ready.sealed.number, hash: ready.sealed.hash };
  }
  return { changed, number };
}

function isSealedFor({ sealed, state }: OutboxItem, era: number, previous: Previous): boolean {
  if (sealed === null) return false;
  return state.kind === "sent" || (sealed.record.era === era && names(sealed, previous));
}

function names(sealed: SealedVersion, previous: Previous): boolean {
  if (sealed.previous === null || previous === null) return sealed.previous === previous;
  return equalBytes(sealed.previous, previous.hash);
}

export interface BatchLimits {
  readonly records: number;
  readonly bytes: number;
}

/** What to send now: sealed items from the first on, within the limits of one request; at least one where there is one. */
export function nextBatch(items: readonly OutboxItem[], limits: BatchLimits): readonly OutboxItem[] {
  const batch: OutboxItem[] = [];
  let bytes = 0;
  for (const item of underWay(items)) {
    if (item.sealed === null) break;
    bytes += item.sealed.record.sealed.length + 100;
    if (batch.length > 0 && (batch.length >= limits.records || bytes > limits.bytes)) break;
    batch.push(item);
  }
  return batch;
}

/** The item as it is when it goes out. */
export function asSent(item: OutboxItem): OutboxItem {
  const { sealed, versions } = item;
  const isNew = sealed !== null && !versions.some(({ hash }) => equalBytes(hash, sealed.hash));
  const added = isNew ? [{ number: sealed.number, hash: sealed.hash }] : [];
  return { ...item, state: { kind: "sent" }, versions: [...versions, ...added] };
}

/** Which version of an item the server holds, by the hash that it names; null for none that was sent. */
export function versionOf({ versions }: OutboxItem, hash: Uint8Array | null): SentVersion | null {
  return hash === null ? null : (versions.find((version) => equalBytes(version.hash, hash)) ?? null);
}

/** Whether the log was read past the place at which an acknowledged record must have come. */
export function isPassed({ state }: OutboxItem, cursor: number): boolean {
  return state.kind === "acknowledged" && state.seq !== null && state.seq <= cursor;
}

/** The item after the server said for sure that it did not take it, so that it is sealed and sent again. */
export function asWaiting(item: OutboxItem): OutboxItem {
  return { ...item, state: { kind: "waiting" }, sealed: null };
}

export function asFailed(item: OutboxItem, problem: string): OutboxItem {
  return { ...item, state: { kind: "failed", problem }, sealed: null };
}

/** Whether a discarded record could never turn up: it was not sent, or refused. */
export function canDiscard({ state }: OutboxItem): boolean {
  return state.kind === "failed" || state.kind === "waiting";
}

/** Own sequence after one more record was acknowledged or seen in the log. */
export function withAcknowledged(own: OwnSequence, number: number, hash: Uint8Array): OwnSequence {
  if (own.acknowledged !== null && own.acknowledged.number >= number) return own;
  return { number: Math.max(own.number, number), acknowledged: { number, hash } };
}

import { equalBytes } from "@unionhall/crypto";
import type { OwnSequence } from "./group-store.ts";
import type { OutboxItem, SealedVersion } from "./outbox-store.ts";

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
 * The first item that must be sealed before it can be sent, with its number and what it names; null when all are ready. An item is ready when
 * it may have been sent already, or is sealed under the newest era and names the one before it.
 */
export function nextToSeal(items: readonly OutboxItem[], own: OwnSequence, era: number): ToSeal | null {
  let previous: Previous = own.acknowledged;
  for (const item of underWay(items)) {
    const { sealed, state } = item;
    const ready = sealed !== null && (state.kind === "sent" || (sealed.record.era === era && names(sealed, previous)));
    if (!ready) return { item, number: own.number + 1, previous };
    previous = { number: sealed.number, hash: sealed.hash };
  }
  return null;
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
  const hash = item.sealed?.hash;
  const isNew = hash !== undefined && !item.versions.some((version) => equalBytes(version, hash));
  return { ...item, state: { kind: "sent" }, versions: isNew ? [...item.versions, hash] : item.versions };
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

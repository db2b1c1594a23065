import { equalBytes, toHex, type RecordBody } from "@unionhall/crypto";
import { groupLimits } from "@unionhall/server/contract";
import type { Answer } from "../api/live.ts";
import { HallError } from "../problems.ts";
import type { GroupDraft } from "./group-draft.ts";
import type { GroupParts } from "./group-parts.ts";
import type { HeldGroup } from "./held-group.ts";
import { newOutboxItem, sealWaiting, type RecordPlace } from "./outbox-sealing.ts";
import { passing, unsubscribed } from "./passing-refusals.ts";
import type { OutboxItem } from "./outbox-store.ts";
import {
  asFailed,
  asSent,
  asWaiting,
  canDiscard,
  inOrder,
  nextBatch,
  underWay,
  withAcknowledged,
} from "./outbox-plan.ts";

const batchLimits = { records: groupLimits.recordsPerAppend, bytes: groupLimits.appendBytes };

/** What sending came to. */
export type Sent =
  /** Nothing is left to send. */
  | { readonly kind: "empty" }
  /** Something was acknowledged or refused; there may be more. */
  | { readonly kind: "went-on" }
  /** A new era has begun: catch up first. */
  | { readonly kind: "era-ended" }
  /** The connection does not follow the group yet. */
  | { readonly kind: "not-subscribed" }
  | { readonly kind: "wait"; readonly milliseconds: number };

/**
 * Own records on their way to the server: sealed and stored before anything is answered, sent one after the other, never twice. What to do next
 * follows from what is stored (`outbox-plan.ts`), so a crash anywhere goes on with the same bytes.
 */
export class Outbox {
  readonly #parts: GroupParts;
  readonly #held: HeldGroup;

  constructor(parts: GroupParts, held: HeldGroup) {
    this.#parts = parts;
    this.#held = held;
  }

  /** In the order written, with those that the server has and the log has not shown yet. */
  async items(): Promise<readonly OutboxItem[]> {
    return inOrder(await this.#held.caches.outbox.all(this.#held.store));
  }

  /**
   * Seals a record and stores it. Resolves when it is safe on this device.
   *
   * @returns its id (16 bytes); of a topic that is the topic's id, too
   * @throws HallError `text-too-long`, `not-a-member`, `removed`, `group-stopped`
   */
  async write(body: RecordBody, place: RecordPlace = {}): Promise<Uint8Array> {
    return this.#held.change(async (draft) => {
      const item = await newOutboxItem(this.#parts, draft, body, place);
      await draft.caches.outbox.put(draft.tx, item);
      await sealWaiting(this.#parts, draft);
      const kept = await draft.caches.outbox.get(draft.tx, toHex(item.recordId));
      if (kept?.state.kind === "failed")
        throw new HallError("text-too-long", "the record is larger than a group takes");
      this.#say(draft, item);
      return item.recordId;
    });
  }

  /** Sends what can be sent now. @throws HallError `offline` */
  async send(): Promise<Sent> {
    const batch = await this.#held.change((draft) => this.#prepare(draft));
    if (batch.length === 0) return { kind: "empty" };
    const records = batch.flatMap(({ sealed }) => (sealed === null ? [] : [sealed.record]));
    const answer = await this.#parts.live.append(this.#held.groupId, records);
    return this.#held.change((draft) => this.#settle(draft, batch, answer));
  }

  /** Puts a record that failed into the line again. */
  async retry(recordId: string): Promise<void> {
    await this.#held.change(async (draft) => {
      const item = await draft.caches.outbox.get(draft.tx, recordId);
      if (item === null) throw unknownRecord();
      if (item.state.kind === "failed") await draft.caches.outbox.put(draft.tx, asWaiting(item));
      this.#say(draft, item);
    });
  }

  /** @throws HallError `record-unknown` also for one that may have been accepted */
  async discard(recordId: string): Promise<void> {
    await this.#held.change(async (draft) => {
      const item = await draft.caches.outbox.get(draft.tx, recordId);
      if (item === null || !canDiscard(item)) throw unknownRecord();
      await draft.caches.outbox.delete(draft.tx, recordId);
      this.#say(draft, item);
    });
  }

  /** What goes out now, sealed, and marked as sent before it goes. */
  async #prepare(draft: GroupDraft): Promise<readonly OutboxItem[]> {
    if (draft.stored.standing.kind !== "member") return [];
    await sealWaiting(this.#parts, draft);
    const items = await draft.caches.outbox.all(draft.tx);
    const batch = nextBatch(items, batchLimits).map(asSent);
    for (const item of batch) await draft.caches.outbox.put(draft.tx, item);
    return batch;
  }

  async #settle(draft: GroupDraft, batch: readonly OutboxItem[], answer: Answer): Promise<Sent> {
    for (const item of batch.slice(0, answer.seqs.length)) await this.#acknowledge(draft, item);
    if (answer.kind === "appended") return { kind: "went-on" };
    const [refused, ...behind] = batch.slice(answer.seqs.length);
    if (refused === undefined) return { kind: "went-on" };
    const isThere =
      answer.hash !== null && refused.versions.some((version) => equalBytes(version, answer.hash ?? version));
    if (answer.code === "record-exists" && isThere) {
      await this.#acknowledge(draft, refused);
      for (const item of behind) await this.#change(draft, item, unsent);
      return { kind: "went-on" };
    }
    return this.#refused(draft, refused, behind, answer);
  }

  async #refused(
    draft: GroupDraft,
    refused: OutboxItem,
    behind: readonly OutboxItem[],
    answer: Extract<Answer, { readonly kind: "refused" }>,
  ): Promise<Sent> {
    for (const item of behind) await this.#change(draft, item, unsent);
    if (answer.code === "era-ended") {
      await this.#change(draft, refused, asWaiting);
      return { kind: "era-ended" };
    }
    if (unsubscribed.has(answer.code)) {
      await this.#change(draft, refused, unsent);
      return { kind: "not-subscribed" };
    }
    if (passing.has(answer.code)) return { kind: "wait", milliseconds: (answer.retryAfterSeconds ?? 2) * 1_000 };
    await this.#change(draft, refused, (item) => asFailed(item, answer.code));
    return { kind: "went-on" };
  }

  async #acknowledge(draft: GroupDraft, item: OutboxItem): Promise<void> {
    const { sealed } = item;
    if (sealed !== null) draft.set({ own: withAcknowledged(draft.stored.own, sealed.number, sealed.hash) });
    await this.#change(draft, item, (kept) => ({ ...kept, state: { kind: "acknowledged" } }));
  }

  /** Changes an item, if the log has not shown it meanwhile: then it is gone. */
  async #change(draft: GroupDraft, item: OutboxItem, change: (item: OutboxItem) => OutboxItem): Promise<void> {
    const kept = await draft.caches.outbox.get(draft.tx, toHex(item.recordId));
    if (kept === null) return;
    await draft.caches.outbox.put(draft.tx, change(kept));
    this.#say(draft, item);
  }

  #say(draft: GroupDraft, { topic, recordId }: OutboxItem): void {
    const topicId = topic ?? recordId;
    draft.say({ kind: "topic", groupId: draft.id, topicId: toHex(topicId) });
    draft.say({ kind: "topics", groupId: draft.id });
    draft.say({ kind: "session" });
  }
}

/** How many records of a line still have to reach the server. */
export function countUnderWay(items: readonly OutboxItem[]): number {
  return underWay(items).length;
}

/** Surely not sent, as one before it in the same request was refused: the bytes may still be good. */
function unsent(item: OutboxItem): OutboxItem {
  return { ...item, state: { kind: "waiting" } };
}

function unknownRecord(): HallError {
  return new HallError("record-unknown", "there is no such record waiting here");
}

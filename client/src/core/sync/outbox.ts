import { toHex, type RecordBody } from "@unionhall/crypto";
import { groupLimits } from "@unionhall/server/contract";
import type { Answer } from "../api/live.ts";
import { HallError } from "../problems.ts";
import type { GroupDraft } from "./group-draft.ts";
import type { GroupParts } from "./group-parts.ts";
import type { HeldGroup } from "./held-group.ts";
import { LostAndFound } from "./lost-and-found.ts";
import { lacksEntries } from "./lost-entries.ts";
import { newOutboxItem, requireMember, sealWaiting, type RecordPlace } from "./outbox-sealing.ts";
import { giveUpWhenOut } from "./outbox-given-up.ts";
import { passing, unsubscribed } from "./passing-refusals.ts";
import type { OutboxItem, SentVersion } from "./outbox-store.ts";
import type { Sent } from "./sent.ts";
import {
  asFailed,
  asSent,
  asWaiting,
  canDiscard,
  inOrder,
  nextBatch,
  underWay,
  versionOf,
  withAcknowledged,
} from "./outbox-plan.ts";

const batchLimits = { records: groupLimits.recordsPerAppend, bytes: groupLimits.appendBytes };

/**
 * Own records on their way to the server: sealed and stored before anything is answered, sent one after the other, never twice. What to do next
 * follows from what is stored (`outbox-plan.ts`), so a crash anywhere goes on with the same bytes.
 */
export class Outbox {
  readonly #parts: GroupParts;
  readonly #held: HeldGroup;
  readonly #lost: LostAndFound;

  constructor(parts: GroupParts, held: HeldGroup) {
    this.#parts = parts;
    this.#held = held;
    this.#lost = new LostAndFound(parts, held);
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
    if (await lacksEntries(this.#held)) return { kind: "empty" };
    const batch = await this.#held.change((draft) => this.#prepare(draft));
    if (batch.length === 0) return this.#lost.send();
    const records = batch.flatMap(({ sealed }) => (sealed === null ? [] : [sealed.record]));
    const answer = await this.#parts.live.append(this.#held.groupId, records);
    return this.#held.change(async (draft) => {
      const sent = await this.#settle(draft, batch, answer);
      await giveUpWhenOut(draft);
      return sent;
    });
  }

  /** Puts a record that failed into the line again. @throws HallError as {@link requireMember} */
  async retry(recordId: string): Promise<void> {
    await this.#held.change(async (draft) => {
      requireMember(draft);
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
    await giveUpWhenOut(draft);
    if (draft.stored.standing.kind !== "member") return [];
    await sealWaiting(this.#parts, draft);
    const items = await draft.caches.outbox.all(draft.tx);
    const batch = nextBatch(items, batchLimits).map(asSent);
    for (const item of batch) await draft.caches.outbox.put(draft.tx, item);
    return batch;
  }

  async #settle(draft: GroupDraft, batch: readonly OutboxItem[], answer: Answer): Promise<Sent> {
    for (const [at, seq] of answer.seqs.entries()) {
      const item = batch[at];
      if (item?.sealed) await this.#acknowledge(draft, item, item.sealed, seq);
    }
    if (answer.kind === "appended")
      return answer.seqs.length < batch.length ? { kind: "wait", milliseconds: 2_000 } : { kind: "went-on" };
    const [refused, ...behind] = batch.slice(answer.seqs.length);
    if (refused === undefined) return { kind: "went-on" };
    const held = answer.code === "record-exists" ? versionOf(refused, answer.hash) : null;
    if (held !== null) {
      await this.#acknowledge(draft, refused, held, null);
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

  /** The server has this version of a record, which may be an older one than the last that was sent. */
  async #acknowledge(draft: GroupDraft, item: OutboxItem, version: SentVersion, seq: number | null): Promise<void> {
    const kept = await draft.caches.outbox.get(draft.tx, toHex(item.recordId));
    if (kept === null) return;
    draft.set({ own: withAcknowledged(draft.stored.own, version.number, version.hash) });
    await this.#change(draft, item, () => ({ ...kept, state: { kind: "acknowledged", seq } }));
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

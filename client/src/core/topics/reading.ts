import { fromHex, toHex } from "@unionhall/crypto";
import type { GroupDraft } from "../sync/group-draft.ts";
import { topics, type StoredTopic } from "../sync/group-store.ts";
import { PostList } from "./post-list.ts";
import { addToTotals, isUnread, newTopic, readFloor } from "./topic-index.ts";

/**
 * How far a topic has been read is one number: the `seq` up to which everything has been seen. It is set so that no unseen post counts as seen,
 * even where the order shown differs from the order of arrival; of two devices' numbers the greater holds.
 */

/**
 * Marks everything up to and including one post as seen.
 *
 * @returns the new number as the server counts, or null where nothing changed of which another device of this account could make use
 */
export async function readUpTo(draft: GroupDraft, topicId: string, recordId: string): Promise<number | null> {
  const topic = await draft.tx.map(topics, draft.groupId).get(topicId);
  if (topic === null) return null;
  const list = new PostList(draft.tx, draft.groupId, topicId);
  const rank = await rankOfRecord(draft, list, topic, recordId);
  if (rank === null) return null;
  const floor = readFloor(draft, topic);
  let [unread, seenUpTo] = [0, topic.newestSeq];
  for await (const { rank: at, post } of list.backwards(topic.length)) {
    if (at <= rank) break;
    seenUpTo = Math.min(seenUpTo, post.seq - 1);
    if (isUnread(post, floor)) unread += 1;
  }
  const readSeq = Math.max(topic.readSeq, seenUpTo);
  if (readSeq === topic.readSeq && unread >= topic.unread) return null;
  await storeReading(draft, topicId, topic, { ...topic, readSeq, unread: Math.min(unread, topic.unread) });
  const { shift } = draft.stored.logPlace;
  return readSeq > shift ? readSeq - shift : null;
}

/** Takes over how far another device of this account has read, by the server's `seq`; also of a topic that is not here yet. */
export async function mergeReading(draft: GroupDraft, topicId: string, serverSeq: number): Promise<void> {
  const readSeq = serverSeq + draft.stored.logPlace.shift;
  const topic = (await draft.tx.map(topics, draft.groupId).get(topicId)) ?? newTopic;
  if (readSeq <= topic.readSeq) return;
  const floor = Math.max(readFloor(draft, topic), readSeq);
  const unread = await countUnread(draft, topicId, topic, floor);
  await storeReading(draft, topicId, topic, { ...topic, readSeq, unread });
}

/** Takes over up to which `seq` of the server all of the group counts as read. */
export async function mergeReadBefore(draft: GroupDraft, serverSeq: number): Promise<void> {
  const readBefore = serverSeq + draft.stored.logPlace.shift;
  if (readBefore <= draft.stored.readBefore) return;
  for (const { id, value } of await draft.tx.map(topics, draft.groupId).entries()) {
    if (value.unread === 0) continue;
    const unread = await countUnread(draft, String(id), value, Math.max(readFloor(draft, value), readBefore));
    await storeReading(draft, String(id), value, { ...value, unread });
  }
  draft.set({ readBefore });
}

/** How many of the posts that are unread now stay so above a higher floor. */
async function countUnread(draft: GroupDraft, topicId: string, topic: StoredTopic, floor: number): Promise<number> {
  const list = new PostList(draft.tx, draft.groupId, topicId);
  const before = readFloor(draft, topic);
  let [found, unread] = [0, 0];
  for await (const { post } of list.backwards(topic.length)) {
    if (found >= topic.unread) break;
    if (!isUnread(post, before)) continue;
    found += 1;
    if (isUnread(post, floor)) unread += 1;
  }
  return unread;
}

/** The rank of the first post not seen; null when all are. */
export async function firstUnreadOf(
  draft: Pick<GroupDraft, "tx" | "groupId" | "stored">,
  topicId: string,
  topic: StoredTopic,
): Promise<number | null> {
  const list = new PostList(draft.tx, draft.groupId, topicId);
  const floor = readFloor(draft, topic);
  let [left, first]: [number, number | null] = [topic.unread, null];
  for await (const { rank, post } of list.backwards(topic.length)) {
    if (left === 0) break;
    if (!isUnread(post, floor)) continue;
    [left, first] = [left - 1, rank];
  }
  return first;
}

async function rankOfRecord(
  { tx, caches }: Pick<GroupDraft, "tx" | "caches">,
  list: PostList,
  topic: StoredTopic,
  recordId: string,
): Promise<number | null> {
  for (const seq of await caches.index.find(tx, fromHex(recordId))) {
    const facts = await caches.shelf.get(tx, seq);
    if (facts === null || toHex(facts.recordId) !== recordId) continue;
    const rank = await list.rankOf(facts, topic.length);
    if (rank !== null) return rank;
  }
  return null;
}

async function storeReading(
  draft: GroupDraft,
  topicId: string,
  before: StoredTopic,
  after: StoredTopic,
): Promise<void> {
  await draft.tx.map(topics, draft.groupId).put(topicId, after);
  addToTotals(draft, before, after);
  draft.say({ kind: "topic", groupId: draft.id, topicId });
  draft.say({ kind: "topics", groupId: draft.id });
}

import { fromHex } from "@unionhall/crypto";
import type { PersonName } from "../groups/groups-door.ts";
import type { People } from "../groups/people.ts";
import { logItems, type StoredTopic } from "../sync/group-store.ts";
import type { OpenGroup } from "../sync/open-group.ts";
import type { OutboxItem } from "../sync/outbox-store.ts";
import type { TopicSummary, Untitled } from "./topics-door.ts";

interface ShownTopic {
  readonly id: string;
  readonly topic: StoredTopic;
  readonly pending: readonly OutboxItem[];
}

/** A topic as lists show it: what is stored of it, and what of it still waits here to be sent. */
export async function summaryOf(
  group: OpenGroup,
  people: People,
  { id, topic, pending }: ShownTopic,
): Promise<TopicSummary> {
  const first = pending.find(({ body }) => body.kind === "topic");
  const title = topic.title ?? (first?.body.kind === "topic" ? first.body.title : null);
  const latest = pending.at(-1);
  const me: PersonName = people.name(group.identityKey);
  const activity = Math.max(topic.latestActivity ?? 0, latest?.time ?? 0);
  return {
    topicId: id,
    title,
    untitled: title === null ? await whyUntitled(group, id) : null,
    startedBy: first === undefined ? people.name(topic.startedBy) : me,
    latestBy: latest === undefined ? people.name(topic.latestBy) : me,
    latestActivity: activity === 0 ? null : activity,
    posts: topic.posts + pending.length,
    unread: topic.unread,
  };
}

/** Of a topic's own record, what is there that cannot be read: nothing but that it was deleted, or sealed under keys from before. */
async function whyUntitled({ held, groupId }: OpenGroup, topicId: string): Promise<Untitled> {
  for (const position of await held.caches.index.find(held.store, fromHex(topicId)))
    if ((await held.store.list(logItems, groupId).get(position))?.kind === "tombstone") return "deleted";
  return "before-you-came";
}

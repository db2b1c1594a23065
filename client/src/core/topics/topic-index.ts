import { equalBytes, fromHex } from "@unionhall/crypto";
import type { GroupDraft } from "../sync/group-draft.ts";
import { topics, type StoredPost, type StoredTopic } from "../sync/group-store.ts";
import { counts, openFacts, type Self, type VerdictChange } from "../sync/verdict-change.ts";
import { PostList } from "./post-list.ts";

/** A topic of which nothing is known yet. */
export const newTopic: StoredTopic = {
  title: null,
  started: false,
  startedBy: null,
  latestBy: null,
  latestActivity: null,
  length: 0,
  posts: 0,
  unread: 0,
  readSeq: 0,
  newestSeq: 0,
};

/** What changed verdicts mean for the list of topics, the order of their posts, and what is unread. */
export async function indexTopics(draft: GroupDraft, changes: readonly VerdictChange[], self: Self): Promise<void> {
  const byTopic = Map.groupBy(changes.filter(concernsTopics), ({ facts }) => facts.topic ?? "");
  for (const [topicId, ofTopic] of byTopic) await indexTopic(draft, topicId, ofTopic, self);
}

/** Topics and posts; a topic's own record of which only the stub can be read; and what counted until its body was taken away. */
function concernsTopics({ facts, before, after }: VerdictChange): boolean {
  if (facts.topic === null) return false;
  if (facts.body.kind === "open") return facts.body.recordKind === "topic" || facts.body.recordKind === "post";
  return after.kind === "closed" && (facts.topic === facts.recordId || counts(before));
}

async function indexTopic(
  draft: GroupDraft,
  topicId: string,
  concerning: readonly VerdictChange[],
  self: Self,
): Promise<void> {
  const map = draft.tx.map(topics, draft.groupId);
  const before = (await map.get(topicId)) ?? newTopic;
  const list = new PostList(draft.tx, draft.groupId, topicId);
  const changes = await thoseShown(list, before, concerning);
  let after = changes.reduce(withStart, before);
  const fresh = changes.filter((change) => counts(change.after) && change.before === null);
  const turned = changes.filter((change) => change.before !== null && counts(change.before) !== counts(change.after));
  after = await withPosts(list, after, [...fresh, ...(await notThere(list, after, turned))], self);
  for (const change of turned) await turn(list, after, change);
  after = await withCounts(draft, list, after, changes, self);
  await map.put(topicId, after);
  addToTotals(draft, before, after);
  draft.say({ kind: "topic", groupId: draft.id, topicId });
  draft.say({ kind: "topics", groupId: draft.id });
}

/** Of records whose body was taken away, what kind they were is not known any more; but whether they stand in the list is. */
async function thoseShown(
  list: PostList,
  topic: StoredTopic,
  changes: readonly VerdictChange[],
): Promise<readonly VerdictChange[]> {
  const shown: VerdictChange[] = [];
  for (const change of changes)
    if (!isGone(change) || (await list.rankOf(placeIn(change), topic.length)) !== null) shown.push(change);
  return shown;
}

/** Whether its body was taken away after it had counted. */
const isGone = ({ facts, before }: VerdictChange): boolean => facts.body.kind !== "open" && counts(before);

function withStart(topic: StoredTopic, { facts, after, body }: VerdictChange): StoredTopic {
  if (facts.topic !== facts.recordId) return topic;
  if (body?.kind === "topic" && counts(after))
    return {
      ...topic,
      started: true,
      title: body.title,
      startedBy: facts.body.kind === "open" ? fromHex(facts.body.author) : null,
    };
  return after.kind === "closed" ? { ...topic, started: true, title: null, startedBy: null } : topic;
}

/** Of posts that count now and did not, those that were never in the list: their verdict had waited, or they were refused at first. */
async function notThere(
  list: PostList,
  topic: StoredTopic,
  turned: readonly VerdictChange[],
): Promise<readonly VerdictChange[]> {
  const missing: VerdictChange[] = [];
  for (const change of turned)
    if (counts(change.after) && (await list.rankOf(placeIn(change), topic.length)) === null) missing.push(change);
  return missing;
}

async function withPosts(
  list: PostList,
  topic: StoredTopic,
  added: readonly VerdictChange[],
  self: Self,
): Promise<StoredTopic> {
  const stored = added.map((change): StoredPost => ({
    ...placeIn(change),
    seq: change.seq,
    mine: isMine(change, self),
    refused: null,
  }));
  return {
    ...topic,
    length: await list.insert(stored, topic.length),
    newestSeq: Math.max(topic.newestSeq, ...stored.map(({ seq }) => seq)),
  };
}

/** A post that was shown and is refused now stays where it was, marked; one that counts again loses the mark. */
async function turn(list: PostList, topic: StoredTopic, change: VerdictChange): Promise<void> {
  const rank = await list.rankOf(placeIn(change), topic.length);
  if (rank === null) return;
  const { after } = change;
  const refused = counts(after) ? null : "reason" in after ? after.reason : after.kind;
  await list.replace(rank, (post) => ({ ...post, refused }));
}

async function withCounts(
  draft: GroupDraft,
  list: PostList,
  topic: StoredTopic,
  changes: readonly VerdictChange[],
  self: Self,
): Promise<StoredTopic> {
  let { posts, unread } = topic;
  const floor = readFloor(draft, topic);
  for (const change of changes) {
    const step = Number(counts(change.after)) - Number(counts(change.before));
    posts += step;
    if (!(await isOwn(list, topic, change, self)) && change.seq > floor) unread += step;
  }
  return { ...topic, posts, unread, ...(await latestOf(draft, list, topic)) };
}

async function latestOf(
  draft: GroupDraft,
  list: PostList,
  topic: StoredTopic,
): Promise<Pick<StoredTopic, "latestBy" | "latestActivity">> {
  for await (const { post } of list.backwards(topic.length)) {
    if (post.refused !== null) continue;
    const facts = await draft.caches.shelf.get(draft.tx, post.seq);
    if (facts?.body.kind === "open") return { latestBy: facts.body.author, latestActivity: facts.body.time };
  }
  return { latestBy: null, latestActivity: null };
}

/** Up to which `seq` posts of a topic count as read. */
export function readFloor(draft: Pick<GroupDraft, "stored">, topic: StoredTopic): number {
  return Math.max(draft.stored.readBefore, topic.readSeq);
}

export function isUnread(post: StoredPost, floor: number): boolean {
  return !post.mine && post.refused === null && post.seq > floor;
}

/** Brings the group's own counts up to date with one topic's. */
export function addToTotals(draft: GroupDraft, before: StoredTopic, after: StoredTopic): void {
  const { unreadTopics, unreadPosts, latestActivity } = draft.stored;
  const latest = Math.max(latestActivity ?? 0, after.latestActivity ?? 0);
  draft.set({
    unreadTopics: unreadTopics + Number(after.unread > 0) - Number(before.unread > 0),
    unreadPosts: unreadPosts + after.unread - before.unread,
    latestActivity: latest === 0 ? null : latest,
  });
  draft.say({ kind: "group", groupId: draft.id });
  draft.say({ kind: "groups" });
}

function placeIn({ place, facts }: VerdictChange): { readonly place: number; readonly hash: Uint8Array } {
  return { place, hash: fromHex(facts.hash) };
}

async function isOwn(list: PostList, topic: StoredTopic, change: VerdictChange, self: Self): Promise<boolean> {
  const rank = isGone(change) ? await list.rankOf(placeIn(change), topic.length) : null;
  return rank === null ? isMine(change, self) : (await list.window(rank, 1))[0]?.mine === true;
}

function isMine(change: VerdictChange, self: Self): boolean {
  const open = openFacts(change);
  return open !== null && equalBytes(fromHex(open.body.author), self.identityKey);
}

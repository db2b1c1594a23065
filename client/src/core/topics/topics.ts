import { equalBytes, fromHex, openRecord, toHex, type RecordBody } from "@unionhall/crypto";
import { People } from "../groups/people.ts";
import { HallError } from "../problems.ts";
import type { GroupParts } from "../sync/group-parts.ts";
import { recordKeysOf } from "../sync/group-draft.ts";
import {
  logItems,
  recordFacts,
  refusedRecords,
  topics,
  type StoredItem,
  type StoredPost,
  type StoredTopic,
} from "../sync/group-store.ts";
import { lostRecords } from "../sync/lost-records.ts";
import { readPositions } from "../sync/read-positions.ts";
import type { StoredFacts } from "../sync/stored-facts.ts";
import type { OpenGroup } from "../sync/open-group.ts";
import type { OpenGroups } from "../sync/open-groups.ts";
import type { OutboxItem } from "../sync/outbox-store.ts";
import { requirePost, requireText, textLimits } from "../sync/text-limits.ts";
import type { Drafts } from "./drafts.ts";
import { ParsedTexts } from "./parsed-texts.ts";
import { PostList } from "./post-list.ts";
import { firstUnreadOf, readUpTo } from "./reading.ts";
import { newTopic } from "./topic-index.ts";
import { summaryOf } from "./topic-summary.ts";
import type { Post, PostPage, PostState, RefusedRecord, TopicDetail, TopicsDoor, TopicSummary } from "./topics-door.ts";

const mostPosts = 200;

/** What else happens when something was read here: other devices of the account hear of it. */
export interface ReadingNews {
  read(groupId: Uint8Array, topicId: string, readSeq: number): Promise<void>;
}

/** The door to topics (`topics-door.ts`). Nothing here waits for the network. */
export class TopicsOfAccount implements TopicsDoor {
  readonly #parts: GroupParts;
  readonly #groups: OpenGroups;
  readonly #drafts: Drafts;
  readonly #reading: ReadingNews;
  readonly #texts = new ParsedTexts();

  constructor(parts: GroupParts, groups: OpenGroups, drafts: Drafts, reading: ReadingNews) {
    this.#parts = parts;
    this.#groups = groups;
    this.#drafts = drafts;
    this.#reading = reading;
  }

  async list(groupId: string): Promise<readonly TopicSummary[]> {
    const group = this.#groups.get(groupId);
    const people = await People.of(group);
    const stored = await group.held.store.map(topics, group.groupId).entries();
    const pending = await pendingPosts(group);
    const known = new Map(stored.map(({ id, value }) => [String(id), value]));
    for (const { topic, body, recordId } of pending)
      if (body.kind === "topic" && topic !== null && !known.has(toHex(recordId)))
        known.set(toHex(recordId), unsentTopic);
    const shown = [...known]
      .map(([id, topic]) => ({ id, topic, pending: pendingIn(pending, id) }))
      .filter(({ topic, pending: own }) => topic.started && (topic.title !== null || topic.posts + own.length > 0));
    const summaries = await Promise.all(shown.map((one) => summaryOf(group, people, one)));
    return summaries.toSorted((a, b) => (b.latestActivity ?? 0) - (a.latestActivity ?? 0));
  }

  async create(
    groupId: string,
    input: { readonly title: string; readonly text: string },
  ): Promise<{ readonly topicId: string; readonly recordId: string }> {
    const group = this.#groups.get(groupId);
    const title = requireText(input.title, textLimits.topicTitle, "title-empty", "title-too-long");
    const text = requirePost(input.text);
    const id = toHex(await group.write({ kind: "topic", title, text, category: null, mentions: [], files: [] }));
    return { topicId: id, recordId: id };
  }

  async get(groupId: string, topicId: string): Promise<TopicDetail> {
    const group = this.#groups.get(groupId);
    const { topic, pending } = await this.#topic(group, topicId);
    const people = await People.of(group);
    const { stored } = group.held.snapshot;
    const reader = { tx: group.held.store, groupId: group.groupId, stored };
    return {
      ...(await summaryOf(group, people, { id: topicId, topic, pending })),
      firstUnread: await firstUnreadOf(reader, topicId, topic),
    };
  }

  async posts(
    groupId: string,
    topicId: string,
    window: { readonly from: number; readonly limit: number },
  ): Promise<PostPage> {
    const group = this.#groups.get(groupId);
    const { topic, pending } = await this.#topic(group, topicId);
    const people = await People.of(group);
    const from = Math.max(0, Math.trunc(window.from));
    const limit = Math.min(mostPosts, Math.max(0, Math.trunc(window.limit)));
    const list = new PostList(group.held.store, group.groupId, topicId);
    const inside = Math.max(0, Math.min(limit, topic.length - from));
    const stored = inside === 0 ? [] : await list.window(from, inside);
    const sent = await this.#sentPosts(group, stored, people);
    const behind = pending.slice(Math.max(0, from - topic.length), Math.max(0, from + limit - topic.length));
    const unsent = await Promise.all(behind.map((item) => this.#pendingPost(group, item, people)));
    return { from, total: topic.length + pending.length, posts: [...sent, ...unsent] };
  }

  async reply(groupId: string, topicId: string, text: string): Promise<{ readonly recordId: string }> {
    const group = this.#groups.get(groupId);
    const written = requirePost(text);
    await this.#topic(group, topicId);
    const body: RecordBody = { kind: "post", text: written, reply: null, mentions: [], files: [] };
    return { recordId: toHex(await group.write(body, { topic: fromHex(topicId) })) };
  }

  async retry(groupId: string, recordId: string): Promise<void> {
    const group = this.#groups.get(groupId);
    await group.outbox.retry(recordId);
    group.follow().poke();
  }

  async discard(groupId: string, recordId: string): Promise<void> {
    const group = this.#groups.get(groupId);
    await group.outbox.discard(recordId);
    group.follow().poke();
  }

  async markRead(groupId: string, topicId: string, recordId: string): Promise<void> {
    const group = this.#groups.get(groupId);
    if (!isId(recordId)) throw unknownRecord();
    const readSeq = await group.held.change((draft) => readUpTo(draft, topicId, recordId));
    if (readSeq !== null) await this.#reading.read(group.groupId, topicId, readSeq);
  }

  async draft(groupId: string, topicId: string | null): Promise<string> {
    return this.#drafts.text(this.#groups.get(groupId).groupId, topicId);
  }

  async saveDraft(groupId: string, topicId: string | null, text: string): Promise<void> {
    await this.#drafts.save(this.#groups.get(groupId).groupId, topicId, text.toWellFormed());
  }

  async refused(groupId: string): Promise<readonly RefusedRecord[]> {
    const group = this.#groups.get(groupId);
    const people = await People.of(group);
    const { store } = group.held;
    const noticed = await store.list(refusedRecords, group.groupId).range({ limit: 1_000, direction: "backward" });
    const bySeq = new Map(noticed.map(({ value }) => [value.seq, value]));
    const facts = await readPositions(store.list(recordFacts, group.groupId), [...bySeq.keys()]);
    return [...bySeq.values()].flatMap(({ seq, recordId, author, noticedAt }) => {
      const verdict = facts.get(seq)?.verdict;
      // What came later may have given it another verdict than the one that was noticed.
      if (verdict?.kind !== "refused" || verdict.reason === "superseded") return [];
      return [{ recordId: toHex(recordId), author: people.name(author), reason: verdict.reason, noticedAt }];
    });
  }

  async #topic(
    group: OpenGroup,
    topicId: string,
  ): Promise<{ readonly topic: StoredTopic; readonly pending: readonly OutboxItem[] }> {
    if (!isId(topicId)) throw unknownTopic();
    const stored = await group.held.store.map(topics, group.groupId).get(topicId);
    const pending = pendingIn(await pendingPosts(group), topicId);
    const begins = pending.some(({ body }) => body.kind === "topic");
    if (stored === null && !begins) throw unknownTopic();
    return { topic: stored ?? unsentTopic, pending };
  }

  async #sentPosts(group: OpenGroup, stored: readonly StoredPost[], people: People): Promise<readonly Post[]> {
    const { store } = group.held;
    const seqs = stored.map(({ seq }) => seq);
    const facts = await readPositions(store.list(recordFacts, group.groupId), seqs);
    const items = await readPositions(store.list(logItems, group.groupId), seqs);
    const lost = await lostIds(group);
    return Promise.all(
      stored.map(async (post) => {
        const shown = await this.#sentPost(group, post, facts.get(post.seq), items.get(post.seq), people);
        return post.mine && lost.has(shown.recordId) ? { ...shown, state: { kind: "sending" } } : shown;
      }),
    );
  }

  async #sentPost(
    group: OpenGroup,
    post: StoredPost,
    facts: StoredFacts | undefined,
    item: StoredItem | undefined,
    people: People,
  ): Promise<Post> {
    const keys = facts === undefined ? null : recordKeysOf(group.groupId, group.held.snapshot.keys, facts.era);
    const opened = item?.kind === "record" && keys !== null ? openRecord(item, keys) : null;
    const text = opened?.kind === "opened" && "text" in opened.body ? opened.body.text : "";
    const author = facts?.body.kind === "open" ? facts.body.author : null;
    return {
      recordId: toHex(facts?.recordId ?? new Uint8Array(16)),
      author: people.name(author),
      union: author === null ? null : people.profile(author).union,
      text,
      body: await this.#texts.of(text),
      time: facts?.body.kind === "open" ? facts.body.time : 0,
      mine: post.mine,
      seq: post.seq,
      state: stateOf(post, facts?.verdict.kind === "counted" && facts.verdict.marks.includes("arrived-late")),
    };
  }

  async #pendingPost(group: OpenGroup, item: OutboxItem, people: People): Promise<Post> {
    const { recordId, body, time } = item;
    const text = "text" in body ? body.text : "";
    return {
      recordId: toHex(recordId),
      author: people.name(group.identityKey),
      union: this.#parts.profile().union,
      text,
      body: await this.#texts.of(text),
      time,
      mine: true,
      state: pendingState(group, item),
    };
  }
}

/** A topic that so far stands in the outbox only. */
const unsentTopic: StoredTopic = { ...newTopic, started: true };

async function pendingPosts(group: OpenGroup): Promise<readonly OutboxItem[]> {
  const items = await group.outbox.items();
  const written = items.filter(({ body }) => body.kind === "topic" || body.kind === "post");
  const isListed = await Promise.all(written.map((item) => isHeld(group, item)));
  return written.filter((_, at) => isListed[at] !== true);
}

/** Whether a record that waits to be sent stands in the log here: the server lost it, and its era has ended since. */
async function isHeld({ held, groupId }: OpenGroup, { recordId }: OutboxItem): Promise<boolean> {
  if (held.snapshot.stored.logPlace.shift === 0) return false;
  for (const position of await held.caches.index.find(held.store, recordId)) {
    const facts = await held.store.list(recordFacts, groupId).get(position);
    if (facts !== null && equalBytes(facts.recordId, recordId)) return true;
  }
  return false;
}

/** Ids (hex) of records that stand in the log here, and that the server lost. */
async function lostIds({ held, groupId }: OpenGroup): Promise<ReadonlySet<string>> {
  if (held.snapshot.stored.logPlace.shift === 0) return new Set();
  const lost = await held.store.map(lostRecords, groupId).entries();
  return new Set(lost.map(({ id }) => String(id)));
}

function pendingIn(pending: readonly OutboxItem[], topicId: string): readonly OutboxItem[] {
  return pending.filter(({ topic }) => topic !== null && toHex(topic) === topicId);
}

/** In a group that stands still nothing is on its way: whoever wrote it should know, and it goes out should the group go on. */
function pendingState({ standing }: OpenGroup, { state }: OutboxItem): PostState {
  if (state.kind === "failed") return { kind: "failed", problem: state.problem };
  if (state.kind === "waiting" && standing.kind === "stopped") return { kind: "failed", problem: "group-stopped" };
  return { kind: state.kind === "acknowledged" ? "sent" : "sending" };
}

function stateOf(post: StoredPost, late: boolean): PostState {
  if (post.refused !== null) return { kind: "refused", reason: post.refused };
  return { kind: late ? "late" : "sent" };
}

const isId = (id: string): boolean => /^[0-9a-f]{32}$/.test(id);

function unknownTopic(): HallError {
  return new HallError("topic-unknown", "there is no such topic in this group");
}

function unknownRecord(): HallError {
  return new HallError("record-unknown", "there is no such record in this topic");
}

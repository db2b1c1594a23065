import type { Root } from "mdast";
import type { PersonName } from "../groups/groups-door.ts";

/** Topics and posts (protocol section 6). Writing answers as soon as the record is safe on this device. */
export interface TopicsDoor {
  /** Latest activity first; without those of which nothing can be read here. */
  list(groupId: string): Promise<readonly TopicSummary[]>;
  /** @throws HallError `title-empty`, `title-too-long`, `text-too-long`, `not-a-member` */
  create(
    groupId: string,
    input: { readonly title: string; readonly text: string },
  ): Promise<{ readonly topicId: string; readonly recordId: string }>;
  get(groupId: string, topicId: string): Promise<TopicDetail>;
  /** Posts `from` (0 is the first) up to `from + limit`, in the order shown. `limit` at most 200. */
  posts(groupId: string, topicId: string, window: { readonly from: number; readonly limit: number }): Promise<PostPage>;
  /** @throws HallError `text-empty`, `text-too-long`, `not-a-member`, `topic-unknown` */
  reply(groupId: string, topicId: string, text: string): Promise<{ readonly recordId: string }>;
  /** Tries a failed post again at once. @throws HallError `removed`, `not-a-member`, `group-stopped` where nothing can be sent */
  retry(groupId: string, recordId: string): Promise<void>;
  /** Takes a post that was never acknowledged out of the outbox. */
  discard(groupId: string, recordId: string): Promise<void>;
  /** Everything up to this post has been seen. */
  markRead(groupId: string, topicId: string, recordId: string): Promise<void>;
  draft(groupId: string, topicId: string | null): Promise<string>;
  /** Up to 1 MiB, which is more than a post may have. @throws HallError `draft-not-kept` */
  saveDraft(groupId: string, topicId: string | null, text: string): Promise<void>;
  /** Records that this device keeps but does not show in a topic, with the reason. */
  refused(groupId: string): Promise<readonly RefusedRecord[]>;
}

export interface TopicSummary {
  readonly topicId: string;
  /** Null where its beginning cannot be read here: then `untitled` says why. */
  readonly title: string | null;
  readonly untitled: Untitled | null;
  readonly startedBy: PersonName;
  readonly latestBy: PersonName;
  /** Null where no post can be read here. */
  readonly latestActivity: number | null;
  readonly posts: number;
  readonly unread: number;
}

/** It was written before this account came in, and is closed to it; or it was deleted, as the rules say or by hand. */
export type Untitled = "before-you-came" | "deleted";

export interface TopicDetail extends TopicSummary {
  /** Position of the first post not read yet; null when all are read. */
  readonly firstUnread: number | null;
}

export interface PostPage {
  readonly from: number;
  readonly total: number;
  readonly posts: readonly Post[];
}

export interface Post {
  readonly recordId: string;
  readonly author: PersonName;
  readonly union: string | null;
  /** The Markdown as it was written. */
  readonly text: string;
  /** The same, parsed; never HTML. */
  readonly body: Root;
  /** By the author's clock, milliseconds since 1970. */
  readonly time: number;
  readonly mine: boolean;
  /** Its place in the group's log; absent until the hall has acknowledged it. */
  readonly seq?: number;
  readonly state: PostState;
}

export type PostState =
  | { readonly kind: "sent" }
  | { readonly kind: "late" }
  | { readonly kind: "sending" }
  | { readonly kind: "failed"; readonly problem: string }
  /** Kept and shown as refused: `reason` is one of crypto's verdicts. */
  | { readonly kind: "refused"; readonly reason: string };

export interface RefusedRecord {
  readonly recordId: string;
  readonly author: PersonName;
  readonly reason: string;
  readonly noticedAt: number;
}

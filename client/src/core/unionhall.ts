import type { GroupsDoor } from "./groups/groups-door.ts";
import type { InvitesDoor } from "./invites/invites-door.ts";
import type { SessionDoor } from "./session/session-door.ts";
import type { TopicsDoor } from "./topics/topics-door.ts";

/**
 * The only door into core. Every method takes and gives plain data that can be cloned, so that the same interface is served from a worker;
 * ids are lower-case hex: account 32 characters, group 64, topic, record and invite 32.
 */
export interface Unionhall {
  readonly session: SessionDoor;
  readonly groups: GroupsDoor;
  readonly invites: InvitesDoor;
  readonly topics: TopicsDoor;
  /** Calls `listener` after what it names can be read anew. Returns the way to stop. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Waits until nothing is under way: outbox empty or blocked, everything received applied. For scripts and tests. */
  settled(): Promise<void>;
  /** Stops sockets and timers, lets go of the device's lock. */
  close(): Promise<void>;
}

export type Change =
  | { readonly kind: "session" }
  | { readonly kind: "groups" }
  | { readonly kind: "group"; readonly groupId: string }
  | { readonly kind: "members"; readonly groupId: string }
  | { readonly kind: "invites"; readonly groupId: string }
  | { readonly kind: "joining" }
  | { readonly kind: "topics"; readonly groupId: string }
  | { readonly kind: "topic"; readonly groupId: string; readonly topicId: string }
  /** A text begun in a topic, or with null for a new one. */
  | { readonly kind: "draft"; readonly groupId: string; readonly topicId: string | null };

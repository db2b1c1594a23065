import type { Profile } from "../session/session-door.ts";

/** Working groups: found, look at, leave; the people in them and the chain that says so (protocol section 5). */
export interface GroupsDoor {
  /** In an order that stays: by name, and by id where names are the same. */
  list(): Promise<readonly GroupSummary[]>;
  get(groupId: string): Promise<GroupDetail>;
  /**
   * What was begun and fails for something that may pass goes on by itself; the same again gives that group, and no second one.
   *
   * @throws HallError `name-empty`, `name-too-long`, `number-out-of-range`, `quota-spent`, `offline`
   */
  found(input: FoundInput): Promise<{ readonly groupId: string }>;
  rename(groupId: string, info: GroupInfo): Promise<void>;
  members(groupId: string): Promise<readonly Member[]>;
  /** The whole record of the group, oldest first, void entries included. */
  chain(groupId: string): Promise<readonly ChainLine[]>;
  setRole(groupId: string, accountId: string, role: Role): Promise<void>;
  /** Starts a new era at once. @throws HallError `not-a-facilitator`, `member-unknown` */
  remove(groupId: string, accountId: string): Promise<void>;
  /** @throws HallError `last-facilitator` */
  leave(groupId: string): Promise<void>;
  /**
   * A group that one left or was removed from stays readable until it is put away. Whoever is alone in a group cannot leave it, and puts it away
   * on all devices of the account; its open invites end first.
   *
   * @throws HallError `member-already` while others are in it, `offline` when an invite cannot be ended
   */
  forget(groupId: string): Promise<void>;
}

export type Role = "facilitator" | "member";
export type History = "all" | "from-joining";

/** `name` 1 to 120 characters, `description` at most 2,000. */
export interface GroupInfo {
  readonly name: string;
  readonly description: string;
}

export interface FoundInput extends GroupInfo {
  readonly history: History;
  /** Days that posts are kept, 1 to 3,650; null: for good. */
  readonly retentionDays: number | null;
}

export interface GroupSummary {
  readonly groupId: string;
  readonly name: string;
  readonly standing: Standing;
  readonly memberCount: number;
  readonly unreadTopics: number;
  readonly unreadPosts: number;
  /** Requests to come in; only counted for facilitators. */
  readonly openRequests: number;
  /** Milliseconds since 1970 of the newest record, by its author's clock; null when there is none. */
  readonly latestActivity: number | null;
}

export type Standing =
  | { readonly kind: "member"; readonly role: Role }
  /** Still fetching what is needed to show it. */
  | { readonly kind: "arriving" }
  | { readonly kind: "left" }
  | { readonly kind: "removed"; readonly byName: string }
  /** An era that this account cannot enter, or an entry that cannot be checked: nothing newer is readable. */
  | { readonly kind: "stopped"; readonly reason: StopReason; readonly byName: string | null };

export type StopReason =
  /** The keys of an era are not those its entry commits to. */
  | "era-keys-differ"
  /** No box of the newest era for this account, and none was put there yet. */
  | "no-box";

export interface GroupDetail extends GroupSummary, GroupInfo {
  readonly history: History;
  readonly retentionDays: number | null;
  readonly foundedAt: number;
  readonly era: number;
  readonly facilitators: number;
  /** A new era that is to come, and why; until then those who lost access may still read new posts. */
  readonly eraDue: readonly EraDue[];
  /** What was noticed about the server or about members, newest first; empty when all is well. */
  readonly warnings: readonly Warning[];
}

export interface EraDue {
  readonly reason: "left" | "device-revoked" | "invite-ended" | "weekly";
  readonly name: string | null;
}

export interface Warning {
  readonly kind:
    | "stewards-differ"
    | "pass-differs"
    | "fork"
    | "rolled-back"
    | "gap"
    | "box-repaired"
    | "link-repaired"
    | "void-entry";
  /** When this device noticed, milliseconds since 1970. */
  readonly noticedAt: number;
  readonly byName: string | null;
  readonly detail: string;
}

export interface Member {
  readonly accountId: string;
  readonly profile: Profile;
  readonly role: Role;
  readonly you: boolean;
  readonly joinedAt: number;
  readonly admittedBy: string | null;
  /** Another member shows the same name; then the interface shows `accountId` beside it. */
  readonly sameName: boolean;
}

/** One entry of the chain in terms the interface puts into words. */
export interface ChainLine {
  readonly index: number;
  readonly time: number;
  readonly by: PersonName;
  readonly acts: readonly ChainAct[];
  readonly verdict: { readonly kind: "counted" } | { readonly kind: "void"; readonly reason: string };
}

export interface PersonName {
  /** Null: "someone holding the key". */
  readonly accountId: string | null;
  readonly name: string;
}

export type ChainAct =
  | { readonly kind: "found"; readonly history: History; readonly retentionDays: number | null }
  | { readonly kind: "admit"; readonly who: PersonName; readonly role: Role; readonly inviteId: string | null }
  | { readonly kind: "join"; readonly who: PersonName; readonly inviteId: string }
  | { readonly kind: "remove"; readonly who: PersonName }
  | { readonly kind: "leave"; readonly who: PersonName }
  | { readonly kind: "role"; readonly who: PersonName; readonly role: Role }
  | { readonly kind: "rules"; readonly history: History; readonly retentionDays: number | null }
  | { readonly kind: "account-update"; readonly who: PersonName; readonly adds: number; readonly revokes: number }
  | { readonly kind: "invite"; readonly inviteId: string; readonly mode: "approval" | "instant"; readonly uses: number }
  | { readonly kind: "end-invite"; readonly inviteId: string }
  | { readonly kind: "cut"; readonly day: number }
  | { readonly kind: "era"; readonly era: number };

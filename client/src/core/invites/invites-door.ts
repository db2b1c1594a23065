import type { History, PersonName } from "../groups/groups-door.ts";

/** Coming in, from both sides of the door (protocol section 7). */
export interface InvitesDoor {
  /**
   * Reads an invite link without an account.
   *
   * @throws HallError `link-malformed`, `link-other-hall`, `invite-unknown`, `invite-expired`, `invite-forged`, `offline`
   */
  preview(link: string): Promise<InvitePreview>;
  /**
   * Asks to come in, or walks in by an instant invite. Needs an open account. Again with the same link: goes on where it stopped.
   *
   * @throws HallError as {@link preview}, and `invite-ended`, `invite-spent`, `member-already`, `server-lies`
   */
  join(link: string, input: { readonly note: string }): Promise<JoinState>;
  /** Requests of this account that wait for approval. */
  joining(): Promise<readonly JoinState[]>;
  /** Stops waiting and forgets the request here. */
  cancel(groupId: string): Promise<void>;

  /**
   * When this rejects, there is no such invite and none will come; with `timed-out` it may be there already, and goes on by itself.
   *
   * @throws HallError `not-a-facilitator`, `number-out-of-range`, `note-too-long`, `quota-spent`, `offline`, `timed-out`
   */
  make(groupId: string, input: MakeInvite): Promise<Invite>;
  list(groupId: string): Promise<readonly Invite[]>;
  end(groupId: string, inviteId: string): Promise<void>;
  /** Requests at the group's desks, oldest first. */
  requests(groupId: string): Promise<readonly JoinRequest[]>;
  /** @throws HallError `request-unknown`, `member-already`, `invite-ended`, `invite-spent`, `not-a-facilitator` */
  approve(groupId: string, requestId: string): Promise<void>;
  refuse(groupId: string, requestId: string): Promise<void>;
}

export interface InvitePreview {
  readonly groupId: string;
  readonly groupName: string;
  readonly inviterName: string;
  readonly history: History;
  readonly retentionDays: number | null;
  readonly mode: "approval" | "instant";
  readonly expiresAt: number;
}

export type JoinState =
  | {
      readonly kind: "waiting";
      readonly groupId: string;
      readonly groupName: string;
      readonly inviterName: string;
      /** Four English words that the guest and the facilitator compare. */
      readonly checkWords: readonly string[];
      readonly askedAt: number;
    }
  | { readonly kind: "member"; readonly groupId: string; readonly groupName: string }
  | { readonly kind: "refused"; readonly groupId: string; readonly groupName: string };

export interface MakeInvite {
  readonly mode: "approval" | "instant";
  /** Approval: 1 to 1,000; instant: 1 to 50. */
  readonly uses: number;
  /** Approval: 1 to 90 days; instant: 1 to 7. */
  readonly expiresInDays: number;
  /** Only for one's own list. */
  readonly note: string;
}

export interface Invite {
  readonly inviteId: string;
  /** Null for invites that another device of the group made: only their maker keeps the link. */
  readonly link: string | null;
  readonly mode: "approval" | "instant";
  readonly uses: number;
  readonly usesLeft: number;
  readonly expiresAt: number;
  readonly madeBy: PersonName;
  readonly note: string;
  readonly state: "open" | "ended" | "expired" | "spent";
}

export interface JoinRequest {
  readonly requestId: string;
  readonly inviteId: string;
  readonly accountId: string;
  readonly name: string;
  readonly union: string | null;
  readonly note: string;
  /** Null while they are not worked out: of many requests, the later ones get theirs once earlier ones are answered. */
  readonly checkWords: readonly string[] | null;
  /** When the guest says it was sent, milliseconds since 1970. */
  readonly receivedAt: number;
}

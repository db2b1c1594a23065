import type { GroupState, RecordBody } from "@unionhall/crypto";
import type { PersonName, Role } from "../groups/groups-door.ts";
import type { GroupAct, Proposed } from "./group-act.ts";
import type { StoredStanding } from "./group-store.ts";

/**
 * One group as the rest of the engine uses it. Everything read here is of one moment: state, keys and standing change together, after the page
 * of the log that changed them is stored. Hold the object, not what it answered.
 *
 * How a group comes to be loaded: {@link Groups.enter} for a newcomer with an era key, `groups.found` for a founder, the vault for a recovered
 * account, and storage at every start. It then follows its log until it is left, removed or forgotten.
 */
export interface LoadedGroup {
  /** 32 bytes */
  readonly groupId: Uint8Array;
  /** The same in hex. */
  readonly id: string;
  /** The fold over the chain, as far as it is processed and stored here. */
  readonly state: GroupState;
  readonly standing: StoredStanding;
  /** Whether it waits for {@link Groups.settleIn} or {@link Groups.abandon}: to everybody but its caller it is not there. */
  readonly isHeld: boolean;
  /** This account's role, null when it is not in. */
  readonly role: Role | null;
  /** Null until its `group-info` record is here. */
  readonly name: string | null;
  /** The newest era whose keys are held and were found to be those that its entry and the server name; null before there is one. */
  readonly newest: { readonly era: number; readonly eraKey: Uint8Array } | null;
  /** Seed (32 bytes) of this account's steward key in this group. */
  readonly stewardSeed: Uint8Array;
  /** A name to show for an identity key: from its newest profile, else the start of its account id. */
  personName(identityKey: Uint8Array): Promise<PersonName>;
  /**
   * Puts acts into the chain, in one entry in this order, with an era where section 5 asks for one. The wish is stored first; a lost index is
   * fetched, checked and signed again; after a crash or a lost connection it goes on by itself at the next start, with the same bytes where
   * they may have been sent. Acts of one group wait for each other.
   *
   * @returns once the entry is durable on the server, processed and stored here
   * @throws HallError where the acts cannot count any more (`not-a-facilitator`, `last-facilitator`, `member-unknown`, `member-already`,
   * `invite-unknown`, `invite-ended`, `invite-expired`, `invite-spent`, `not-a-member`, `removed`, `group-full`, `group-stopped`); `offline` when
   * nothing was sent and nothing will be; `timed-out` when it may have been sent and no word of it came: it goes on by itself
   */
  propose(acts: readonly GroupAct[]): Promise<Proposed>;
  /** Signs, seals and stores a record in the outbox; resolves when it is safe on this device. Returns its id (16 bytes). */
  write(body: RecordBody, place?: { readonly topic?: Uint8Array; readonly target?: Uint8Array }): Promise<Uint8Array>;
  /** Resolves when everything the server had at the time of the call is processed. @throws HallError `offline` */
  caughtUp(): Promise<void>;
}

/** All groups of this account on this device; the notebook is not among them. */
export interface Groups {
  all(): readonly LoadedGroup[];
  /** @throws HallError `group-unknown` @param id hex */
  get(id: string): LoadedGroup;
  find(id: string): LoadedGroup | null;
  /**
   * Enters a group with an era key that came in a box: stores it as arriving, proves it by the pass, walks the links back, reads and applies
   * the whole chain from `found`, then follows the log. Safe to call again; goes on after a crash by itself.
   *
   * When this account is in the group by then (`member`), the vault is written and the own profile sent before this resolves, unless the input
   * says `hold`: then nothing of it is shown, kept in the vault or sent before {@link settleIn}. When it is not (`outside`: an instant invite's
   * key), the caller looks at the state and proposes `join`, and then calls {@link settleIn}; or lets go with {@link abandon}.
   *
   * @throws HallError `offline`, `server-lies` (keys that fit no entry, a chain that is not the group's), `group-unknown`
   */
  enter(input: EnterGroup): Promise<{ readonly kind: "member" | "outside"; readonly group: LoadedGroup }>;
  /** The way in was the one that was asked for: vault, then own profile. Resolves when both are done (the profile: safely in the outbox). */
  settleIn(id: string): Promise<void>;
  /** Takes everything about a group off this device that this account is not in; one that was left before goes back to how it stood. */
  abandon(id: string): Promise<void>;
  /**
   * Calls after something was stored: the chain grew, members, invites or standing changed. Returns the way to stop.
   */
  onChange(listener: (group: LoadedGroup, change: GroupChange) => void): () => void;
}

export interface EnterGroup {
  /** 32 bytes */
  readonly groupId: Uint8Array;
  readonly era: number;
  /** 32 bytes */
  readonly eraKey: Uint8Array;
  /** Seed (32 bytes) of the steward key that the request or the join names. */
  readonly stewardSeed: Uint8Array;
  /** Whether the caller will look at the chain before anything is made of it. */
  readonly hold: boolean;
}

export type GroupChange = "chain" | "standing" | "records";

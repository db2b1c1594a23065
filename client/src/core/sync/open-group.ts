import {
  accountIdOf,
  accountOf,
  isIn,
  roleOf,
  toHex,
  type GroupState,
  type RecordBody,
  type Role,
} from "@unionhall/crypto";
import type { PersonName } from "../groups/groups-door.ts";
import type { Profile } from "../session/session-door.ts";
import { orStopped } from "../stop.ts";
import { ChainProposals } from "./chain-proposals.ts";
import type { GroupAct, Proposed } from "./group-act.ts";
import { GroupFollower } from "./group-follower.ts";
import type { GroupParts } from "./group-parts.ts";
import { GroupServer } from "./group-server.ts";
import { profiles, type HeldEra, type StoredStanding } from "./group-store.ts";
import type { HeldGroup } from "./held-group.ts";
import type { LoadedGroup } from "./loaded-group.ts";
import { requireMember, type RecordPlace } from "./outbox-sealing.ts";
import { Outbox } from "./outbox.ts";

/** One group with everything that works on it. */
export class OpenGroup implements LoadedGroup {
  readonly held: HeldGroup;
  readonly server: GroupServer;
  readonly outbox: Outbox;
  readonly proposals: ChainProposals;
  readonly #parts: GroupParts;
  readonly #current: (group: OpenGroup) => Promise<void>;
  #follower: GroupFollower | null = null;

  /** @param current called each time everything is here; may throw `offline` */
  constructor(parts: GroupParts, held: HeldGroup, current: (group: OpenGroup) => Promise<void>) {
    this.#parts = parts;
    this.#current = current;
    this.held = held;
    this.server = new GroupServer(held.groupId, parts.api, parts.origin);
    this.outbox = new Outbox(parts, held);
    this.proposals = new ChainProposals(parts, held);
  }

  /** The one that keeps it up to date; begins with the first call. */
  follow(): GroupFollower {
    this.#follower ??= new GroupFollower(this.#parts, {
      held: this.held,
      server: this.server,
      outbox: this.outbox,
      proposals: this.proposals,
      current: () => this.#current(this),
    });
    return this.#follower;
  }

  /** Ends following; resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    const follower = this.#follower;
    this.#follower = null;
    follower?.stop();
    await follower?.done;
  }

  get follower(): GroupFollower | null {
    return this.#follower;
  }

  get groupId(): Uint8Array {
    return this.held.groupId;
  }

  get id(): string {
    return this.held.id;
  }

  get state(): GroupState {
    return this.held.snapshot.state;
  }

  get standing(): StoredStanding {
    return this.held.snapshot.stored.standing;
  }

  get isHeld(): boolean {
    return this.held.snapshot.stored.held !== null;
  }

  /** Of this account, 32 bytes. */
  get identityKey(): Uint8Array {
    return this.#parts.account.identityKey;
  }

  /** The key of this account in the state's map of accounts. */
  get accountKey(): string {
    return toHex(this.identityKey);
  }

  get role(): Role | null {
    const account = accountOf(this.state, this.#parts.account.identityKey);
    return account === undefined ? null : roleOf(account);
  }

  get name(): string | null {
    return this.held.snapshot.stored.info?.name ?? null;
  }

  get newest(): HeldEra | null {
    return this.held.snapshot.stored.newest;
  }

  get stewardSeed(): Uint8Array {
    return this.held.snapshot.stored.stewardSeed;
  }

  async personName(identityKey: Uint8Array): Promise<PersonName> {
    const accountId = toHex(accountIdOf(identityKey));
    const profile = await this.profileOf(identityKey);
    return { accountId, name: profile?.name ?? accountId.slice(0, 8) };
  }

  async profileOf(identityKey: Uint8Array): Promise<Profile | null> {
    const stored = await this.held.store.map(profiles, this.groupId).get(toHex(identityKey));
    return stored?.profile ?? null;
  }

  async propose(acts: readonly GroupAct[]): Promise<Proposed> {
    const joins = acts.some(({ kind }) => kind === "join");
    if (!joins) requireMember(this.held.snapshot);
    const follower = this.follow();
    await follower.firstResult();
    const { settled } = await this.proposals.add(acts);
    const outcome = orStopped(settled, this.#parts.stop);
    follower.proposed();
    return outcome;
  }

  /**
   * Stores acts to be put into the chain by and by, unless the same wait already; nobody learns what became of them but by the chain. Resolves
   * once they are stored.
   */
  async wish(acts: readonly GroupAct[]): Promise<void> {
    requireMember(this.held.snapshot);
    await this.proposals.wish(acts);
    this.follow().poke();
  }

  async write(body: RecordBody, place: RecordPlace = {}): Promise<Uint8Array> {
    const recordId = await this.outbox.write(body, place);
    this.follow().poke();
    return recordId;
  }

  async caughtUp(): Promise<void> {
    await this.follow().caughtUp();
  }

  /** Whether this account is in the group, by the chain as far as it is here. */
  get isIn(): boolean {
    const account = accountOf(this.state, this.#parts.account.identityKey);
    return account !== undefined && isIn(account);
  }
}

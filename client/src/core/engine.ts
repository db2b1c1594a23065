import type { StatementWire } from "@unionhall/crypto";
import type { Api } from "./api/api.ts";
import type { Live } from "./api/live.ts";
import type { GroupsDoor } from "./groups/groups-door.ts";
import type { InvitePreview, InvitesDoor } from "./invites/invites-door.ts";
import type { Clock, Random } from "./platform.ts";
import type { Account } from "./session/account.ts";
import type { Profile } from "./session/session-door.ts";
import type { VaultDoor } from "./session/vault-door.ts";
import type { StopSignal } from "./stop.ts";
import type { Store } from "./storage/store.ts";
import type { TopicsDoor } from "./topics/topics-door.ts";
import type { Change } from "./unionhall.ts";

/**
 * How the group engine plugs into core: `createUnionhall(platform, engineMaker)` in `create-unionhall.ts` is the only caller. The session part
 * owns device, account, vault, server connection; the engine owns everything about groups, invites, topics and their sync.
 */
export interface EngineMaker {
  /** Reads an invite link; needs no account. Behind `invites.preview` and `session.register`. */
  readInvite(parts: GuestParts, link: string): Promise<ReadInvite>;
  /**
   * Called once whenever an account becomes open on this device (unlocked, registered, recovered). Loads from `parts.store` and starts its
   * sync without waiting for the network: being offline is no error here. When it rejects, `parts.stop` ends whatever had begun.
   */
  open(parts: EngineParts): Promise<Engine>;
}

/** What a guest without an account has. */
export interface GuestParts {
  readonly origin: string;
  readonly api: Api;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ReadInvite {
  readonly preview: InvitePreview;
  /** Registration tickets of the preview, 1 per use; one of them registers an account on a closed hall. */
  readonly tickets: readonly Uint8Array[];
}

/** Everything an engine gets. It takes nothing from anywhere else. */
export interface EngineParts extends GuestParts {
  readonly account: Account;
  readonly vault: VaultDoor;
  /** Sealed, transactional storage on this device, all of it the engine's; collections of the session have names beginning with `session/`. */
  readonly store: Store;
  readonly live: Live;
  /** How the person is shown. The engine writes it into groups as `profile` records; {@link Engine.profileChanged} says when it is new. */
  profile(): Profile;
  /** Tells the listeners of `Unionhall.subscribe`; call it after the change can be read. */
  emit(change: Change): void;
  /** Stopped when the device is locked, signed out or closed: no network, no storage after that. */
  readonly stop: StopSignal;
}

export interface Engine {
  readonly groups: GroupsDoor;
  readonly invites: InvitesDoor;
  readonly topics: TopicsDoor;
  profileChanged(): Promise<void>;
  /** Own records that the server has not acknowledged yet. */
  waiting(): number;
  /** What the groups on this device know of the own account. */
  ownStatements(): readonly StatementWire[];
  /** As `Unionhall.settled`. */
  settled(): Promise<void>;
  /** After `parts.stop`: resolves when nothing of the engine runs any more. */
  closed(): Promise<void>;
}

import type { ChainProposals } from "./chain-proposals.ts";
import type { GroupServer } from "./group-server.ts";
import type { HeldGroup } from "./held-group.ts";
import type { Outbox } from "./outbox.ts";

/** A group as its follower works on it. */
export interface FollowedGroup {
  readonly held: HeldGroup;
  readonly server: GroupServer;
  readonly outbox: Outbox;
  readonly proposals: ChainProposals;
  /** Called each time everything is here: writes the vault, settles in. May throw `offline`. */
  current(): Promise<void>;
}

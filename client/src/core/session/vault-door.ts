import type { Settings } from "./session-door.ts";

/**
 * The vault as the engine uses it (protocol section 3): the account's slow state, sealed on the server, so that 12 words bring everything
 * back. A found or a join counts as done only after {@link VaultDoor.update} has resolved with the group in it.
 */
export interface VaultDoor {
  /** Goes into every own record: after a recovery, an old copy is recognised by it. */
  version(): number;
  groups(): readonly VaultGroup[];
  group(groupId: Uint8Array): VaultGroup | null;
  /**
   * Changes the list of groups and resolves when that is durable on the server and on this device. Merged with what other devices wrote:
   * highest era per group. Concurrent calls are put together.
   *
   * @throws HallError `offline` when the server cannot be reached (nothing is changed), `vault-rolled-back`
   */
  update(change: (groups: ReadonlyMap<string, VaultGroup>) => Iterable<VaultGroup>): Promise<void>;
  settings(): Settings;
}

export interface VaultGroup {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  readonly era: number;
  /** 32 bytes: the newest era key this account holds. */
  readonly eraKey: Uint8Array;
  /** Ed25519 seed of this account's steward key in this group, 32 bytes. */
  readonly stewardSeed: Uint8Array;
}

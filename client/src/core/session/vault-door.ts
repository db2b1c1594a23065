import type { VaultContent } from "@unionhall/crypto";

/**
 * The vault as the engine uses it (protocol section 3): the account's slow state, sealed on the server, so that 12 words bring everything
 * back. A found or a join counts as done only after {@link VaultDoor.update} has resolved with the group in it. Profile and settings in it are
 * the session's; groups, invites and pending joins are the engine's.
 */
export interface VaultDoor {
  /** As this device has it: the newest that was read or written, with what was {@link note}d since. */
  content(): VaultContent;
  /** Of the newest vault on the server; goes into every own record. */
  version(): number;
  /**
   * The version that a recovery brought to this device, or null on a device that made the account. Own records of a higher version, by other
   * devices, mean that the server gave out an old vault: the engine says so.
   */
  recoveredFrom(): number | null;
  /**
   * Changes the vault and resolves when that is durable on the server and here. `change` is pure: it is called again on the merged content when
   * another device wrote meanwhile. Calls made at the same time go into one vault.
   *
   * @throws HallError `offline` (it may have been written or not; calling again is right), `server-lies` (the vault on the server is none of
   * this account's, or was not made for this device)
   */
  update(change: (content: VaultContent) => VaultContent): Promise<void>;
  /** Changes what can wait: kept on this device at once, on the server with the next vault, at the latest within about a day of use. */
  note(change: (content: VaultContent) => VaultContent): Promise<void>;
  /**
   * Asks the server out of turn for what other devices wrote: where something is missing that only they can have brought. At most once a minute,
   * however many ask; whoever asks meanwhile waits for the same. Where the server cannot be asked, nothing comes.
   */
  lookAgain(): Promise<void>;
  /** Calls `listener` when the content has changed, also through another device. Returns the way to stop. */
  onChange(listener: () => void): () => void;
}

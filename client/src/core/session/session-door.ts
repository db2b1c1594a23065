/** A person's own account on this device: made, locked, opened, recovered, signed out (protocol section 3). */
export interface SessionDoor {
  state(): Promise<DeviceState>;
  /**
   * Makes an account on this device and registers it with a setup link or an invite link. Safe to call again with the same link after a
   * crash or a lost connection: the same account goes on.
   *
   * @returns the 12 words, to be written down; they stay readable through {@link words} until {@link confirmWords}
   * @throws HallError `account-exists`, `account-begun` (under another passphrase, by an earlier call; {@link signOut} clears it away), `link-malformed`, `setup-link-used`, `invite-unknown`, `invite-ended`, `passphrase-too-short`, `name-empty`, `name-too-long`, `offline`
   */
  register(input: RegisterInput): Promise<RegisteredAccount>;
  /** Says that the words were written down and asked back. A device without a lock forgets them from here on. */
  confirmWords(): Promise<void>;
  /**
   * The 12 words. A device with a passphrase asks for it again; a device without a lock has them only until {@link confirmWords}.
   *
   * @throws HallError `words-not-here`, `wrong-passphrase`
   */
  words(passphrase: string | null): Promise<readonly string[]>;
  /** @throws HallError `wrong-passphrase` */
  unlock(passphrase: string): Promise<void>;
  /** Forgets every key in memory at once. Without a passphrase lock this refuses with `words-not-here`. */
  lock(): Promise<void>;
  /** Whether 12 words belong together, found out on this device alone. */
  checkWords(words: string): Promise<WordsVerdict>;
  /**
   * Whose account 12 words open in this hall. Changes nothing, here or there; also on a locked device.
   *
   * @throws HallError `words-wrong`, `no-account`, `server-lies`, `offline`
   */
  accountOfWords(words: string): Promise<AccountOfWords>;
  /**
   * Brings an account back on an empty device, with nobody else online.
   *
   * @throws HallError `words-wrong` (checksum or unknown word), `no-account` (no account of these words in this hall), `account-exists`, `server-lies` (the hall
   * has no vault of this account, or another one), `offline`
   */
  recover(input: RecoverInput): Promise<RecoveredAccount>;
  /** The warning of an old vault was read. */
  dismissVaultTrouble(): Promise<void>;
  /** Erases everything of this account on this device; the account stays. */
  signOut(): Promise<void>;
  profile(): Promise<Profile>;
  /** Changes how one is shown, in every group. */
  setProfile(profile: Profile): Promise<void>;
  settings(): Promise<Settings>;
  setSettings(settings: Partial<Settings>): Promise<void>;
}

export type Lock = { readonly kind: "passphrase"; readonly passphrase: string } | { readonly kind: "none" };

/** Lists of words the recovery phrase can be shown in. */
export type WordLanguage = "en" | "fr" | "es" | "pt" | "ja";

export interface RegisterInput {
  /** A setup link (`…/setup#…`) or an invite link (`…/join#…`). */
  readonly link: string;
  readonly profile: Profile;
  readonly lock: Lock;
  readonly wordLanguage: WordLanguage;
}

export interface RegisteredAccount {
  readonly accountId: string;
  readonly words: readonly string[];
}

export interface RecoverInput {
  /** 12 words, in any of the languages, separated by white space. */
  readonly words: string;
  readonly lock: Lock;
}

export type WordsVerdict =
  | { readonly kind: "good" }
  | { readonly kind: "count"; readonly count: number }
  /** `places`, from 0: words that stand in no list, or not in the list that most of the others are from. */
  | { readonly kind: "unknown"; readonly places: readonly number[] }
  /** Every word is known, but one is another one, or their order is. */
  | { readonly kind: "mixed" };

export interface AccountOfWords {
  readonly accountId: string;
  /** As the account's vault has it. */
  readonly name: string;
}

export interface RecoveredAccount {
  readonly accountId: string;
  readonly groups: readonly { readonly groupId: string; readonly name: string }[];
}

/** 1 to 80 characters for `name`, at most 120 for the others. */
export interface Profile {
  readonly name: string;
  readonly union: string | null;
  readonly country: string | null;
  readonly languages: readonly string[];
}

/** Kept in the vault, so they follow the account. */
export interface Settings {
  readonly language: string | null;
  readonly theme: "system" | "light" | "dark";
}

export type DeviceState =
  | { readonly kind: "empty" }
  | { readonly kind: "locked" }
  /** Another tab holds this device and does not answer. */
  | { readonly kind: "in-use-elsewhere" }
  /** The browser threw the storage away; the person recovers with the 12 words. */
  | { readonly kind: "evicted" }
  | {
      readonly kind: "open";
      readonly accountId: string;
      readonly profile: Profile;
      readonly lock: Lock["kind"];
      /** The words were not asked back yet. */
      readonly wordsUnconfirmed: boolean;
      readonly connection: Connection;
      /** What is wrong with the vaults that the hall gives out. */
      readonly vaultTrouble: VaultTrouble | null;
    };

/**
 * `old`: the hall gave out an older vault than was written before, here or to another device; it was not believed, or what was missing in it was found again. `refused`:
 * what the hall gives out is no vault of this account. What this device holds is safe either way.
 */
export interface VaultTrouble {
  readonly kind: "old" | "refused";
  /** Milliseconds since 1970. */
  readonly noticedAt: number;
}

export interface Connection {
  readonly kind: "online" | "connecting" | "offline";
  /** Records written here that the server has not acknowledged yet. */
  readonly waiting: number;
}

import type { StatementWire, VaultContent, VaultKey } from "@unionhall/crypto";
import { defineMap } from "../storage/store.ts";
import type { Lock, WordLanguage } from "./session-door.ts";

/** Each holds one value, under {@link only}. */
export const storedAccount = defineMap<StoredAccount>({ name: "session/account", version: 1 });
export const storedVault = defineMap<StoredVault>({ name: "session/vault", version: 1 });
export const storedPending = defineMap<Pending>({ name: "session/pending", version: 1 });
export const only = "";

export interface StoredAccount {
  /** Ed25519 public key, 32 bytes. */
  readonly identityKey: Uint8Array;
  /** Ed25519 seed of this device, 32 bytes. */
  readonly deviceSeed: Uint8Array;
  /** X-Wing seed of this device, 32 bytes: opens the vault. */
  readonly deviceBoxSeed: Uint8Array;
  /** What certifies this device. */
  readonly statement: StatementWire;
  readonly lock: Lock["kind"];
  readonly wordLanguage: WordLanguage;
  /** 16 bytes, only on a device without a lock and only until the words were asked back. */
  readonly root: Uint8Array | null;
  readonly wordsUnconfirmed: boolean;
}

export interface StoredVault {
  readonly content: VaultContent;
  readonly vaultKey: VaultKey;
  /** Of the newest vault read from or written to the server; 0 before the first. */
  readonly version: number;
  /** Its hash, which the next one names; null before the first. */
  readonly hash: Uint8Array | null;
  /** Its tag on the server, as the contract writes it; null before the first. */
  readonly tag: string | null;
  /** When what was noted is to be written at the latest, milliseconds since 1970; null when nothing was. */
  readonly dueAt: number | null;
  readonly recoveredFrom: number | null;
  /** When the hall was seen to give out an older vault than this device knew, milliseconds since 1970. */
  readonly rolledBackAt: number | null;
}

/** What an account that is being made or recovered has still to do: stored before the network is asked, so that it asks with the same bytes. */
export interface Pending {
  readonly doing: "registering" | "recovering";
  /** CBOR `[payload, signature]`; null while recovering. */
  readonly registration: Uint8Array | null;
  /** What may let a new account in, in the order of trying. */
  readonly admissions: readonly StoredAdmission[];
}

export interface StoredAdmission {
  readonly kind: "setup" | "ticket";
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

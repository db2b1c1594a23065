import type { AccountState, BoxKeyPair, LabelKeyPair, SigningKeyPair, Statement } from "@unionhall/crypto";

/**
 * The open account as the rest of core uses it: what it is, what it can sign, which boxes it can open. Holds secrets; lives only while the
 * device is unlocked, and never crosses core's door.
 */
export interface Account {
  /** 16 bytes. */
  readonly accountId: Uint8Array;
  /** Ed25519 public key, 32 bytes. */
  readonly identityKey: Uint8Array;
  readonly device: Device;
  /** What this device knows of its own account: the union of its statements. May grow while the account is open. */
  state(): AccountState;
  /** Every generation of the box key, oldest first; the last is the current one. At least one. */
  boxKeys(): readonly BoxKeys[];
}

export interface Device {
  readonly signing: SigningKeyPair;
  /** The `device` statement that certifies it. */
  readonly statement: Statement;
}

export interface BoxKeys {
  readonly generation: number;
  readonly box: BoxKeyPair;
  /** X25519, for labels of boxes. */
  readonly label: LabelKeyPair;
}

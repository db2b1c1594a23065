/** Tables of the account plane, columns as in the database. Bytes are `bytea`. */
export interface AccountTables {
  account: AccountRow;
  device: DeviceRow;
  session: SessionRow;
  register_ticket: RegisterTicketRow;
  hall_setup: HallSetupRow;
}

export interface AccountRow {
  /** 16 bytes: the first of BLAKE2b(identity public key). */
  readonly id: Uint8Array;
  readonly identity_key: Uint8Array;
  readonly sign_in_key: Uint8Array;
  /** Made by the setup link. */
  readonly operator: boolean;
  readonly vault: Uint8Array | null;
  readonly vault_tag: Uint8Array | null;
}

/** One row for each device signing key that the identity key certified. `revoked` stays for ever. */
export interface DeviceRow {
  readonly account_id: Uint8Array;
  readonly signing_key: Uint8Array;
  readonly revoked: boolean;
}

export interface SessionRow {
  /** Hash of the token. */
  readonly hash: Uint8Array;
  readonly account_id: Uint8Array;
  /** The key that signed in: a device's, or the account's sign-in key. */
  readonly signing_key: Uint8Array;
  /** Milliseconds since 1970: the one exact time that is stored (protocol section 4). */
  readonly expires: number;
}

/** A right to make an account, without an owner. Spending deletes the row. */
export interface RegisterTicketRow {
  readonly hash: Uint8Array;
  /** Day of issue. */
  readonly day: number;
}

/** At most one row: the hash of the newest setup secret, while no account exists. */
export interface HallSetupRow {
  readonly id: number;
  readonly hash: Uint8Array;
}

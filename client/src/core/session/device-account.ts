import {
  accountIdOf,
  boxKeyPair,
  equalBytes,
  labelKeyPair,
  signingKeyPair,
  verifyStatement,
  type AccountState,
  type BoxKeyPair,
  type BoxSecrets,
} from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import type { Account, BoxKeys, Device } from "./account.ts";
import type { StoredAccount } from "./session-store.ts";
import type { VaultSync } from "./vault-sync.ts";

/** The keys of this device, out of what is stored of it. */
export function deviceKeys(stored: StoredAccount): { readonly device: Device; readonly box: BoxKeyPair } {
  const verdict = verifyStatement(stored.statement);
  if (verdict.kind === "refused") throw new HallError("storage-evicted", "what certifies this device is damaged");
  const signing = signingKeyPair(stored.deviceSeed);
  return { device: { signing, statement: verdict.statement }, box: boxKeyPair(stored.deviceBoxSeed) };
}

/** {@link Account} of an open device: fixed keys, and what the vault knows of the account. */
export class DeviceAccount implements Account {
  readonly accountId: Uint8Array;
  readonly identityKey: Uint8Array;
  readonly device: Device;
  readonly #vault: VaultSync;
  #boxKeys: { readonly of: readonly BoxSecrets[]; readonly keys: readonly BoxKeys[] } | null = null;

  constructor(identityKey: Uint8Array, device: Device, vault: VaultSync) {
    this.identityKey = identityKey;
    this.accountId = accountIdOf(identityKey);
    this.device = device;
    this.#vault = vault;
  }

  state(): AccountState {
    return this.#vault.account();
  }

  boxKeys(): readonly BoxKeys[] {
    const of = this.#vault.content().boxSecrets;
    if (this.#boxKeys?.of !== of) this.#boxKeys = { of, keys: orderedBoxKeys(of, this.state()) };
    return this.#boxKeys.keys;
  }
}

/** By generation, the current one last: of two of one generation the statements decide. */
function orderedBoxKeys(secrets: readonly BoxSecrets[], state: AccountState): readonly BoxKeys[] {
  const keys = secrets.map(({ generation, boxSecretKey, labelSecretKey }) => ({
    generation,
    box: boxKeyPair(boxSecretKey),
    label: labelKeyPair(labelSecretKey),
  }));
  const current = state.boxKey?.publicKey ?? new Uint8Array();
  const rank = ({ box }: BoxKeys): number => (equalBytes(box.publicKey, current) ? 1 : 0);
  return keys.toSorted((a, b) => rank(a) - rank(b) || a.generation - b.generation);
}

import {
  boxKeyPair,
  labelKeyPair,
  signDeviceStatement,
  signingKeyPair,
  type BoxKey,
  type BoxSecrets,
  type Random,
  type RootKeys,
  type Statement,
} from "@unionhall/crypto";

/** What a device that brings a new box key begins with: seeds to keep, and the statement that certifies it. */
export interface NewDevice {
  /** Ed25519 and X-Wing seeds, 32 bytes each. */
  readonly deviceSeed: Uint8Array;
  readonly deviceBoxSeed: Uint8Array;
  /** Of the account's new box key generation. */
  readonly boxSecrets: BoxSecrets;
  readonly statement: Statement;
}

/** A box key generation: random secrets, and what others box to. */
export function newBoxKey(generation: number, random: Random): { readonly secrets: BoxSecrets; readonly key: BoxKey } {
  const secrets = { generation, boxSecretKey: random(32), labelSecretKey: random(32) };
  const key = {
    generation,
    publicKey: boxKeyPair(secrets.boxSecretKey).publicKey,
    labelKey: labelKeyPair(secrets.labelSecretKey).publicKey,
  };
  return { secrets, key };
}

/** The day in a statement: days since 1970-01-01 UTC. @param now milliseconds since 1970 */
export function dayOf(now: number): number {
  return Math.floor(now / 86_400_000);
}

/**
 * Makes a device of an account that is new or recovered (protocol section 3). `name` is seen by the account's own devices only.
 *
 * @param generation of the box key it brings: 0 for a new account
 * @param now milliseconds since 1970, for the day in the statement
 */
export function newDevice(
  { identity }: Pick<RootKeys, "identity">,
  { name, generation, now }: { readonly name: string; readonly generation: number; readonly now: number },
  random: Random,
): NewDevice {
  const deviceSeed = random(32);
  const deviceBoxSeed = random(32);
  const { secrets: boxSecrets, key: boxKey } = newBoxKey(generation, random);
  const device = {
    signingKey: signingKeyPair(deviceSeed).publicKey,
    details: { name, boxPublicKey: boxKeyPair(deviceBoxSeed).publicKey },
    day: dayOf(now),
  };
  return { deviceSeed, deviceBoxSeed, boxSecrets, statement: signDeviceStatement(identity, device, boxKey) };
}

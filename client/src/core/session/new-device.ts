import {
  boxKeyPair,
  labelKeyPair,
  signDeviceStatement,
  signingKeyPair,
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
  const boxSecrets = { generation, boxSecretKey: random(32), labelSecretKey: random(32) };
  const boxKey = {
    generation,
    publicKey: boxKeyPair(boxSecrets.boxSecretKey).publicKey,
    labelKey: labelKeyPair(boxSecrets.labelSecretKey).publicKey,
  };
  const device = {
    signingKey: signingKeyPair(deviceSeed).publicKey,
    details: { name, boxPublicKey: boxKeyPair(deviceBoxSeed).publicKey },
    day: Math.floor(now / 86_400_000),
  };
  return { deviceSeed, deviceBoxSeed, boxSecrets, statement: signDeviceStatement(identity, device, boxKey) };
}

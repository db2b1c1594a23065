/** People for tests: accounts made from a seed, whole. */
import { type BoxKeyPair, boxKeyPair } from "../primitives/box.ts";
import { type LabelKeyPair, labelKeyPair } from "../primitives/label-key.ts";
import { type SigningKeyPair, signingKeyPair } from "../primitives/sign.ts";
import { type AccountState, addStatements, emptyAccount } from "../account/account-state.ts";
import { type RootKeys, rootKeys } from "../account/root.ts";
import { signDeviceStatement, signRevokeStatement } from "../account/sign-statements.ts";
import type { BoxKey, Statement } from "../account/statements.ts";
import type { BoxSecrets } from "../account/vault-content.ts";
import { seededRandom } from "./seeded-random.ts";

/** A device with the statement that certifies it. */
export interface TestDevice {
  readonly signing: SigningKeyPair;
  readonly box: BoxKeyPair;
  readonly statement: Statement;
}

/** One generation of an account's box key, both halves. */
export interface TestBoxKey {
  readonly public: BoxKey;
  readonly box: BoxKeyPair;
  readonly label: LabelKeyPair;
  readonly secrets: BoxSecrets;
}

export interface TestAccount {
  readonly root: Uint8Array;
  readonly keys: RootKeys;
  readonly boxKey: TestBoxKey;
  readonly device: TestDevice;
  readonly state: AccountState;
}

/** An account with one device and box key generation 0; the same for the same seed. */
export function testAccount(seed: string): TestAccount {
  const root = seededRandom(`${seed}/root`)(16);
  const keys = rootKeys(root);
  const boxKey = testBoxKey(`${seed}/box-key-0`, 0);
  const device = testDevice(keys, `${seed}/device-0`, boxKey.public);
  return { root, keys, boxKey, device, state: stateWith(emptyAccount(keys.identity.publicKey), device.statement) };
}

export function testBoxKey(seed: string, generation: number): TestBoxKey {
  const random = seededRandom(seed);
  const box = boxKeyPair(random(32));
  const label = labelKeyPair(random(32));
  return {
    public: { generation, publicKey: box.publicKey, labelKey: label.publicKey },
    box,
    label,
    secrets: { generation, boxSecretKey: box.secretKey, labelSecretKey: label.secretKey },
  };
}

/** A certified device. `boxKey` for a first device or one made by recovery, else null. */
export function testDevice(keys: RootKeys, seed: string, boxKey: BoxKey | null): TestDevice {
  const random = seededRandom(seed);
  const signing = signingKeyPair(random(32));
  const box = boxKeyPair(random(32));
  const details = { name: seed.slice(0, 20), boxPublicKey: box.publicKey };
  const statement = signDeviceStatement(keys.identity, { signingKey: signing.publicKey, details, day: 20_000 }, boxKey);
  return { signing, box, statement };
}

export function testRevocation(keys: RootKeys, device: TestDevice, boxKey: BoxKey): Statement {
  return signRevokeStatement(keys.identity, { signingKey: device.signing.publicKey, day: 20_001 }, boxKey);
}

/** The state with these statements too. @throws when they are refused */
export function stateWith(account: AccountState, ...statements: readonly Statement[]): AccountState {
  const update = addStatements(account, statements);
  if (update.kind === "refused") throw new Error(update.reason);
  return update.account;
}

/** The keys behind the names: made once per name, for making them anew for thousands of chains would take most of the time. */
import {
  ascii,
  boxKeyHash,
  boxKeyPair,
  deriveKey,
  groupKeys,
  labelKeyPair,
  signDeviceStatement,
  signingKeyPair,
  type SigningKeyPair,
  signRevokeStatement,
  statementForGroups,
  type StatementWire,
  toHex,
} from "@unionhall/crypto";
import type { BoxKeyName, DescribedStatement } from "./described.ts";

const root = ascii("a fixed key of thirty-two bytes!");

function remembering<T>(): (name: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (name, make) => {
    const held = known.get(name);
    if (held !== undefined) return held;
    const made = make();
    known.set(name, made);
    return made;
  };
}

const seeds = remembering<Uint8Array>();
const keyPairs = remembering<SigningKeyPair>();
const publicKeys = remembering<Uint8Array>();
const boxKeys = remembering<readonly PublicBoxKey[]>();
const madeStatements = remembering<StatementWire>();

export function seedOf(...names: readonly string[]): Uint8Array {
  return seeds(names.join(" "), () => deriveKey(root, "oracle", ...names));
}

export function keyPair(...names: readonly string[]): SigningKeyPair {
  return keyPairs(names.join(" "), () => signingKeyPair(seedOf(...names)));
}

export const identity = (account: string): SigningKeyPair => keyPair("identity", account);
export const device = (account: string, name: string): SigningKeyPair => keyPair("device", account, name);
export const steward = (name: string): SigningKeyPair => keyPair("steward", name);
export const inviteId = (name: string): Uint8Array => seedOf("id", name).slice(0, 16);
export const chainKey = (era: number): Uint8Array => seedOf("chain", String(era));
export const recordHash = (account: string, name: string, number: number): Uint8Array =>
  seedOf("record", account, name, String(number));
export const requestHash = (account: string): Uint8Array => seedOf("request", account);

/** Chain keys of the eras that a chain may reach: what matters here is only that each era has its own. */
export const chainKeys = groupKeys(new Map(Array.from({ length: 64 }, (_, era) => [era, chainKey(era)])));

/** 0xff in every coefficient is beyond the modulus of ML-KEM: nothing can be boxed to it. */
const uselessBoxKey = new Uint8Array(1216).fill(0xff);
/** Of low order: every agreement with it is all zero. */
const uselessLabelKey = new Uint8Array(32);

export function boxPublicKey(name: string, useless = false): Uint8Array {
  return useless ? uselessBoxKey : publicKeys(`box ${name}`, () => boxKeyPair(seedOf("box", name)).publicKey);
}

export function labelPublicKey(name: string, useless = false): Uint8Array {
  return useless ? uselessLabelKey : publicKeys(`label ${name}`, () => labelKeyPair(seedOf("label", name)).publicKey);
}

interface PublicBoxKey {
  readonly generation: number;
  readonly publicKey: Uint8Array;
  readonly labelKey: Uint8Array;
}

/** An account's box keys of one generation, named a, b and c with the generation, have hashes in the order of their names. */
export const boxKeyLetters = ["a", "b", "c"] as const;

function boxKeysOf(account: string, generation: number): readonly PublicBoxKey[] {
  return boxKeys(`${account} ${generation}`, () =>
    boxKeyLetters
      .map((letter) => `${account} ${letter}${generation}`)
      .map((name) => ({ generation, publicKey: boxPublicKey(name), labelKey: labelPublicKey(name) }))
      .toSorted((one, other) => (toHex(boxKeyHash(one)) < toHex(boxKeyHash(other)) ? -1 : 1)),
  );
}

/** The key pair's public halves behind a name such as `b2`. */
export function boxKeyNamed(account: string, name: string): PublicBoxKey {
  const key = boxKeysOf(account, Number(name.slice(1)))[boxKeyLetters.findIndex((letter) => name.startsWith(letter))];
  if (key === undefined) throw new RangeError(`no box key is called ${name}`);
  return key;
}

function boxKey(account: string, { name, flaw }: BoxKeyName): PublicBoxKey {
  const key = boxKeyNamed(account, name);
  if (flaw === "box-key") return { ...key, publicKey: uselessBoxKey };
  return flaw === "label-key" ? { ...key, labelKey: uselessLabelKey } : key;
}

function statement(described: DescribedStatement): StatementWire {
  return madeStatements(JSON.stringify(described), () => {
    const { account, device: name, boxKey: key, forged, kind } = described;
    const signer = forged ? identity(`nobody but ${account}`) : identity(account);
    const box = key === null ? null : boxKey(account, key);
    const signingKey = device(account, name).publicKey;
    if (kind === "revoke") {
      if (box === null) throw new RangeError("a revocation brings a box key");
      return statementForGroups(signRevokeStatement(signer, { signingKey, day: 1 }, box));
    }
    const details = { name, boxPublicKey: boxPublicKey(`${account} device`) };
    return statementForGroups(signDeviceStatement(signer, { signingKey, details, day: 1 }, box));
  });
}

/** Each statement once. */
export function statements(described: readonly DescribedStatement[]): readonly StatementWire[] {
  return [...new Set(described.map(statement))];
}

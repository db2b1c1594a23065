/** People for tests: keys from fixed seeds, made once per name and kept. */
import { signDeviceStatement, signRevokeStatement } from "../../account/sign-statements.ts";
import { type BoxKey, statementForGroups, type StatementWire } from "../../account/statements.ts";
import { blake2b } from "../../sodium.ts";
import { type BoxKeyPair, boxKeyPair } from "../../primitives/box.ts";
import { type LabelKeyPair, labelKeyPair } from "../../primitives/label-key.ts";
import { type SigningKeyPair, signingKeyPair } from "../../primitives/sign.ts";
import { toUtf8 } from "../../primitives/utf8.ts";
import type { EntryAuthor } from "../proposal.ts";

/** A seed of 32 bytes that is always the same for the same words. */
export function seedOf(...words: readonly (string | number)[]): Uint8Array {
  return blake2b(toUtf8(words.join("/")), null);
}

const kept = new Map<string, unknown>();

function once<T>(make: () => T, ...name: readonly (string | number)[]): T {
  const key = name.join("/");
  if (!kept.has(key)) kept.set(key, make());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name is used with one maker
  return kept.get(key) as T;
}

/** Somebody with any number of devices, box key generations and steward keys, each by its number. */
export class Person {
  readonly name: string;
  readonly identity: SigningKeyPair;

  constructor(name: string) {
    this.name = name;
    this.identity = signingKeyPair(seedOf(name, "identity"));
  }

  get key(): Uint8Array {
    return this.identity.publicKey;
  }

  device(number = 0): SigningKeyPair {
    return once(() => signingKeyPair(seedOf(this.name, "device", number)), this.name, "device", number);
  }

  boxKeyPair(generation = 0): BoxKeyPair {
    return once(() => boxKeyPair(seedOf(this.name, "box", generation)), this.name, "box", generation);
  }

  labelKeyPair(generation = 0): LabelKeyPair {
    return once(() => labelKeyPair(seedOf(this.name, "label", generation)), this.name, "label", generation);
  }

  boxKey(generation = 0): BoxKey {
    return {
      generation,
      publicKey: this.boxKeyPair(generation).publicKey,
      labelKey: this.labelKeyPair(generation).publicKey,
    };
  }

  stewardKey(number = 0): SigningKeyPair {
    return once(() => signingKeyPair(seedOf(this.name, "steward", number)), this.name, "steward", number);
  }

  /** Certifies a device; with a box key of this generation, or with none. */
  certifies(device = 0, generation: number | null = null): StatementWire {
    const make = (): StatementWire => {
      const details = { name: "", boxPublicKey: this.boxKeyPair().publicKey };
      const boxKey = generation === null ? null : this.boxKey(generation);
      const fact = { signingKey: this.device(device).publicKey, details, day: 20_000 };
      return statementForGroups(signDeviceStatement(this.identity, fact, boxKey));
    };
    return once(make, this.name, "certifies", device, generation ?? "none");
  }

  /** Revokes a device and brings the box key of this generation. */
  revokes(device: number, generation = 1): StatementWire {
    const make = (): StatementWire => {
      const fact = { signingKey: this.device(device).publicKey, day: 20_001 };
      return statementForGroups(signRevokeStatement(this.identity, fact, this.boxKey(generation)));
    };
    return once(make, this.name, "revokes", device, generation);
  }

  /** Signs with one of the devices, carrying the statement that certifies it. */
  author(device = 0): EntryAuthor {
    return {
      identityKey: this.key,
      device: this.device(device),
      statements: [this.certifies(device, device === 0 ? 0 : null)],
    };
  }
}

/** The person of this name. */
export function person(name: string): Person {
  return once(() => new Person(name), "person", name);
}

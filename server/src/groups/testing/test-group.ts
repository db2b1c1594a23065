import { randomBytes } from "node:crypto";
import {
  entryHash,
  signPassChallenge,
  signingKeyPair,
  type SigningKeyPair,
  signStewardCommand,
  type StewardOperation,
} from "@unionhall/crypto";
import type { LabelledBox } from "../../contract/boxes.ts";
import type { ChainRequest, EraLink } from "../../contract/groups.ts";
import { groupLimits } from "../../contract/group-limits.ts";
import type { WireRecord } from "../../contract/log.ts";

export const bytes = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** A steward key with its counter. */
export class TestSteward {
  readonly key: SigningKeyPair = signingKeyPair(bytes(32));
  readonly #origin: string;
  #counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Signs with the next counter, or with this one. */
  sign(groupId: Uint8Array, operation: StewardOperation, counter?: number): Uint8Array {
    this.#counter = counter ?? this.#counter + 1;
    return signStewardCommand({ origin: this.#origin, groupId, counter: this.#counter, operation }, this.key);
  }
}

export interface EntryOptions {
  readonly index: number;
  readonly era: number;
  readonly starts?: number | null;
  readonly boxes?: readonly LabelledBox[];
  readonly link?: EraLink | null;
  /** Signs the request. */
  readonly steward?: TestSteward;
  readonly stewards?: readonly TestSteward[];
  readonly sealed?: Uint8Array;
}

/** What members of one group know, as far as the server can tell: the rest of what they send is random bytes. */
export class TestGroup {
  readonly id = bytes(32);
  readonly #origin: string;
  readonly #passes: SigningKeyPair[] = [];
  readonly #labelKeys: Uint8Array[] = [];

  constructor(origin: string) {
    this.#origin = origin;
  }

  pass(era: number): SigningKeyPair {
    return (this.#passes[era] ??= signingKeyPair(bytes(32)));
  }

  labelKey(era: number): Uint8Array {
    return (this.#labelKeys[era] ??= bytes(32));
  }

  answer(era: number, nonce: Uint8Array, changes: { origin?: string; groupId?: Uint8Array } = {}): Uint8Array {
    const challenge = { origin: this.#origin, groupId: this.id, era, nonce, ...changes };
    return signPassChallenge(challenge, this.pass(era));
  }

  entry(options: EntryOptions): ChainRequest {
    const { index, era, steward, stewards } = options;
    const starts = options.starts ?? null;
    const sealed = options.sealed ?? bytes(300);
    const hash = entryHash({ groupId: this.id, index, era, startsEra: starts, sealed });
    const started =
      starts === null
        ? null
        : { number: starts, passKey: this.pass(starts).publicKey, labelKey: this.labelKey(starts) };
    const list = stewards?.map(({ key }) => key.publicKey) ?? null;
    const operation = { kind: "chain", entryHash: hash, era: started, stewards: list } as const;
    const needsLink = starts !== null && starts > 0;
    return {
      index,
      era,
      starts,
      sealed,
      boxes: [...(options.boxes ?? [])],
      link: options.link === undefined ? (needsLink ? link("content") : null) : options.link,
      command: steward === undefined ? null : steward.sign(this.id, operation),
    };
  }
}

export function link(kind: "content" | "chain-only"): EraLink {
  return { chain: bytes(104), content: kind === "content" ? bytes(104) : null };
}

export function box(label: Uint8Array = bytes(16)): LabelledBox {
  return { label, box: bytes(1224) };
}

export function record(era: number, changes: Partial<WireRecord> = {}): WireRecord {
  const sealed = bytes(groupLimits.recordMinBytes);
  return { recordId: bytes(16), topic: null, target: null, era, expires: null, sealed, ...changes };
}

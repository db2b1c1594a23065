/** A small group whose chain is simply stated, and people who write records in it, for tests of records. */
import { bareStatement, type BoxKey } from "../../account/statements.ts";
import { signDeviceStatement } from "../../account/sign-statements.ts";
import {
  type BindingWords,
  emptyGroup,
  type GroupAccount,
  type GroupState,
  type Head,
  type Interval,
} from "../../group/group-state.ts";
import { boxKeyPair } from "../../primitives/box.ts";
import { toHex } from "../../primitives/bytes.ts";
import { deriveKey } from "../../primitives/kdf.ts";
import { labelledHash } from "../../primitives/labelled-hash.ts";
import { type SigningKeyPair, signingKeyPair, signStructure } from "../../primitives/sign.ts";
import type { RecordBody } from "../kinds.ts";
import { contentStructure, type Previous, type SignedContent } from "../record-content.ts";
import { stubOf } from "../record-content-rules.ts";
import { factsOfRecord, type RecordFacts } from "../record-facts.ts";
import type { RecordKeys } from "../record-keys.ts";
import type { RecordDraft } from "../record-types.ts";
import { openRecord, sealRecord, sealSignedContent } from "../record.ts";
import type { WireRecord } from "../record-wire.ts";

export const groupId: Uint8Array = labelledHash("test-group");

/** The keys of an era of the test group. */
export function keysOf(era: number): RecordKeys {
  const eraKey = labelledHash("test-era-key", era);
  return {
    groupId,
    chainKey: deriveKey(eraKey, "chain-key"),
    contentKey: deriveKey(eraKey, "content-key"),
    firstChainKey: deriveKey(labelledHash("test-era-key", 0), "chain-key"),
  };
}

export function seedOf(name: string): Uint8Array {
  return labelledHash("test-seed", name);
}

/** Somebody with an identity and any number of devices. */
export interface Person {
  readonly name: string;
  readonly identity: SigningKeyPair;
  readonly device: SigningKeyPair;
}

export function person(name: string, device = "phone"): Person {
  return { name, identity: signingKeyPair(seedOf(name)), device: signingKeyPair(seedOf(`${name} ${device}`)) };
}

/** The bare statement by which a person certifies a device. */
export function deviceStatement(by: Person, device: SigningKeyPair): Uint8Array {
  const boxKey: BoxKey = {
    generation: 0,
    publicKey: boxKeyPair(seedOf(`${by.name} box`)).publicKey,
    labelKey: seedOf(`${by.name} label`),
  };
  const details = { name: "phone", boxPublicKey: boxKeyPair(seedOf(`${by.name} device box`)).publicKey };
  return bareStatement(
    signDeviceStatement(by.identity, { signingKey: device.publicKey, details, day: 20_000 }, boxKey),
  );
}

/** What the chain says of one person: intervals are `[from, until]` in chain indexes. */
export interface Standing {
  readonly who: Person;
  readonly in?: readonly (readonly [number, number | null])[];
  readonly facilitator?: readonly (readonly [number, number | null])[];
  readonly certifiedAt?: number | null;
  readonly revokedAt?: number | null;
  readonly lastWords?: readonly BindingWords[];
}

/** A chain of `length` items whose eras start at these indexes, with these people. */
export function groupOf(length: number, eraStarts: readonly number[], standings: readonly Standing[]): GroupState {
  return {
    ...emptyGroup(groupId),
    hashes: Array.from({ length }, (_, index) => hashAt(index)),
    eras: eraStarts.map((startIndex, number) => ({
      number,
      startIndex,
      startedAt: number * 10 * 86_400_000,
      moment: number * 10 * 86_400_000,
      startedBy: seedOf("anybody"),
      eraCommitment: seedOf("commitment"),
      contentCommitment: seedOf("commitment"),
      passKey: seedOf("pass"),
      labelKey: seedOf("label"),
      history: "all",
      linksContent: true,
    })),
    accounts: new Map(standings.map((standing) => [toHex(standing.who.identity.publicKey), accountOf(standing)])),
  };
}

function accountOf(standing: Standing): GroupAccount {
  const { who, certifiedAt = 0, revokedAt = null } = standing;
  const isKnown = certifiedAt !== null || revokedAt !== null;
  return {
    identityKey: who.identity.publicKey,
    statements: [],
    devices: isKnown ? [{ key: who.device.publicKey, certifiedAt, revokedAt }] : [],
    boxKeys: [],
    stewardKey: seedOf(`${who.name} steward`),
    spentStewardKeys: [],
    stays: (standing.in ?? [[0, null]]).map((stay) => ({
      ...interval(stay),
      ended: stay[1] === null ? null : "removed",
      came: { kind: "founded" },
    })),
    facilitations: (standing.facilitator ?? []).map(interval),
    lastWords: standing.lastWords ?? [],
  };
}

function interval([from, until]: readonly [number, number | null]): Interval {
  return { from, until };
}

export function hashAt(index: number): Uint8Array {
  return labelledHash("test-entry", index);
}

export function headAt(index: number): Head {
  return { index, hash: hashAt(index) };
}

/** A record that somebody wrote, and what there is to know about it. */
export interface Written {
  readonly record: WireRecord;
  readonly content: SignedContent;
  readonly hash: Uint8Array;
  /** As {@link RecordFacts} names it. */
  readonly key: string;
  readonly id: Uint8Array;
  readonly facts: RecordFacts;
  /** As the next record's previous. */
  readonly asPrevious: Previous;
}

export const topicBody: Extract<RecordBody, { kind: "topic" }> = {
  kind: "topic",
  title: "Night shifts",
  text: "What did you agree?",
  category: null,
  mentions: [],
  files: [],
};
export const postBody: Extract<RecordBody, { kind: "post" }> = {
  kind: "post",
  text: "Eleven hours between shifts.",
  reply: null,
  mentions: [],
  files: [],
};
export const someTopic: Uint8Array = seedOf("topic").slice(0, 16);

/** A draft with everything that a test does not care about. */
export function draftOf(who: Person, changes: Partial<RecordDraft> = {}): RecordDraft {
  const number = changes.number ?? 1;
  return {
    body: postBody,
    topic: someTopic,
    target: null,
    era: 0,
    expires: null,
    author: who.identity.publicKey,
    statement: null,
    number,
    previous: null,
    seen: [],
    head: headAt(0),
    vaultVersion: 7,
    time: 1_700_000_000_000,
    salt: labelledHash("test-salt", who.name, number).slice(0, 16),
    ...changes,
  };
}

/** Seals a draft and opens it again, as a reader with all keys would. */
export function write(who: Person, changes: Partial<RecordDraft> = {}): Written {
  const draft = draftOf(who, changes);
  const sealed = sealRecord(draft, who.device, keysOf(draft.era));
  if (sealed.kind === "refused") throw new Error(`not sealed: ${sealed.reason}`);
  return written(sealed.record, sealed.content);
}

/** What a newer version of the program would write: content whose version is not known here, signed by `signer`. */
export function writeNewer(who: Person, changes: Partial<RecordDraft> = {}, signer = who.device): Written {
  const { record, content } = write(who, changes);
  const newer = {
    ...contentStructure,
    toData: (value: SignedContent) => {
      const data = contentStructure.toData(value);
      return Array.isArray(data) ? ["unionhall/v2/content", ...data.slice(1)] : data;
    },
  };
  const sealed = sealSignedContent(record, stubOf(content), signStructure(newer, content, signer), keysOf(record.era));
  if (sealed === null) throw new Error("no content key");
  return written(sealed, content);
}

export function written(record: WireRecord, content: SignedContent): Written {
  const opened = openRecord(record, keysOf(record.era));
  const facts = factsOfRecord(record, opened, false);
  const { hash } = opened;
  return {
    record,
    content,
    hash,
    key: toHex(hash),
    id: record.recordId,
    facts,
    asPrevious: { number: content.number, hash },
  };
}

/** Records one after the other, each naming the one before. `changes` for each. */
export function writeChain(who: Person, changes: readonly Partial<RecordDraft>[]): readonly Written[] {
  const all: Written[] = [];
  for (const [index, change] of changes.entries()) {
    const previous = all.at(-1)?.asPrevious ?? null;
    all.push(write(who, { number: index + 1, previous, ...change }));
  }
  return all;
}

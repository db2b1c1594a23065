/** Era keys and what is derived from them (protocol section 5, Era n). */
import type { Random } from "../primitives/bytes.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { type LabelKeyPair, labelKeyPair } from "../primitives/label-key.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { type SigningKeyPair, signingKeyPair } from "../primitives/sign.ts";
import type { GroupEra } from "./group-state.ts";
import type { OperationOf } from "./operations.ts";
import { sameBytes } from "./same-bytes.ts";

/** Bytes of era, chain and content keys. */
export const ERA_KEY_BYTES = 32;

/** An era's key and all that follows from it. */
export interface EraKeys {
  readonly number: number;
  /** 32 bytes. Never handed on once the next era has begun. */
  readonly eraKey: Uint8Array;
  /** 32 bytes: opens the entries sealed under this era, and the stubs of records. */
  readonly chainKey: Uint8Array;
  /** 32 bytes: opens the bodies of records. */
  readonly contentKey: Uint8Array;
  readonly pass: SigningKeyPair;
  readonly label: LabelKeyPair;
  readonly eraCommitment: Uint8Array;
  readonly contentCommitment: Uint8Array;
}

/** Everything that follows from the key (32 bytes) of era `number`. @throws {KeyError} when the key has another length */
export function eraKeysOf(number: number, eraKey: Uint8Array): EraKeys {
  const contentKey = deriveKey(eraKey, "content-key");
  return {
    number,
    eraKey,
    chainKey: deriveKey(eraKey, "chain-key"),
    contentKey,
    pass: signingKeyPair(deriveKey(eraKey, "pass")),
    label: labelKeyPair(deriveKey(eraKey, "label")),
    eraCommitment: eraCommitment(eraKey),
    contentCommitment: contentCommitment(contentKey),
  };
}

/** The keys of era 0: 32 random bytes and what follows. */
export function firstEra(random: Random): EraKeys {
  return eraKeysOf(0, random(ERA_KEY_BYTES));
}

/**
 * The keys of the era after `newest`: `KDF(era key n-1, "era", 32 random bytes, group id, n)`. The random bytes are
 * stated nowhere: whoever holds n-1 and is given no box cannot follow.
 */
export function nextEra(newest: EraKeys, groupId: Uint8Array, random: Random): EraKeys {
  const number = newest.number + 1;
  return eraKeysOf(number, deriveKey(newest.eraKey, "era", random(ERA_KEY_BYTES), groupId, number));
}

/** `BLAKE2b("era-commitment", era key)`, 32 bytes. */
export function eraCommitment(eraKey: Uint8Array): Uint8Array {
  return labelledHash("era-commitment", eraKey);
}

/** `BLAKE2b("content-commitment", content key)`, 32 bytes. */
export function contentCommitment(contentKey: Uint8Array): Uint8Array {
  return labelledHash("content-commitment", contentKey);
}

/** The operation that starts this era. */
export function eraOperation(keys: EraKeys): OperationOf<"era"> {
  const { number, eraCommitment: ofEra, contentCommitment: ofContent, pass, label } = keys;
  return {
    kind: "era",
    number,
    eraCommitment: ofEra,
    contentCommitment: ofContent,
    passKey: pass.publicKey,
    labelKey: label.publicKey,
  };
}

/** What does not follow from the era key one holds. */
export type EraDifference = "number" | "era-commitment" | "content-commitment" | "pass" | "label-key";

/**
 * What in the chain's statement of an era differs from the keys derived. Unless this is empty, and
 * {@link serverEraDifferences} too, a client seals nothing under the era and shows nothing as settled by it.
 */
export function eraDifferences(era: GroupEra, keys: EraKeys): readonly EraDifference[] {
  const differences: EraDifference[] = [];
  if (!sameBytes(era.eraCommitment, keys.eraCommitment)) differences.push("era-commitment");
  if (!sameBytes(era.contentCommitment, keys.contentCommitment)) differences.push("content-commitment");
  return [
    ...differences,
    ...serverEraDifferences({ era: era.number, pass: era.passKey, labelKey: era.labelKey }, keys),
  ];
}

/** What the server shows of an era. */
export interface ServerEra {
  readonly era: number;
  /** 32 bytes */
  readonly pass: Uint8Array;
  /** 32 bytes */
  readonly labelKey: Uint8Array;
}

/** What in the server's view of an era differs from the keys derived. */
export function serverEraDifferences(shown: ServerEra, keys: EraKeys): readonly EraDifference[] {
  const differences: EraDifference[] = [];
  if (shown.era !== keys.number) differences.push("number");
  if (!sameBytes(shown.pass, keys.pass.publicKey)) differences.push("pass");
  if (!sameBytes(shown.labelKey, keys.label.publicKey)) differences.push("label-key");
  return differences;
}

/** Whether a content key (32 bytes) is the one to which the era commits. */
export function isContentKeyOf(era: Pick<GroupEra, "contentCommitment">, contentKey: Uint8Array): boolean {
  return sameBytes(era.contentCommitment, contentCommitment(contentKey));
}

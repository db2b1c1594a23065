/**
 * Boxes (protocol section 5): an era key sealed to one account or instant invite. Deterministic, so that every member
 * of the era can make any of them again, compare, and fill in what is missing or wrong.
 */
import {
  box,
  BOX_OVERHEAD_BYTES,
  type BoxKeyPair,
  type BoxSeed,
  ENCAPSULATION_SEED_BYTES,
  unbox,
} from "../primitives/box.ts";
import { concat, toHex } from "../primitives/bytes.ts";
import { bytes, encode, structure, uint } from "../primitives/encoding.ts";
import { KeyError, OpenError } from "../primitives/errors.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { SEAL_NONCE_BYTES } from "../primitives/seal.ts";
import { boxLabel, requestLabel } from "./box-labels.ts";
import type { BoxRecipient } from "./box-recipients.ts";
import { ERA_KEY_BYTES, eraCommitment, type EraKeys, eraKeysOf } from "./era.ts";
import { sameBytes } from "./same-bytes.ts";

const COMMITMENT_BYTES = 32;

/** Bytes of every era box: commitment 32, box 1192, era key 32. */
export const ERA_BOX_BYTES = COMMITMENT_BYTES + BOX_OVERHEAD_BYTES + ERA_KEY_BYTES;

/** A box as the server holds it. */
export interface LabelledBox {
  /** 16 bytes */
  readonly label: Uint8Array;
  /** 1256 bytes */
  readonly box: Uint8Array;
}

export interface MadeBoxes {
  /** Each once. Several may lie under one label, where somebody saw to that: the server has room for them. */
  readonly boxes: readonly LabelledBox[];
  /** To whom nothing could be boxed: shown, and no reason to stop. */
  readonly skipped: readonly BoxRecipient[];
}

/** Makes the boxes of one era for these recipients (`boxRecipients`). A recipient that fails is skipped. */
export function makeBoxes(groupId: Uint8Array, keys: EraKeys, recipients: readonly BoxRecipient[]): MadeBoxes {
  const boxes = new Map<string, LabelledBox>();
  const skipped: BoxRecipient[] = [];
  for (const recipient of recipients) {
    const made = makeBox(groupId, keys, recipient);
    if (made === null) skipped.push(recipient);
    else boxes.set(toHex(concat(made.label, made.box)), made);
  }
  return { boxes: [...boxes.values()], skipped };
}

/** The one right box (1256 bytes) for a recipient in a group (id, 32 bytes); null where its keys cannot be used. */
export function makeBox(groupId: Uint8Array, keys: EraKeys, recipient: BoxRecipient): LabelledBox | null {
  try {
    const label = labelFor(groupId, keys, recipient);
    const header = boxHeader(groupId, keys.number, keys.eraCommitment);
    const sealed = box("era", keys.eraKey, header, recipient.boxKey, boxSeed(keys.eraKey, label));
    return { label, box: concat(keys.eraCommitment, sealed) };
  } catch (error) {
    if (error instanceof KeyError) return null;
    throw error;
  }
}

/** The label of a recipient's box, computed by a member of the era. @throws {KeyError} on a label key of low order */
export function labelFor(groupId: Uint8Array, keys: EraKeys, recipient: BoxRecipient): Uint8Array {
  return recipient.kind === "request"
    ? requestLabel(recipient.request, groupId, keys.number)
    : boxLabel(keys.label, recipient.labelKey, recipient, groupId, keys.number);
}

/**
 * Opens a box (1256 bytes) of era `number` in a group (id, 32 bytes) with the recipient's key pair. The commitment,
 * which the box itself carries, is that of the key found; that the chain commits to the same is for {@link eraDifferences}, once the chain can be read.
 *
 * @throws {OpenError} `malformed` for another length; `forged`
 * @throws {KeyError} when the key pair has other lengths
 */
export function openBox(boxed: Uint8Array, groupId: Uint8Array, number: number, key: BoxKeyPair): EraKeys {
  if (boxed.length !== ERA_BOX_BYTES) throw new OpenError("malformed");
  const commitment = boxed.subarray(0, COMMITMENT_BYTES);
  const eraKey = unbox("era", boxed.subarray(COMMITMENT_BYTES), boxHeader(groupId, number, commitment), key);
  if (!sameBytes(eraCommitment(eraKey), commitment)) throw new OpenError("forged");
  return eraKeysOf(number, eraKey);
}

const headerStructure = structure("era-box", 128, {
  groupId: bytes(32),
  number: uint(),
  commitment: bytes(COMMITMENT_BYTES),
});

/** Group id ‖ n ‖ commitment: CBOR `["unionhall/v1/era-box", group id (32), n, commitment (32)]`. */
function boxHeader(groupId: Uint8Array, number: number, commitment: Uint8Array): Uint8Array {
  return encode(headerStructure, { groupId, number, commitment });
}

/** Encapsulation seed (64) and nonce (24) from `KDF(era key, "box", label, part)`, parts 0 to 2. */
function boxSeed(eraKey: Uint8Array, label: Uint8Array): BoxSeed {
  const part = (index: number): Uint8Array => deriveKey(eraKey, "box", label, index);
  return {
    encapsulation: concat(part(0), part(1)).slice(0, ENCAPSULATION_SEED_BYTES),
    nonce: part(2).slice(0, SEAL_NONCE_BYTES),
  };
}

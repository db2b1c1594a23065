/**
 * The desk's private keys (protocol section 7): random, not from the link's secret, so that no other holder of the link
 * reads a guest's request. Boxed to each facilitator in the `invite` operation.
 */
import { MAX_DESK_BOXES } from "../group/limits.ts";
import type { Desk } from "../group/operations.ts";
import { box, type BoxKeyPair, boxKeyPair, isUsableBoxKey, randomBoxSeed, unbox } from "../primitives/box.ts";
import { equalBytes, type Random } from "../primitives/bytes.ts";
import { bytes, decode, encode, structure } from "../primitives/encoding.ts";
import { EncodingError, OpenError } from "../primitives/errors.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { type SigningKeyPair, signingKeyPair } from "../primitives/sign.ts";

/** The desk's own keys: opens requests, reads the mailbox. */
export interface DeskKeys {
  readonly boxKey: BoxKeyPair;
  readonly readKey: SigningKeyPair;
}

/** A facilitator to whom desk keys are boxed: identity key (32) and current box key (1216). */
export interface DeskRecipient {
  readonly identityKey: Uint8Array;
  readonly boxKey: Uint8Array;
}

/** For which invite, of which group. */
export interface InvitePlace {
  /** 32 bytes */
  readonly groupId: Uint8Array;
  /** 16 bytes */
  readonly inviteId: Uint8Array;
}

/** What is boxed to each facilitator. */
export const deskKeysStructure = structure("desk-keys", 128, {
  /** Seed of the X-Wing key. */
  boxSeed: bytes(32),
  /** Seed of the Ed25519 key. */
  readSeed: bytes(32),
});

const headerStructure = structure("desk-keys-header", 160, {
  groupId: bytes(32),
  inviteId: bytes(16),
  facilitator: bytes(32),
});

/**
 * The label (16 bytes) under which desk keys lie among the boxes of an era, for who became facilitator after the invite
 * was made: `KDF(era key, "desk-handover", invite id, facilitator)`, so that only members of the era can compute it.
 *
 * @param eraKey 32 bytes
 * @param inviteId 16 bytes
 * @param facilitator identity key, 32 bytes
 */
export function deskHandoverLabel(eraKey: Uint8Array, inviteId: Uint8Array, facilitator: Uint8Array): Uint8Array {
  return deriveKey(eraKey, "desk-handover", inviteId, facilitator).slice(0, 16);
}

/** New desk keys. */
export function newDeskKeys(random: Random): DeskKeys {
  return { boxKey: boxKeyPair(random(32)), readKey: signingKeyPair(random(32)) };
}

/**
 * Boxes the desk's keys to each facilitator, the first 256. Whose box key is unusable is left out: they cannot read
 * requests, and the invite works for the others.
 */
export function boxDeskKeys(
  keys: DeskKeys,
  place: InvitePlace,
  facilitators: readonly DeskRecipient[],
  random: Random,
): Desk["boxes"] {
  const content = encode(deskKeysStructure, {
    boxSeed: keys.boxKey.secretKey,
    readSeed: keys.readKey.secretKey.slice(0, 32),
  });
  return facilitators
    .filter(({ boxKey }) => isUsableBoxKey(boxKey))
    .slice(0, MAX_DESK_BOXES)
    .map(({ identityKey, boxKey }) => {
      const header = encode(headerStructure, { ...place, facilitator: identityKey });
      return { facilitator: identityKey, box: box("desk", content, header, boxKey, randomBoxSeed(random)) };
    });
}

/**
 * Opens the desk's keys with one of a facilitator's box keys (the current one and older generations). Null where the
 * desk holds no box for this identity key (32), none of the keys opens it, or what it holds is not this desk's.
 */
export function openDeskKeys(
  desk: Desk,
  place: InvitePlace,
  identityKey: Uint8Array,
  boxKeys: readonly BoxKeyPair[],
): DeskKeys | null {
  const own = desk.boxes.find(({ facilitator }) => equalBytes(facilitator, identityKey));
  if (own === undefined) return null;
  const header = encode(headerStructure, { ...place, facilitator: identityKey });
  for (const boxKey of boxKeys) {
    const keys = openOne(own.box, header, boxKey);
    if (keys !== null && isOfDesk(keys, desk)) return keys;
  }
  return null;
}

function openOne(boxed: Uint8Array, header: Uint8Array, boxKey: BoxKeyPair): DeskKeys | null {
  try {
    const { boxSeed, readSeed } = decode(deskKeysStructure, unbox("desk", boxed, header, boxKey));
    return { boxKey: boxKeyPair(boxSeed), readKey: signingKeyPair(readSeed) };
  } catch (error) {
    if (error instanceof OpenError || error instanceof EncodingError) return null;
    throw error;
  }
}

function isOfDesk({ boxKey, readKey }: DeskKeys, desk: Desk): boolean {
  return equalBytes(boxKey.publicKey, desk.boxKey) && equalBytes(readKey.publicKey, desk.readKey);
}

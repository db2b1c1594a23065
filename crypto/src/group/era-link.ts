/**
 * Era links (protocol section 5): the chain key and, where history allows it, the content key of the era before,
 * sealed under the new era's. Chain keys open chain keys and content keys content keys, all the way back; era keys,
 * passes and label keys are never handed on.
 */
import { bytes, encode, nullable, struct, structure, uint, type ValueOf } from "../primitives/encoding.ts";
import { OpenError } from "../primitives/errors.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { open, seal, SEAL_NONCE_BYTES, SEAL_OVERHEAD_BYTES } from "../primitives/seal.ts";
import { openEntry } from "./entry.ts";
import type { SealedEntry } from "./entry-wire.ts";
import { ERA_KEY_BYTES, type EraKeys, isContentKeyOf } from "./era.ts";
import type { GroupEra } from "./group-state.ts";
import { sameBytes } from "./same-bytes.ts";

/** Bytes of each of the two sealed texts: 104. */
export const LINK_PART_BYTES = ERA_KEY_BYTES + SEAL_OVERHEAD_BYTES;

/** The form in which a link travels: `[chain part (104), content part (104) or null]`. */
export const eraLinkCodec = struct({ chain: bytes(LINK_PART_BYTES), content: nullable(bytes(LINK_PART_BYTES)) });
export type EraLink = ValueOf<typeof eraLinkCodec>;

const headerStructure = structure("era-link", 128, { groupId: bytes(32), number: uint() });

type PartKind = "chain" | "content";

/**
 * The link of an era (`newer`) to the one before it, byte for byte the same whoever makes it: two parts of 104 bytes.
 *
 * @param groupId 32 bytes; all keys 32
 * @param withContent as `linksContent` of the era in the state says
 * @throws {EncodingError} `wrong-shape` when the group id has another length or `number` is no safe integer from 0
 * @throws {KeyError} when a key of the newer era is shorter than 16 bytes or longer than 64
 */
export function makeEraLink(
  groupId: Uint8Array,
  newer: Pick<EraKeys, "number" | "chainKey" | "contentKey">,
  older: Pick<EraKeys, "chainKey" | "contentKey">,
  withContent: boolean,
): EraLink {
  return {
    chain: sealPart("chain", groupId, newer.number, newer.chainKey, older.chainKey),
    content: withContent ? sealPart("content", groupId, newer.number, newer.contentKey, older.contentKey) : null,
  };
}

/**
 * The chain part alone (104 bytes): what a reader can check and fill in for eras of which it holds chain keys only.
 * Group id and both chain keys (of era `number` and of the one before) 32 bytes. @throws {EncodingError} as {@link makeEraLink}
 */
export function makeChainPart(groupId: Uint8Array, number: number, newer: Uint8Array, older: Uint8Array): Uint8Array {
  return sealPart("chain", groupId, number, newer, older);
}

/**
 * The content part alone (104 bytes). Group id and both content keys (of era `number` and of the one before) 32 bytes.
 * @throws {EncodingError} as {@link makeEraLink}
 */
export function makeContentPart(groupId: Uint8Array, number: number, newer: Uint8Array, older: Uint8Array): Uint8Array {
  return sealPart("content", groupId, number, newer, older);
}

function sealPart(
  kind: PartKind,
  groupId: Uint8Array,
  number: number,
  newer: Uint8Array,
  older: Uint8Array,
): Uint8Array {
  const nonce = deriveKey(newer, `link-${kind}-nonce`, older).slice(0, SEAL_NONCE_BYTES);
  return seal(older, linkHeader(groupId, number), partKey(kind, newer), nonce);
}

/** The key under which a part is sealed: chain keys open chain keys, and content keys content keys. */
function partKey(kind: PartKind, newer: Uint8Array): Uint8Array {
  return deriveKey(newer, `link-${kind}`);
}

/** Group id ‖ n: CBOR `["unionhall/v1/era-link", group id (32), n]`. */
function linkHeader(groupId: Uint8Array, number: number): Uint8Array {
  return encode(headerStructure, { groupId, number });
}

/** The key (32 bytes) that one part hands on; null where it is not sealed under this key, or holds no key. */
function openPart(kind: PartKind, part: Uint8Array, groupId: Uint8Array, number: number, newer: Uint8Array) {
  try {
    const older = open(part, linkHeader(groupId, number), partKey(kind, newer));
    return older.length === ERA_KEY_BYTES ? older : null;
  } catch (error) {
    if (error instanceof OpenError) return null;
    throw error;
  }
}

/**
 * The chain key (32 bytes) of era `number` - 1, out of the links that the server holds for era `number`; null when
 * none is right. Right is the one that opens the entry which started era `number`: it is sealed under the era
 * before, and a sealed text opens under one key only. `starting` are the items of the log whose wire fields say that
 * they start this era (more than one where some are void): one that opens proves the key.
 */
export function chainKeyBefore(
  groupId: Uint8Array,
  number: number,
  chainKey: Uint8Array,
  links: readonly EraLink[],
  starting: readonly SealedEntry[],
): Uint8Array | null {
  for (const { chain } of links) {
    const older = openPart("chain", chain, groupId, number, chainKey);
    if (older !== null && starting.some((item) => opensUnder(item, number, older))) return older;
  }
  return null;
}

function opensUnder(item: SealedEntry, startsEra: number, chainKey: Uint8Array): boolean {
  if (item.era !== startsEra - 1 || item.startsEra !== startsEra) return false;
  try {
    openEntry(item, chainKey);
    return true;
  } catch (error) {
    if (error instanceof OpenError) return false;
    throw error;
  }
}

/**
 * The content key (32 bytes) of the era `older`, out of the links that the server holds for the era after it; null
 * when none is right. Right is the one that `older` commits to.
 */
export function contentKeyBefore(
  groupId: Uint8Array,
  older: GroupEra,
  contentKey: Uint8Array,
  links: readonly EraLink[],
): Uint8Array | null {
  for (const { content } of links) {
    if (content === null) continue;
    const found = openPart("content", content, groupId, older.number + 1, contentKey);
    if (found !== null && isContentKeyOf(older, found)) return found;
  }
  return null;
}

/** Whether one of the links held is the right one, byte for byte; if not, a member fills it in. */
export function holdsLink(held: readonly EraLink[], right: EraLink): boolean {
  return held.some((link) => sameBytes(link.chain, right.chain) && samePart(link.content, right.content));
}

function samePart(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : sameBytes(a, b);
}

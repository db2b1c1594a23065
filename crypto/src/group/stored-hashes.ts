/** Hashes of what the server holds beside the log, for comparing without fetching and for stewards' signatures. */
import { labelledHash } from "../primitives/labelled-hash.ts";

/** Hash of a stored box (32 bytes): `BLAKE2b-256(CBOR ["unionhall/v1/box-hash", box])`. */
export function boxHash(box: Uint8Array): Uint8Array {
  return labelledHash("box-hash", box);
}

/** Hash of a stored era link (32 bytes): `BLAKE2b-256(CBOR ["unionhall/v1/link-hash", chain part, content part or null])`. */
export function linkHash(link: { readonly chain: Uint8Array; readonly content: Uint8Array | null }): Uint8Array {
  return labelledHash("link-hash", link.chain, link.content);
}

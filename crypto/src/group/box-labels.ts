/** Labels under which boxes lie (protocol section 5, Boxes): 16 bytes each. */
import { type LabelKeyPair, labelAgreement } from "../primitives/label-key.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";

/** Bytes of a box label. */
export const BOX_LABEL_BYTES = 16;

/**
 * First 16 bytes of `BLAKE2b-256(CBOR ["unionhall/v1/box-label", X25519(era label key, account label key), group id,
 * n])`. Both sides compute the same: a member of era n with the era's key pair and the account's public key, the
 * account with its own key pair and the era's public key.
 *
 * @throws {KeyError} when the other's key (32 bytes) is of low order
 */
export function boxLabel(
  own: LabelKeyPair,
  othersPublicKey: Uint8Array,
  groupId: Uint8Array,
  number: number,
): Uint8Array {
  const secret = labelAgreement(own.secretKey, othersPublicKey);
  return labelledHash("box-label", secret, groupId, number).slice(0, BOX_LABEL_BYTES);
}

/** First 16 bytes of `BLAKE2b-256(CBOR ["unionhall/v1/request-label", request id (32), group id (32), n])`. */
export function requestLabel(requestId: Uint8Array, groupId: Uint8Array, number: number): Uint8Array {
  return labelledHash("request-label", requestId, groupId, number).slice(0, BOX_LABEL_BYTES);
}

/** Labels under which boxes lie (protocol section 5, Boxes): 16 bytes each. */
import { type LabelKeyPair, labelAgreement } from "../primitives/label-key.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";

/** Bytes of a box label. */
export const BOX_LABEL_BYTES = 16;

/** To whom a box goes: an account by its identity key (32 bytes), an instant invite by its id (16). */
export type BoxOwner =
  | { readonly kind: "account"; readonly identityKey: Uint8Array }
  | { readonly kind: "invite"; readonly invite: Uint8Array };

/**
 * First 16 bytes of `BLAKE2b-256(CBOR ["unionhall/v1/box-label", X25519(era label key, owner's label key), "account"
 * or "invite", identity key or invite id, group id, n])`. Both sides compute the same: a member of era n with the
 * era's key pair and the owner's public key, the owner with its own key pair and the era's public key. As the label
 * names its owner, whoever certifies another's label key as its own moves no box but its own (decision 0012).
 *
 * @throws {KeyError} when the other's key (32 bytes) is of low order
 */
export function boxLabel(
  own: LabelKeyPair,
  othersPublicKey: Uint8Array,
  owner: BoxOwner,
  groupId: Uint8Array,
  number: number,
): Uint8Array {
  const secret = labelAgreement(own.secretKey, othersPublicKey);
  const id = owner.kind === "account" ? owner.identityKey : owner.invite;
  return labelledHash("box-label", secret, owner.kind, id, groupId, number).slice(0, BOX_LABEL_BYTES);
}

/** First 16 bytes of `BLAKE2b-256(CBOR ["unionhall/v1/request-label", request id (32), group id (32), n])`. */
export function requestLabel(requestId: Uint8Array, groupId: Uint8Array, number: number): Uint8Array {
  return labelledHash("request-label", requestId, groupId, number).slice(0, BOX_LABEL_BYTES);
}

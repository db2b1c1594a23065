/**
 * A guest's request to come in (protocol section 7): signed by the invite's request key (the guest holds the link) and
 * by the guest's device (nobody asks in another's name), boxed to the desk.
 */
import { type AccountState, addStatements, emptyAccount, isLiveDevice } from "../account/account-state.ts";
import { boxKeyHash, type Statement, statementForm, verifyStatement } from "../account/statements.ts";
import { box, type BoxKeyPair, randomBoxSeed, unbox } from "../primitives/box.ts";
import { equalBytes, type Random } from "../primitives/bytes.ts";
import {
  bytes,
  decode,
  decodeWithin,
  encode,
  encodeWithin,
  list,
  nullable,
  struct,
  structure,
  text,
  time,
  type ValueOf,
} from "../primitives/encoding.ts";
import { EncodingError, OpenError } from "../primitives/errors.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { pad, unpad } from "../primitives/padding.ts";
import { sign, type SigningKeyPair } from "../primitives/sign.ts";
import { SIGNATURE_BYTES, verifySignature } from "../primitives/verify-signature.ts";
import type { InvitePlace } from "./desk-keys.ts";
import type { LinkKeys } from "./link-keys.ts";

/** The longest request, so that boxed and padded it fits into an item of a mailbox (32 KiB). */
export const REQUEST_MAX_BYTES = 30_000;

/** CBOR `["unionhall/v1/join-request", …]`. */
export const joinRequestStructure = structure("join-request", REQUEST_MAX_BYTES - 160, {
  groupId: bytes(32),
  inviteId: bytes(16),
  /** 32 bytes */
  identityKey: bytes(32),
  /** Signing key of the device that asks, and signs this. */
  device: bytes(32),
  /** Names the current box key and label key, which stand in the statements. */
  boxKeyHash: bytes(32),
  /** Ed25519 key that the group will know the guest's steward acts by. */
  stewardKey: bytes(32),
  /** All that the account stated, as groups carry it. */
  statements: list(statementForm, { min: 1, max: 64 }),
  /** How the guest wants to be known, and what is told to whoever decides. */
  name: text({ minBytes: 1, maxBytes: 256 }),
  union: nullable(text({ minBytes: 1, maxBytes: 256 })),
  language: nullable(text({ minBytes: 1, maxBytes: 35 })),
  note: text({ maxBytes: 2_000 }),
  /** By the guest's clock. */
  time: time(),
});
export type JoinRequest = ValueOf<typeof joinRequestStructure>;

/** What is boxed to the desk: CBOR `[payload, by the link (64), by the device (64)]`. */
export const signedRequestForm = struct({
  payload: bytes({ max: REQUEST_MAX_BYTES }),
  /** By the invite's request key. */
  byLink: bytes(SIGNATURE_BYTES),
  /** By the guest's device. */
  byDevice: bytes(SIGNATURE_BYTES),
});

const headerStructure = structure("join-request-header", 128, { groupId: bytes(32), inviteId: bytes(16) });

/** A request on its way. */
export interface SealedRequest {
  /** For the desk's mailbox, at most 32 KiB. */
  readonly sealed: Uint8Array;
  /** 32 bytes: hash of the signed request. The guest waits for the box whose label comes from it. */
  readonly requestId: Uint8Array;
}

/** Signs a request and boxes it to the desk (X-Wing key, 1216). @throws {EncodingError} `too-large`, `wrong-shape` */
export function sealRequest(
  request: JoinRequest,
  keys: Pick<LinkKeys, "requestKey">,
  device: SigningKeyPair,
  deskBoxKey: Uint8Array,
  random: Random,
): SealedRequest {
  const payload = encode(joinRequestStructure, request);
  const signed = {
    payload,
    byLink: sign(payload, keys.requestKey.secretKey),
    byDevice: sign(payload, device.secretKey),
  };
  const wire = encodeWithin(signedRequestForm, signed, REQUEST_MAX_BYTES);
  const header = encode(headerStructure, request);
  return {
    sealed: box("guest", pad(wire), header, deskBoxKey, randomBoxSeed(random)),
    requestId: requestIdOf(wire),
  };
}

/** Why an item of a desk is no request that could be granted. */
export type RequestRefusal =
  /** not boxed to this desk, or altered */
  | "forged"
  | "malformed"
  | "newer-version"
  /** for another invite or another group */
  | "other-invite"
  /** whoever sent it does not hold the link */
  | "not-by-link"
  /** not signed by the device it names */
  | "not-by-device"
  /** a statement is not by the account it names, or cannot be used */
  | "bad-statement"
  /** the account does not certify the device, or has revoked it */
  | "device-not-live"
  /** the statements hold another box key than the one it names, or none */
  | "other-box-key";

export type OpenedRequest =
  | {
      readonly kind: "opened";
      readonly request: JoinRequest;
      /** 32 bytes */
      readonly requestId: Uint8Array;
      readonly account: AccountState;
    }
  | { readonly kind: "refused"; readonly reason: RequestRefusal };

/** Opens an item of the desk and checks all that it claims. `requestKey`: the invite's, as the chain holds it (32 bytes). */
export function openRequest(
  sealed: Uint8Array,
  deskBoxKey: BoxKeyPair,
  place: InvitePlace,
  requestKey: Uint8Array,
): OpenedRequest {
  try {
    return judgeRequest(unpad(unbox("guest", sealed, encode(headerStructure, place), deskBoxKey)), place, requestKey);
  } catch (error) {
    if (error instanceof OpenError) return refused("forged");
    if (!(error instanceof EncodingError)) throw error;
    return refused(error.reason === "unknown-version" ? "newer-version" : "malformed");
  }
}

/**
 * Checks what came out of the box: {@link signedRequestForm}.
 *
 * @throws {EncodingError} when it is no such form
 */
export function judgeRequest(wire: Uint8Array, place: InvitePlace, requestKey: Uint8Array): OpenedRequest {
  const { payload, byLink, byDevice } = decodeWithin(signedRequestForm, wire, REQUEST_MAX_BYTES);
  const request = decode(joinRequestStructure, payload);
  if (!equalBytes(request.groupId, place.groupId) || !equalBytes(request.inviteId, place.inviteId))
    return refused("other-invite");
  if (!verifySignature(requestKey, payload, byLink)) return refused("not-by-link");
  if (!verifySignature(request.device, payload, byDevice)) return refused("not-by-device");
  const account = accountOf(request);
  if (account === null) return refused("bad-statement");
  if (!isLiveDevice(account, request.device)) return refused("device-not-live");
  if (account.boxKey === null || !equalBytes(boxKeyHash(account.boxKey), request.boxKeyHash))
    return refused("other-box-key");
  return { kind: "opened", request, requestId: requestIdOf(wire), account };
}

/**
 * What both sides' check words are made from (32 bytes): the desk's keys, as the link or the chain gave them, and the
 * request. Whoever stands between them holds other keys, or another request, and sees other words.
 */
export function joinCheckInput(
  desk: { readonly boxKey: Uint8Array; readonly readKey: Uint8Array },
  request: Pick<JoinRequest, "groupId" | "inviteId" | "identityKey" | "device" | "boxKeyHash">,
  requestId: Uint8Array,
): Uint8Array {
  const { groupId, inviteId, identityKey, device, boxKeyHash: boxKey } = request;
  return labelledHash(
    "join-check",
    groupId,
    inviteId,
    desk.boxKey,
    desk.readKey,
    identityKey,
    device,
    boxKey,
    requestId,
  );
}

function requestIdOf(wire: Uint8Array): Uint8Array {
  return labelledHash("join-request-id", wire);
}

function accountOf({ identityKey, statements }: JoinRequest): AccountState | null {
  const verified: Statement[] = [];
  for (const wire of statements) {
    const verdict = verifyStatement(wire);
    if (verdict.kind === "refused") return null;
    verified.push(verdict.statement);
  }
  const update = addStatements(emptyAccount(identityKey), verified);
  return update.kind === "updated" ? update.account : null;
}

function refused(reason: RequestRefusal): OpenedRequest {
  return { kind: "refused", reason };
}

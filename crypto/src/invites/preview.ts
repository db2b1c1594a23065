/**
 * What a guest sees before coming in (protocol section 7). The link's secret is a hash of it: whoever has the link can
 * check it, and nobody, not even another holder of the link together with the server, can put another in its place.
 */
import { presetsCodec, rulesCodec } from "../group/operations.ts";
import { BOX_PUBLIC_KEY_BYTES } from "../primitives/box.ts";
import { equalBytes } from "../primitives/bytes.ts";
import {
  bytes,
  decode,
  encode,
  list,
  type Structure,
  structure,
  text,
  time,
  uint,
  type ValueOf,
  word,
} from "../primitives/encoding.ts";
import { EncodingError, OpenError } from "../primitives/errors.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { pad, unpad } from "../primitives/padding.ts";
import { open, seal, SEAL_NONCE_BYTES } from "../primitives/seal.ts";
import { INVITE_SECRET_BYTES } from "./invite-link.ts";
import { linkKeys } from "./link-keys.ts";

/** How many registration tickets a preview may carry. */
export const MAX_PREVIEW_TICKETS = 2_000;

/** CBOR `["unionhall/v1/preview", …]`, at most 96 KiB. */
export const previewStructure = structure("preview", 98_304, {
  /** 32 random bytes, so that the secret cannot be guessed from what the preview says. */
  random: bytes(32),
  groupId: bytes(32),
  groupName: text({ minBytes: 1, maxBytes: 256 }),
  /** Who invites: by what name, and who that is in the chain. */
  inviterName: text({ minBytes: 1, maxBytes: 256 }),
  inviter: bytes(32),
  /** History rule and retention, as they are when the invite is made. */
  rules: rulesCodec,
  admission: word("approval", "instant"),
  /** Milliseconds since 1970. */
  expiry: time(),
  uses: uint({ min: 1 }),
  presets: presetsCodec,
  /** X-Wing key to which requests are boxed. */
  deskBoxKey: bytes(BOX_PUBLIC_KEY_BYTES),
  /** Ed25519 key whose holder reads the desk. */
  deskReadKey: bytes(32),
  /** Each makes one account on a closed hall; one per use, spent at random. */
  tickets: list(bytes(32), { max: MAX_PREVIEW_TICKETS }),
});
export type Preview = ValueOf<typeof previewStructure>;

/** Why what the server gave is not the preview of this link. */
export type PreviewRefusal =
  /** not sealed with this link's secret, or altered */
  | "forged"
  /** sealed by a holder of the link, and not what the link was made for */
  | "not-this-link"
  /** not the form of a preview */
  | "malformed"
  /** made by a newer version of the program */
  | "newer-version";

export type OpenedPreview =
  | { readonly kind: "opened"; readonly preview: Preview }
  | { readonly kind: "refused"; readonly reason: PreviewRefusal };

/** The link's secret: first 16 bytes of BLAKE2b(preview). @throws {EncodingError} when a field is outside its limits */
export function secretOf(preview: Preview): Uint8Array {
  return secretOfBytes(encode(previewStructure, preview));
}

/** Seals a preview for the server to hold; the same preview gives the same bytes. Less than 128 KiB. */
export function sealPreview(preview: Preview): Uint8Array {
  const content = encode(previewStructure, preview);
  const { previewKey } = linkKeys(preview.groupId, secretOfBytes(content));
  const nonce = deriveKey(previewKey, "preview-nonce", content).slice(0, SEAL_NONCE_BYTES);
  return seal(pad(content), previewHeader(preview.groupId), previewKey, nonce);
}

/** Opens what {@link sealPreview} made, under the link's group id (32 bytes) and secret (16 bytes), and checks it. */
export function openPreview(sealed: Uint8Array, groupId: Uint8Array, secret: Uint8Array): OpenedPreview {
  try {
    const content = unpad(open(sealed, previewHeader(groupId), linkKeys(groupId, secret).previewKey));
    if (!equalBytes(secretOfBytes(content), secret)) return refused("not-this-link");
    const preview = decode(previewStructure, content);
    return equalBytes(preview.groupId, groupId) ? { kind: "opened", preview } : refused("not-this-link");
  } catch (error) {
    if (error instanceof OpenError) return refused("forged");
    if (!(error instanceof EncodingError)) throw error;
    return refused(error.reason === "unknown-version" ? "newer-version" : "malformed");
  }
}

const headerStructure: Structure<{ readonly groupId: Uint8Array }> = structure("preview-header", 64, {
  groupId: bytes(32),
});

function previewHeader(groupId: Uint8Array): Uint8Array {
  return encode(headerStructure, { groupId });
}

function secretOfBytes(content: Uint8Array): Uint8Array {
  return labelledHash("invite-secret", content).slice(0, INVITE_SECRET_BYTES);
}

function refused(reason: PreviewRefusal): OpenedPreview {
  return { kind: "refused", reason };
}

/**
 * `@unionhall/crypto/verify`: what a server needs, and nothing that seals, opens, boxes or derives keys.
 */
export { compareBytes, equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from "./primitives/bytes.ts";
export * from "./primitives/encoding.ts";
export { EncodingError, type EncodingReason, SignatureError } from "./primitives/errors.ts";
export { labelledHash } from "./primitives/labelled-hash.ts";
export {
  encodeSigned,
  isSignedBy,
  openSigned,
  parseSigned,
  type Signed,
  SIGNED_OVERHEAD_BYTES,
} from "./primitives/signed.ts";
export { SIGNATURE_BYTES, SIGNING_PUBLIC_KEY_BYTES, verifySignature } from "./primitives/verify-signature.ts";

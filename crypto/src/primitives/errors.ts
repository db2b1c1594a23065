/** Why bytes are not the structure that was asked for (protocol section 2). */
export type EncodingReason =
  /** longer than the stated limit */
  | "too-large"
  /** arrays nested deeper than 16 */
  | "too-deep"
  /** more values than the stated limit, arrays counted too */
  | "too-many-items"
  /** not CBOR, cut short, followed by more bytes, or using a type that is not allowed */
  | "malformed"
  /** CBOR, but not in the one deterministic form */
  | "not-canonical"
  /** another label: a structure made for another purpose */
  | "wrong-label"
  /** the right purpose, in a version this program does not know */
  | "unknown-version"
  /** the fields are not those of this structure, or one is outside its limits */
  | "wrong-shape"
  /** hexadecimal or base64url text that is not exactly one encoding */
  | "bad-text";

/** Bytes or text that are not what was asked for. Carries a reason, never content. */
export class EncodingError extends Error {
  override readonly name = "EncodingError";
  readonly reason: EncodingReason;
  constructor(reason: EncodingReason) {
    super(`encoding refused: ${reason}`);
    this.reason = reason;
  }
}

/** Why a sealed text or box did not open: too short to be one, or not made with this key and header. */
export type OpenReason = "malformed" | "forged";

/** A sealed text or a box that does not open. Carries a reason, never content. */
export class OpenError extends Error {
  override readonly name = "OpenError";
  readonly reason: OpenReason;
  constructor(reason: OpenReason) {
    super(`sealed text refused: ${reason}`);
    this.reason = reason;
  }
}

/** A signature that does not verify under the key that should have made it. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
  constructor() {
    super("signature refused");
  }
}

/** A key that cannot be used: wrong length, unreduced, or of low order. */
export class KeyError extends Error {
  override readonly name = "KeyError";
  constructor() {
    super("key refused");
  }
}

import { Type, type TProperties } from "typebox";

/** What the last character of canonical base64url may be, by the number of bytes modulo 3. */
const lastCharacter = ["[A-Za-z0-9_-]", "[AQgw]", "[AEIMQUYcgkosw048]"] as const;

function exactPattern(length: number): string {
  const characters = Math.ceil((length * 4) / 3);
  return `^[A-Za-z0-9_-]{${characters - 1}}${lastCharacter[length % 3]}$`;
}

/** Exactly `length` bytes as base64url without padding, canonical: one text per value. */
export function Bytes(length: number) {
  return Type.String({ pattern: exactPattern(length) });
}

/** From `minimum` to `maximum` bytes as base64url without padding. Whether it is canonical is for the decoder to say. */
export function BytesUpTo(maximum: number, minimum = 0) {
  return Type.String({
    minLength: Math.ceil((minimum * 4) / 3),
    maxLength: Math.ceil((maximum * 4) / 3),
    pattern: "^[A-Za-z0-9_-]*$",
  });
}

/** An object that takes no member but these. */
export function Exact<const Members extends TProperties>(members: Members) {
  return Type.Object(members, { additionalProperties: false });
}

/** 16 random bytes or the first 16 of a hash: account, mailbox, record and topic ids, box labels. */
export const Id16 = Bytes(16);
/** BLAKE2b-256 of the first entry (protocol section 5). */
export const GroupId = Bytes(32);
/** Ed25519 public key. */
export const SigningKey = Bytes(32);
export const Hash = Bytes(32);
/** A random secret that stands for a right: session, token, ticket, setup. The server keeps its hash only. */
export const Secret = Bytes(32);
/** Days since 1970-01-01 UTC. */
export const Day = Type.Integer({ minimum: 0, maximum: 1_000_000 });
/** A whole number that JSON and SQL both hold exactly. */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** A body of raw bytes: CBOR or ciphertext. */
export const RawBytes = Type.Unsafe<Uint8Array>({});

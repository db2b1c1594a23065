/** Proof that one may read a mailbox: its read key signs the server's challenge (protocol section 4). For both sides. */
import { originCodec } from "../group/pass-challenge.ts";
import { bytes, encode, structure, type ValueOf } from "../primitives/encoding.ts";
import { verifySignature } from "../primitives/verify-signature.ts";

/** CBOR `["unionhall/v1/mailbox-read", origin, mailbox id (16), challenge (32)]`. */
export const mailboxReadStructure = structure("mailbox-read", 512, {
  /** Of the hall, so that a false hall cannot use the answer at the true one. */
  origin: originCodec,
  mailboxId: bytes(16),
  /** The server's, used once. */
  challenge: bytes(32),
});
export type MailboxRead = ValueOf<typeof mailboxReadStructure>;

/**
 * Whether `signature` (64) by the mailbox's read key (32) is over exactly this. The payload does not travel: the server
 * encodes what it expects. @throws {EncodingError} `wrong-shape` when a field of `read` breaks its limits
 */
export function verifyMailboxRead(read: MailboxRead, readKey: Uint8Array, signature: Uint8Array): boolean {
  return verifySignature(readKey, encode(mailboxReadStructure, read), signature);
}

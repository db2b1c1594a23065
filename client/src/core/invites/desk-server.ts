import {
  encode,
  EncodingError,
  fromBase64Url,
  mailboxReadStructure,
  sign,
  toBase64Url,
  type SigningKeyPair,
} from "@unionhall/crypto";
import {
  CreateChallenge,
  CreateMailbox,
  CreateMailboxToken,
  DeleteMailbox,
  DeleteMailboxItem,
  GetPreview,
  ReadMailboxItems,
  WriteMailboxItem,
} from "@unionhall/server/contract";
import type { Api } from "../api/api.ts";
import { HallError } from "../problems.ts";

/** What opens a desk's mailbox on the server. The same again changes nothing and costs nothing. */
export interface NewDesk {
  /** 32 bytes each. */
  readonly ticket: Uint8Array;
  readonly readKey: Uint8Array;
  readonly writeToken: Uint8Array;
  /** The first day on which it is gone. */
  readonly expiryDay: number;
  readonly itemLimit: number;
  readonly preview: Uint8Array;
}

/** A right to read and empty the desk, and until when it is worth trying (milliseconds since 1970). */
export interface DeskToken {
  readonly token: Uint8Array;
  readonly until: number;
}

export interface DeskItem {
  /** Its place in the mailbox: a cursor, never a time. */
  readonly seq: number;
  readonly sealed: Uint8Array;
}

/** What one desk's mailbox can be asked (protocol section 4), in bytes. Every call may throw HallError `offline`, `server-busy`. */
export class DeskServer {
  /** 16 bytes */
  readonly deskId: Uint8Array;
  readonly #api: Api;
  readonly #origin: string;
  readonly #params: { readonly mailboxId: string };

  constructor(deskId: Uint8Array, api: Api, origin: string) {
    this.deskId = deskId;
    this.#api = api;
    this.#origin = origin;
    this.#params = { mailboxId: toBase64Url(deskId) };
  }

  /** The sealed preview; null when there is no such desk, or none any more. */
  async preview(): Promise<Uint8Array | null> {
    const reply = await this.#api.call(GetPreview, { params: this.#params }, ["unknown-mailbox"]);
    if (reply.kind === "problem" || reply.body.preview === null) return null;
    return bytesOf(reply.body.preview);
  }

  /** `refused`: another mailbox has this id, or the ticket is none. */
  async open(desk: NewDesk): Promise<"open" | "refused"> {
    const { ticket, readKey, writeToken, expiryDay, itemLimit, preview } = desk;
    const body = {
      ticket: toBase64Url(ticket),
      readKey: toBase64Url(readKey),
      writeToken: toBase64Url(writeToken),
      expiryDay,
      itemLimit,
      preview: toBase64Url(preview),
    };
    const call = { params: this.#params, body };
    const reply = await this.#api.call(CreateMailbox, call, ["mailbox-exists", "ticket-refused", "malformed-request"]);
    return reply.kind === "ok" ? "open" : "refused";
  }

  /** Leaves an item. The same bytes lie there once. */
  async leave(writeToken: Uint8Array, sealed: Uint8Array): Promise<"left" | "full" | "gone" | "refused"> {
    const call = { params: this.#params, body: { sealed: toBase64Url(sealed) }, token: writeToken };
    const reply = await this.#api.call(WriteMailboxItem, call, [
      "mailbox-full",
      "unknown-mailbox",
      "write-token-refused",
    ]);
    if (reply.kind === "ok") return "left";
    if (reply.code === "mailbox-full") return "full";
    return reply.code === "unknown-mailbox" ? "gone" : "refused";
  }

  /** Null when there is no such desk any more, or the key is not its. */
  async token(readKey: SigningKeyPair, now: number): Promise<DeskToken | null> {
    const { body } = await this.#api.call(CreateChallenge, {});
    const read = { origin: this.#origin, mailboxId: this.deskId, challenge: bytesOf(body.challenge) };
    const signature = sign(encode(mailboxReadStructure, read), readKey.secretKey);
    const call = { params: this.#params, body: { challenge: body.challenge, signature: toBase64Url(signature) } };
    const reply = await this.#api.call(CreateMailboxToken, call, ["unknown-mailbox", "signature-refused"]);
    if (reply.kind === "problem") return null;
    const { token, expiresInSeconds } = reply.body;
    return { token: bytesOf(token), until: now + Math.max(0, expiresInSeconds - 30) * 1_000 };
  }

  /** Items after `after` in their order, and whether there are more; null when desk or token has ended. */
  async items(
    token: Uint8Array,
    after: number,
  ): Promise<{ readonly items: readonly DeskItem[]; readonly more: boolean } | null> {
    const call = { params: this.#params, query: { after }, token };
    const reply = await this.#api.call(ReadMailboxItems, call, ["token-ended", "unknown-mailbox"]);
    if (reply.kind === "problem") return null;
    const { items, more } = reply.body;
    return { items: items.map(({ seq, sealed }) => ({ seq, sealed: bytesOf(sealed) })), more };
  }

  /** Takes an item out; one that is not there is no failure. */
  async takeOut(token: Uint8Array, seq: number): Promise<void> {
    const call = { params: { ...this.#params, seq }, token };
    await this.#api.call(DeleteMailboxItem, call, ["token-ended", "unknown-mailbox"]);
  }

  /** Ends the desk with everything in it, the preview too. */
  async close(token: Uint8Array): Promise<void> {
    await this.#api.call(DeleteMailbox, { params: this.#params, token }, ["token-ended", "unknown-mailbox"]);
  }
}

/** @throws HallError `server-lies`: what the contract's form lets through need not be base64url of anything */
function bytesOf(text: string): Uint8Array {
  try {
    return fromBase64Url(text);
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw new HallError("server-lies", "the hall answered in a form that this program does not know");
  }
}

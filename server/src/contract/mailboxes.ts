import { type Static, Type } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { Bytes, BytesUpTo, Count, Day, Exact, Id16, Secret, SigningKey } from "./shapes.ts";

const params = Exact({ mailboxId: Id16 });
const itemParams = Exact({
  mailboxId: Id16,
  /** A {@link MailboxItem}'s `seq`. */
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});

/** One sealed thing that somebody left. `seq` is its place in this mailbox: a cursor, never a time. */
export const MailboxItem = Exact({ seq: Count, sealed: BytesUpTo(limits.mailboxItemBytes) });
export type MailboxItem = Static<typeof MailboxItem>;

/**
 * Opens a mailbox for a ticket. `expiryDay` is the first day on which it is gone. `preview` is what whoever knows the id may read. The same
 * request again answers 200 and costs no second ticket.
 */
export const CreateMailbox = {
  method: "PUT",
  path: "/api/mailboxes/:mailboxId",
  plane: "group",
  authorization: "none",
  params,
  body: Exact({
    ticket: Secret,
    readKey: SigningKey,
    writeToken: Secret,
    expiryDay: Day,
    itemLimit: Type.Integer({ minimum: 1, maximum: limits.mailboxItems }),
    preview: Type.Union([BytesUpTo(limits.previewBytes, 1), Type.Null()]),
  }),
  bodyLimit: Math.ceil((limits.previewBytes * 4) / 3) + 2_048,
  response: {
    200: Type.Null(),
    201: Type.Null(),
    400: Problem("malformed-request", "session-unwelcome"),
    403: Problem("ticket-refused"),
    409: Problem("mailbox-exists"),
    413: Problem("body-too-large"),
    429: Problem("too-many-requests"),
  },
} as const satisfies Endpoint;

export const GetPreview = {
  method: "GET",
  path: "/api/mailboxes/:mailboxId/preview",
  plane: "group",
  authorization: "none",
  params,
  response: {
    200: Exact({ preview: Type.Union([BytesUpTo(limits.previewBytes), Type.Null()]) }),
    404: Problem("unknown-mailbox"),
    429: Problem("too-many-requests"),
  },
} as const satisfies Endpoint;

/** Leaves a sealed item. The same bytes again answer with the same `seq`: an answer may have been lost. */
export const WriteMailboxItem = {
  method: "POST",
  path: "/api/mailboxes/:mailboxId/items",
  plane: "group",
  authorization: "mailbox-write",
  params,
  body: Exact({ sealed: BytesUpTo(limits.mailboxItemBytes, 1) }),
  bodyLimit: Math.ceil((limits.mailboxItemBytes * 4) / 3) + 1_024,
  response: {
    201: Exact({ seq: Count }),
    400: Problem("malformed-request", "session-unwelcome"),
    401: Problem("token-required"),
    403: Problem("write-token-refused"),
    404: Problem("unknown-mailbox"),
    409: Problem("mailbox-full"),
    413: Problem("body-too-large"),
    429: Problem("too-many-requests"),
  },
} as const satisfies Endpoint;

/**
 * A token to read and delete, good for 10 minutes: `signature` by the mailbox's read key over `{origin, mailbox id, challenge}` with the label
 * `unionhall/v1/mailbox-read`, as `crypto/src/invites` writes it.
 */
export const CreateMailboxToken = {
  method: "POST",
  path: "/api/mailboxes/:mailboxId/tokens",
  plane: "group",
  authorization: "none",
  params,
  body: Exact({ challenge: Bytes(32), signature: Bytes(64) }),
  response: {
    201: Exact({ token: Secret, expiresInSeconds: Type.Integer({ minimum: 1 }) }),
    400: Problem("malformed-request", "session-unwelcome"),
    403: Problem("challenge-refused", "signature-refused"),
    404: Problem("unknown-mailbox"),
    429: Problem("too-many-requests"),
  },
} as const satisfies Endpoint;

/** Items after `after` in their order, at most 100; `more` tells that there are further ones. */
export const ReadMailboxItems = {
  method: "GET",
  path: "/api/mailboxes/:mailboxId/items",
  plane: "group",
  authorization: "mailbox-read",
  params,
  query: Exact({ after: Type.Optional(Count) }),
  response: {
    200: Exact({ items: Type.Array(MailboxItem), more: Type.Boolean() }),
    401: Problem("token-required", "token-ended"),
    404: Problem("unknown-mailbox"),
  },
} as const satisfies Endpoint;

/** Takes an item out. What is not there any more is no failure. */
export const DeleteMailboxItem = {
  method: "DELETE",
  path: "/api/mailboxes/:mailboxId/items/:seq",
  plane: "group",
  authorization: "mailbox-read",
  params: itemParams,
  response: { 204: Type.Null(), 401: Problem("token-required", "token-ended"), 404: Problem("unknown-mailbox") },
} as const satisfies Endpoint;

/** Ends the mailbox with everything in it: nothing can be written to it or read from it again. */
export const DeleteMailbox = {
  method: "DELETE",
  path: "/api/mailboxes/:mailboxId",
  plane: "group",
  authorization: "mailbox-read",
  params,
  response: { 204: Type.Null(), 401: Problem("token-required", "token-ended"), 404: Problem("unknown-mailbox") },
} as const satisfies Endpoint;

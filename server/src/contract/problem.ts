import { Type, type Static } from "typebox";

/**
 * Every code that a reply of this server can carry, with its HTTP status and its title. The list is closed: a client may branch on it, and
 * a code is never given another meaning. New codes go to the part of the plane that answers with them.
 */
export const problems = {
  // Any request
  "malformed-request": { status: 400, title: "The request has not the form that this address expects." },
  "unknown-address": { status: 404, title: "There is nothing at this address." },
  "body-too-large": { status: 413, title: "The request is larger than this address takes." },
  "unsupported-media-type": { status: 415, title: "The request has a content type that this address does not take." },
  "origin-refused": { status: 403, title: "The request comes from a page that is not this hall's." },
  "too-many-requests": { status: 429, title: "Too many requests in a short time; try again a little later." },
  "challenge-refused": { status: 403, title: "The challenge is unknown, too old or already used; ask for a new one." },
  "signature-refused": { status: 403, title: "The signature does not fit what it should sign." },
  "internal-error": { status: 500, title: "The hall failed to do this; nothing was changed." },
  "hall-closing": { status: 503, title: "The hall is stopping; try again in a moment." },
  "database-unreachable": { status: 503, title: "The hall cannot reach its database; try again in a moment." },

  // Account plane
  "session-required": { status: 401, title: "This needs a session; sign in." },
  "session-ended": { status: 401, title: "The session has ended; sign in again." },
  "setup-refused": {
    status: 403,
    title: "The setup link is not the newest, or the hall already has its first account.",
  },
  "ticket-refused": { status: 403, title: "The ticket is unknown, already spent, or made for something else." },
  "account-exists": { status: 409, title: "There is an account with this identity and other keys." },
  "unknown-account": { status: 404, title: "There is no such account here." },
  "key-refused": { status: 403, title: "The key is none of this account's, or was revoked." },
  "statement-refused": { status: 403, title: "The statement is not one of this account's identity key." },
  "too-many-devices": { status: 409, title: "The account has as many devices as this hall takes." },
  "vault-changed": { status: 409, title: "The vault was changed from another device since it was read." },
  "quota-spent": { status: 429, title: "Today's number of tickets is spent." },

  // Group plane: mailboxes
  "session-unwelcome": { status: 400, title: "Requests about groups and mailboxes carry no session; send it without." },
  "unknown-mailbox": { status: 404, title: "There is no such mailbox, or it has expired." },
  "mailbox-exists": { status: 409, title: "There is another mailbox with this id." },
  "mailbox-full": { status: 409, title: "The mailbox holds as many items as it takes." },
  "write-token-refused": { status: 403, title: "The write token is not this mailbox's." },
  "token-required": { status: 401, title: "This needs a token; sign a challenge for one." },
  "token-ended": { status: 401, title: "The token is unknown or has ended; sign a challenge for a new one." },

  // Group plane: groups, log, boxes, blobs, live
  "unknown-group": { status: 404, title: "There is no such group here." },
  "group-exists": { status: 409, title: "There is a group with this id." },
  "group-deleted": { status: 410, title: "This group was deleted." },
  "pass-refused": { status: 403, title: "The pass is none of this group's." },
  "steward-refused": { status: 403, title: "The key is not on the group's list of stewards." },
  "steward-counter-used": { status: 409, title: "A command with this counter or a later one was already taken." },
  "steward-required": { status: 403, title: "This needs the signature of one of the group's stewards." },
  "era-ended": { status: 409, title: "The era has ended; take the newest one." },
  "era-exists": { status: 409, title: "This era was already started." },
  "unknown-era": { status: 404, title: "The group has no such era, or nothing of it is kept." },
  "index-taken": { status: 409, title: "Another entry stands at this place of the chain." },
  "index-ahead": { status: 409, title: "The chain is not that long here; send the entries before this one first." },
  "cut-refused": { status: 409, title: "The cut would take away something as young as its day." },
  "chain-reserved": {
    status: 409,
    title: "The chain is kept free for a facilitator's entry; try again within a minute.",
  },
  "chain-quota-spent": { status: 429, title: "Today's entries without a facilitator's signature are spent." },
  "record-exists": { status: 409, title: "There is another record with this id." },
  "unknown-record": { status: 404, title: "There is no such record here." },
  "record-too-large": { status: 413, title: "The record is larger than a group takes." },
  "chain-request-too-large": { status: 413, title: "The chain request is larger than a group takes." },
  "group-full": { status: 409, title: "The group has as many members as a group takes." },
  "no-room": { status: 409, title: "As many different boxes or links stand here as are kept." },
  "unknown-blob": { status: 404, title: "There is no such file here, or its time is over." },
  "unknown-chunk": { status: 404, title: "This part of the file has not come yet." },
  "blob-exists": { status: 409, title: "There is another file with this id." },
  "chunk-exists": { status: 409, title: "Another part stands at this place of the file." },
  "blobs-full": { status: 409, title: "The files of this group take up as much room as a group has." },
  "blob-erased": { status: 410, title: "This file was erased." },
  "blob-too-large": { status: 413, title: "The file is larger than a group takes." },
  "not-subscribed": { status: 409, title: "The connection has not subscribed to this group." },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof problems;

/** All codes, in the order of {@link problems}. */
export const problemCodes = Object.keys(problems).filter(isProblemCode);

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problems, text);
}

const members = <Code extends ProblemCode>(codes: readonly Code[]) => ({
  type: Type.Literal("about:blank"),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  code: Type.Unsafe<Code>({ type: "string", enum: codes }),
  detail: Type.Optional(Type.String()),
});

/** Schema of an `application/problem+json` reply (RFC 9457) that carries one of `codes`. */
export function Problem<const Code extends ProblemCode>(...codes: readonly Code[]) {
  return Type.Object(members(codes));
}

/** What any reply of status 400 and above looks like: the general form, with seconds to wait where it is `too-many-requests`. */
export const AnyProblem = Type.Object({
  ...members(problemCodes),
  retryAfterSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type AnyProblem = Static<typeof AnyProblem>;

import { Type, type Static } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { groupLimits } from "./group-limits.ts";
import { Problem } from "./problem.ts";
import { BytesUpTo, Count, Exact, GroupId, RawBytes, Secret, SigningKey } from "./shapes.ts";
import { WireBytes, WireBytesUpTo, WireCount, WireList, WireNullable } from "./wire.ts";
import { LabelledBox } from "./boxes.ts";

/**
 * A steward's command as it stands on the wire: CBOR `[payload, signature (64)]`, payload as `crypto/src/group/steward-command.ts` writes it (protocol
 * section 4, rule 9).
 */
export const SignedCommand = WireBytesUpTo(groupLimits.commandBytes);

const groupParams = Exact({ groupId: GroupId });

/** The two sealed texts of an era link (protocol section 5). */
export const EraLink = Exact({
  chain: WireBytesUpTo(groupLimits.linkBytes),
  content: WireNullable(WireBytesUpTo(groupLimits.linkBytes)),
});
export type EraLink = Static<typeof EraLink>;

/**
 * One entry of the chain and all that belongs to it, in one transaction (rule 5). `boxes` are of the era that is newest after the entry, at most
 * 5,064. `link` stands exactly where the entry starts an era other than 0. `command` is a steward's of kind `chain` over the hash of this entry;
 * it carries the new era's pass and label key and the new list of stewards, and only with it can a request change those.
 */
export const ChainRequest = Exact({
  index: WireCount(),
  era: WireCount(),
  starts: WireNullable(WireCount()),
  sealed: WireBytesUpTo(groupLimits.chainRequestBytes),
  boxes: WireList(LabelledBox, 2 * groupLimits.boxesPerRequest),
  link: WireNullable(EraLink),
  command: WireNullable(SignedCommand),
});
export type ChainRequest = Static<typeof ChainRequest>;

/** Body of {@link CreateGroup}, as CBOR: the first chain request, index 0, era 0, which it starts; its command is by one of those it lists. */
export const NewGroup = Exact({ ticket: WireBytes(32), chain: ChainRequest });
export type NewGroup = Static<typeof NewGroup>;

/**
 * Opens a group for a ticket. The same request again answers as the first time, without a second ticket. An id that was deleted is never given
 * out again (rule 8).
 */
export const CreateGroup = {
  method: "PUT",
  path: "/api/groups/:groupId",
  plane: "group",
  authorization: "none",
  params: groupParams,
  body: RawBytes,
  bodyLimit: groupLimits.chainRequestBytes,
  response: {
    201: Exact({ seq: Count }),
    400: Problem("malformed-request"),
    403: Problem("ticket-refused", "signature-refused", "steward-refused", "steward-required"),
    409: Problem("group-exists", "group-full"),
    410: Problem("group-deleted"),
    413: Problem("chain-request-too-large", "body-too-large"),
  },
} as const satisfies Endpoint;

/** Rule 7: for whoever knows the group's id. `kept` are the eras whose boxes are kept, the newest last. */
export const ReadEras = {
  method: "GET",
  path: "/api/groups/:groupId/eras",
  plane: "group",
  authorization: "none",
  params: groupParams,
  response: {
    200: Exact({ newest: Count, kept: Type.Array(Exact({ era: Count, labelKey: SigningKey })) }),
    404: Problem("unknown-group"),
    410: Problem("group-deleted"),
  },
} as const satisfies Endpoint;

/**
 * A group token for `answer`: CBOR `[payload, signature]` as `crypto/src/group/pass-challenge.ts` writes it, by the pass of the era it names, over
 * a challenge of this hall as nonce (rule 6). Of an older era: it reads the log up to and including the entry that started the following one, and writes nothing (rule 3).
 */
export const CreateGroupToken = {
  method: "POST",
  path: "/api/groups/:groupId/tokens",
  plane: "group",
  authorization: "none",
  params: groupParams,
  body: Exact({ answer: BytesUpTo(groupLimits.passAnswerBytes) }),
  response: {
    201: Exact({ token: Secret, expiresInSeconds: Count }),
    403: Problem("challenge-refused", "pass-refused"),
    404: Problem("unknown-group", "unknown-era"),
    410: Problem("group-deleted"),
    413: Problem("body-too-large"),
  },
} as const satisfies Endpoint;

/** What the server holds of the group's newest state, for clients to compare with the chain. A token of the newest era. */
export const ReadGroup = {
  method: "GET",
  path: "/api/groups/:groupId",
  plane: "group",
  authorization: "group-token",
  params: groupParams,
  response: {
    200: Exact({
      newestSeq: Count,
      headIndex: Count,
      era: Count,
      /** The `seq` of the entry that started the era. */
      eraStartSeq: Count,
      pass: SigningKey,
      labelKey: SigningKey,
      stewards: Type.Array(SigningKey),
    }),
    401: Problem("token-required", "token-ended"),
    404: Problem("unknown-group"),
    409: Problem("era-ended"),
    410: Problem("group-deleted"),
  },
} as const satisfies Endpoint;

/** Limits that a steward can set for a group, never above the hall's own; null takes the hall's again. */
export const settableLimits = {
  "record-bytes": { minimum: 1024, maximum: groupLimits.recordBytes },
  "entries-per-day": { minimum: 1, maximum: groupLimits.chainRequestsPerDay },
} as const;
export type SettableLimit = keyof typeof settableLimits;

/**
 * A steward's command, body {@link SignedCommand} as it is: the list of stewards, limits, erase, erase-blob, cut, delete. Needs no
 * token: a facilitator whom a bad era shut out can still act. The same command again answers as the first time. It stands in the log at `seq`
 * (0 where the whole group was deleted).
 */
export const SendCommand = {
  method: "POST",
  path: "/api/groups/:groupId/commands",
  plane: "group",
  authorization: "none",
  params: groupParams,
  body: RawBytes,
  bodyLimit: groupLimits.commandBytes,
  response: {
    200: Exact({ seq: Count }),
    400: Problem("malformed-request"),
    403: Problem("steward-refused", "signature-refused"),
    404: Problem("unknown-group", "unknown-record", "unknown-blob"),
    409: Problem("steward-counter-used", "cut-refused"),
    410: Problem("group-deleted"),
    413: Problem("body-too-large"),
  },
} as const satisfies Endpoint;

/** Reply of {@link ReadLinks}, as CBOR, in order of the eras: of each the different links held, the one its entry came with first. */
export const LinkPage = WireList(
  Exact({ era: WireCount(), links: WireList(EraLink, groupLimits.candidatesPerReply) }),
  groupLimits.linksPerPage,
);
export type LinkPage = Static<typeof LinkPage>;

/** Links of eras `from` to `to`, both included, at most 500. A token of the newest era. */
export const ReadLinks = {
  method: "GET",
  path: "/api/groups/:groupId/links",
  plane: "group",
  authorization: "group-token",
  params: groupParams,
  query: Exact({ from: Count, to: Count }),
  response: {
    200: RawBytes,
    401: Problem("token-required", "token-ended"),
    404: Problem("unknown-group"),
    409: Problem("era-ended"),
    410: Problem("group-deleted"),
  },
} as const satisfies Endpoint;

/** Body of {@link AddLink}, as CBOR. With a steward's `command` of kind `link` over it there is one more place per steward. */
export const NewLink = Exact({ era: WireCount(), link: EraLink, command: WireNullable(SignedCommand) });
export type NewLink = Static<typeof NewLink>;

/** Adds a link beside those held; never overwrites. The same bytes again: nothing changes. */
export const AddLink = {
  method: "POST",
  path: "/api/groups/:groupId/links",
  plane: "group",
  authorization: "group-token",
  params: groupParams,
  body: RawBytes,
  bodyLimit: 8 * 1024,
  response: {
    204: Type.Null(),
    400: Problem("malformed-request"),
    401: Problem("token-required", "token-ended"),
    403: Problem("steward-refused", "signature-refused"),
    404: Problem("unknown-group", "unknown-era"),
    409: Problem("era-ended", "no-room", "steward-counter-used"),
    410: Problem("group-deleted"),
    413: Problem("body-too-large"),
    429: Problem("too-many-requests"),
  },
} as const satisfies Endpoint;

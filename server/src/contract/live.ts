import { Type, type Static } from "typebox";
import { FoundBox } from "./boxes.ts";
import { groupLimits } from "./group-limits.ts";
import { ChainRequest } from "./groups.ts";
import { LogItem, WireRecord } from "./log.ts";
import { problemCodes, type ProblemCode } from "./problem.ts";
import { Exact } from "./shapes.ts";
import { WireBytes, WireCount, WireList, WireNullable, WireVariant } from "./wire.ts";

/**
 * The websocket of the group plane, `GET /api/live`. Every frame is one binary message: a structure of this file as CBOR (see wire.ts), its
 * `kind` first. It needs no session and refuses one; a page of another origin is refused before the upgrade, a program that sends no `Origin`
 * is not.
 *
 * Every frame of a client carries a `request` number of its choosing and gets exactly one answer with that number: what is said with
 * each, or `refused`. Answers may come in another order than the requests.
 */
export const livePath = "/api/live";

/** Why the server ends a connection. 1001: the hall stops. 1009: a frame was larger than 9 MiB. */
export const closeCodes = {
  stopping: 1001,
  frameTooLarge: 1009,
  /** A frame that is no frame of this contract, or one larger than 4 KiB before anything was subscribed. */
  frameRefused: 4400,
  /** The reader did not keep up; connect again and catch up by pages. */
  slowReader: 4408,
  /** Nothing subscribed, awaited or watched for a minute; nothing subscribed for twelve hours, where one may connect again; no answer to a ping. */
  idle: 4409,
  /** More frames in a short time than one connection may send; connect again a little later. */
  tooManyRequests: 4429,
} as const;

const Request = WireCount(0xffff_ffff);
const Group = WireBytes(32);
const Label = WireBytes(16);
const Token = WireBytes(groupLimits.tokenBytes);

/** Joins the group's live log from `after`, the last `seq` seen. Answer `subscribed`. Again for the same group: replaces. */
export const Subscribe = Exact({
  kind: Type.Literal("subscribe"),
  request: Request,
  group: Group,
  token: Token,
  after: WireCount(),
});

/** A token of the newest era for a subscription that is there. Answer `subscribed`, and what was held back since the era started. */
export const Renew = Exact({ kind: Type.Literal("renew"), request: Request, group: Group, token: Token });

/** Answer `done`. */
export const Unsubscribe = Exact({ kind: Type.Literal("unsubscribe"), request: Request, group: Group });

/**
 * Records in their order; the server stops at the first that it refuses. Answer `appended`, or `refused` with the `seqs` of those before. A
 * record that is there with the same bytes counts as appended, at its own `seq`.
 */
export const Append = Exact({
  kind: Type.Literal("append"),
  request: Request,
  group: Group,
  /** More than 64 are refused with `body-too-large`. */
  records: WireList(WireRecord, 2 * groupLimits.recordsPerAppend),
});

/**
 * Answer `appended` with one seq. The same entry at a taken index: the same answer. A steward's request that is refused with `index-taken` keeps
 * requests without a steward's signature off the chain (`chain-reserved`) until a steward's is taken, at most 60 s.
 */
export const Chain = Exact({ kind: Type.Literal("chain"), request: Request, group: Group, chain: ChainRequest });

/**
 * Waits for a box; needs no token. Answer `done`; then `era` with the newest era and for each that the group starts (labels differ by era: await the
 * new one), and `box` for each that stands there or comes.
 */
export const Await = Exact({ kind: Type.Literal("await"), request: Request, group: Group, label: Label });

/** Ends all waiting for boxes of a group. Answer `done`. */
export const StopAwait = Exact({ kind: Type.Literal("stop-await"), request: Request, group: Group });

/** Waits for items of a mailbox, with its read token. Answer `done`; then `mail` for each item that comes. */
export const Watch = Exact({
  kind: Type.Literal("watch"),
  request: Request,
  mailbox: WireBytes(16),
  token: WireBytes(32),
});

/** Answer `done`. */
export const Unwatch = Exact({ kind: Type.Literal("unwatch"), request: Request, mailbox: WireBytes(16) });

export const ClientFrame = WireVariant(Subscribe, Renew, Unsubscribe, Append, Chain, Await, StopAwait, Watch, Unwatch);
export type ClientFrame = Static<typeof ClientFrame>;

/**
 * Items follow from the one after `after` (what was asked for), or, where more than 200 are missing, from the one after `newestSeq`: then
 * `byPages` is true, and `after` to `newestSeq` is to be read by pages.
 */
export const Subscribed = Exact({
  kind: Type.Literal("subscribed"),
  request: Request,
  group: Group,
  era: WireCount(),
  newestSeq: WireCount(),
  byPages: Type.Boolean(),
});

/** Durable: the `seq` of each, in the order of the request. */
export const Appended = Exact({
  kind: Type.Literal("appended"),
  request: Request,
  seqs: WireList(WireCount(), groupLimits.recordsPerAppend),
  day: WireCount(1_000_000),
});

export const Done = Exact({ kind: Type.Literal("done"), request: Request });

/**
 * Nothing changed by what `code` refuses. `seqs`: records of the request before the refused one, durable. `hash`: with `record-exists` and
 * `index-taken`, of what stands there (the record's or the entry's hash). `newest`: with `era-ended`, `unknown-era` the newest
 * era, with `index-taken` the head's index. `retryAfterSeconds`: with `too-many-requests`, `chain-reserved`.
 */
export const Refused = Exact({
  kind: Type.Literal("refused"),
  request: Request,
  code: Type.Unsafe<ProblemCode>({ type: "string", enum: problemCodes }),
  seqs: WireList(WireCount(), groupLimits.recordsPerAppend),
  hash: WireNullable(WireBytes(32)),
  newest: WireNullable(WireCount()),
  retryAfterSeconds: WireNullable(WireCount()),
});

/** New items of a subscribed group, in order and without a gap; also one's own. */
export const Items = Exact({
  kind: Type.Literal("items"),
  group: Group,
  items: WireList(LogItem, groupLimits.itemsPerPage),
});

/**
 * An era has started. To subscriptions of an older token, after the entry that started it: nothing more follows until they `renew`, within 5 s. To
 * those who await a box of the group, and to them once with the newest era when they begin.
 */
export const EraStarted = Exact({
  kind: Type.Literal("era"),
  group: Group,
  era: WireCount(),
  labelKey: WireBytes(32),
});

export const BoxCame = Exact({ kind: Type.Literal("box"), group: Group, box: FoundBox });

export const MailCame = Exact({ kind: Type.Literal("mail"), mailbox: WireBytes(16) });

export const closedReasons = ["era-ended", "group-deleted"] as const;
export type ClosedReason = (typeof closedReasons)[number];

/** A subscription has ended; the connection has not. */
export const Closed = Exact({
  kind: Type.Literal("closed"),
  group: Group,
  reason: Type.Unsafe<ClosedReason>({ type: "string", enum: closedReasons }),
});

export const ServerFrame = WireVariant(
  Subscribed,
  Appended,
  Done,
  Refused,
  Items,
  EraStarted,
  BoxCame,
  MailCame,
  Closed,
);
export type ServerFrame = Static<typeof ServerFrame>;

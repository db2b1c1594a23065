import { Type, type Static } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { groupLimits } from "./group-limits.ts";
import { Problem } from "./problem.ts";
import { Count, Exact, GroupId, Id16, RawBytes } from "./shapes.ts";
import { SignedCommand } from "./groups.ts";
import { WireBytes, WireBytesUpTo, WireCount, WireList, WireNullable, WireVariant } from "./wire.ts";

const Id = WireBytes(16);

/** The wire fields of a record (protocol section 6). A record of state has a target and no topic. */
const recordFields = {
  recordId: Id,
  topic: WireNullable(Id),
  target: WireNullable(Id),
  era: WireCount(),
  /** The day on which the server drops the body. */
  expires: WireNullable(WireCount(1_000_000)),
};

/** Stub (187 bytes, always) and body, at most 64 KiB, in one byte string; so that the server can drop a body it cannot read and keep the stub. */
const SealedRecord = WireBytesUpTo(groupLimits.appendBytes, groupLimits.recordMinBytes);

/** A record as a client sends it: `crypto/src/records/record-wire.ts`. */
export const WireRecord = Exact({ ...recordFields, sealed: SealedRecord });
export type WireRecord = Static<typeof WireRecord>;

const place = { seq: WireCount(), day: WireCount(1_000_000) };

/**
 * An entry of the chain. `starts` is the era it starts, or null. `command` is the steward's command it came with, if any.
 */
export const EntryItem = Exact({
  kind: Type.Literal("entry"),
  ...place,
  index: WireCount(),
  era: WireCount(),
  starts: WireNullable(WireCount()),
  sealed: WireBytesUpTo(groupLimits.entryBytes),
  command: WireNullable(SignedCommand),
});

export const RecordItem = Exact({
  kind: Type.Literal("record"),
  ...place,
  ...recordFields,
  sealed: SealedRecord,
});

export const tombstoneReasons = ["erased", "expired", "cut"] as const;
export type TombstoneReason = (typeof tombstoneReasons)[number];

/**
 * What is left of a record. `erased`: `command` is the steward's that asked for it; `expired`: its own day has come; `cut`: `command` is the
 * cut's.
 */
export const TombstoneItem = Exact({
  kind: Type.Literal("tombstone"),
  ...place,
  ...recordFields,
  stub: WireBytes(groupLimits.stubBytes),
  /** `recordBodyHash`. */
  bodyHash: WireBytes(32),
  reason: Type.Unsafe<TombstoneReason>({ type: "string", enum: tombstoneReasons }),
  command: WireNullable(SignedCommand),
});

/** A steward's command that came by itself. */
export const CommandItem = Exact({ kind: Type.Literal("command"), ...place, command: SignedCommand });

/** One item of a group's log. `seq` grows by one per item from 1; it is a cursor, never a meaning. `day` is the day received. */
export const LogItem = WireVariant(EntryItem, RecordItem, TombstoneItem, CommandItem);
export type LogItem = Static<typeof LogItem>;

/**
 * A page of the log, as CBOR. `next` is what to give as `after` (or `before`, where the page goes backwards) for the following page, null at
 * the end. `newestSeq` is the newest that this token may read.
 */
export const LogPage = Exact({
  items: WireList(LogItem, groupLimits.itemsPerPage),
  next: WireNullable(WireCount()),
  newestSeq: WireCount(),
});
export type LogPage = Static<typeof LogPage>;

const Limit = Type.Integer({ minimum: 1, maximum: groupLimits.itemsPerPage });
const groupParams = Exact({ groupId: GroupId });
const readProblems = {
  400: Problem("malformed-request"),
  401: Problem("token-required", "token-ended"),
  404: Problem("unknown-group"),
  410: Problem("group-deleted"),
  429: Problem("too-many-requests"),
};

/** The log upwards from `after` (0: from the beginning). `only=chain`: entries and stewards' commands. */
export const ReadLog = {
  method: "GET",
  path: "/api/groups/:groupId/log",
  plane: "group",
  authorization: "group-token",
  params: groupParams,
  query: Exact({ after: Count, limit: Limit, only: Type.Optional(Type.Literal("chain")) }),
  response: { 200: RawBytes, ...readProblems },
} as const satisfies Endpoint;

/** Of every target without a topic (a piece of state: a profile, the group's name) the latest record, upwards from `after`. */
export const ReadState = {
  method: "GET",
  path: "/api/groups/:groupId/state",
  plane: "group",
  authorization: "group-token",
  params: groupParams,
  query: Exact({ after: Count, limit: Limit }),
  response: { 200: RawBytes, ...readProblems },
} as const satisfies Endpoint;

/** Either upwards from `after`, or, newest first, downwards from `before`; with neither, downwards from the newest. */
const Way = Exact({ after: Type.Optional(Count), before: Type.Optional(Count), limit: Limit });

/** The records of one topic. */
export const ReadTopicLog = {
  method: "GET",
  path: "/api/groups/:groupId/topics/:topic/log",
  plane: "group",
  authorization: "group-token",
  params: Exact({ groupId: GroupId, topic: Id16 }),
  query: Way,
  response: { 200: RawBytes, ...readProblems },
} as const satisfies Endpoint;

/** The records of one target; `before` absent and `limit` 1: its latest. */
export const ReadTargetLog = {
  method: "GET",
  path: "/api/groups/:groupId/targets/:target/log",
  plane: "group",
  authorization: "group-token",
  params: Exact({ groupId: GroupId, target: Id16 }),
  query: Way,
  response: { 200: RawBytes, ...readProblems },
} as const satisfies Endpoint;

/** One record, as a page of one item. */
export const ReadRecord = {
  method: "GET",
  path: "/api/groups/:groupId/records/:recordId",
  plane: "group",
  authorization: "group-token",
  params: Exact({ groupId: GroupId, recordId: Id16 }),
  response: { 200: RawBytes, ...readProblems, 404: Problem("unknown-group", "unknown-record") },
} as const satisfies Endpoint;

/** One topic of {@link TopicPage}: how many records it has, the first, and the newest ones, newest first. */
export const TopicSummary = Exact({
  topic: Id,
  records: WireCount(),
  newestSeq: WireCount(),
  first: LogItem,
  newest: WireList(LogItem, groupLimits.newestPerTopic),
});
export type TopicSummary = Static<typeof TopicSummary>;

/** Reply of {@link ReadTopics}, as CBOR. `next` goes into `before`. */
export const TopicPage = Exact({
  topics: WireList(TopicSummary, groupLimits.topicsPerPage),
  next: WireNullable(WireCount()),
  newestSeq: WireCount(),
});
export type TopicPage = Static<typeof TopicPage>;

/**
 * Topics by latest activity, each with its first record and its `newest` (0 to 20) latest ones: what a new device shows of a large group before
 * it has read the rest. A token of the newest era.
 */
export const ReadTopics = {
  method: "GET",
  path: "/api/groups/:groupId/topics",
  plane: "group",
  authorization: "group-token",
  params: groupParams,
  query: Exact({
    before: Type.Optional(Count),
    limit: Type.Integer({ minimum: 1, maximum: groupLimits.topicsPerPage }),
    newest: Type.Integer({ minimum: 0, maximum: groupLimits.newestPerTopic }),
  }),
  response: { 200: RawBytes, ...readProblems, 409: Problem("era-ended") },
} as const satisfies Endpoint;

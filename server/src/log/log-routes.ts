import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply } from "fastify";
import type { Static, TSchema } from "typebox";
import {
  LogPage,
  ReadLog,
  ReadRecord,
  ReadState,
  ReadTargetLog,
  ReadTopicLog,
  ReadTopics,
  TopicPage,
} from "../contract/log.ts";
import { type AccessDeps, requireNewest, requireReadable, requireToken } from "../groups/group-access.ts";
import { decoded } from "../http/decoded.ts";
import { ProblemError } from "../http/problem.ts";
import { described } from "../http/route.ts";
import { encodeStructure } from "./log-items.ts";
import {
  readActs,
  readLog,
  readRecord,
  readState,
  readTargetLog,
  readTopicLog,
  readTopics,
  type Way,
} from "./log-pages.ts";

/** Pages of the log, as CBOR, for a group token (protocol section 4, rules 2 and 3). */
export const logRoutes: FastifyPluginAsyncTypebox<AccessDeps> = async (app, deps) => {
  const { db } = deps;
  app.route({
    ...described(ReadLog),
    handler: async (request, reply) => {
      const readable = await requireReadable(deps, request, decoded(request.params.groupId));
      const { after, limit, only } = request.query;
      const read = only === "chain" ? readActs : readLog;
      return sendCbor(reply, LogPage, await read(db, readable, { kind: "up", after, limit }));
    },
  });

  app.route({
    ...described(ReadState),
    handler: async (request, reply) => {
      const readable = await requireReadable(deps, request, decoded(request.params.groupId));
      return sendCbor(reply, LogPage, await readState(db, readable, { kind: "up", ...request.query }));
    },
  });

  app.route({
    ...described(ReadTopicLog),
    handler: async (request, reply) => {
      const { groupId, topic } = request.params;
      const readable = await requireReadable(deps, request, decoded(groupId));
      return sendCbor(reply, LogPage, await readTopicLog(db, readable, decoded(topic), wayOf(request.query)));
    },
  });

  app.route({
    ...described(ReadTargetLog),
    handler: async (request, reply) => {
      const { groupId, target } = request.params;
      const readable = await requireReadable(deps, request, decoded(groupId));
      return sendCbor(reply, LogPage, await readTargetLog(db, readable, decoded(target), wayOf(request.query)));
    },
  });

  app.route({
    ...described(ReadRecord),
    handler: async (request, reply) => {
      const { groupId, recordId } = request.params;
      const readable = await requireReadable(deps, request, decoded(groupId));
      const item = await readRecord(db, readable, decoded(recordId));
      if (item === null) throw new ProblemError("unknown-record");
      return sendCbor(reply, LogPage, { items: [item], next: null, newestSeq: readable.newestSeq });
    },
  });

  app.route({
    ...described(ReadTopics),
    handler: async (request, reply) => {
      const access = requireToken(deps, request, decoded(request.params.groupId));
      const { no, seq } = await requireNewest(db, access);
      const { before = null, limit, newest } = request.query;
      const page = await readTopics(db, { groupNo: no, newestSeq: seq }, { before, limit, newest });
      return sendCbor(reply, TopicPage, page);
    },
  });
};

interface WayQuery {
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
}

function wayOf({ after, before, limit }: WayQuery): Way {
  if (after === undefined) return { kind: "down", before: before ?? null, limit };
  if (before !== undefined) throw new ProblemError("malformed-request", { detail: "either after or before" });
  return { kind: "up", after, limit };
}

/** Answers with a structure of the contract as CBOR. */
export async function sendCbor<const S extends TSchema>(
  reply: FastifyReply,
  schema: S,
  value: Static<S>,
): Promise<FastifyReply> {
  const bytes = encodeStructure(schema, value);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return reply.type("application/cbor").header("cache-control", "no-store").send(body);
}

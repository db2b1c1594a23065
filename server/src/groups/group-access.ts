import type { FastifyRequest, preParsingAsyncHookHandler } from "fastify";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { authorizationSchemes } from "../contract/endpoint.ts";
import { GroupId } from "../contract/shapes.ts";
import { decoded } from "../http/decoded.ts";
import { authorizationOf } from "../http/plane.ts";
import { ProblemError } from "../http/problem.ts";
import type { Readable } from "../log/log-pages.ts";
import { type GroupReader, readEra, readGroup, type StoredGroup } from "./group-store.ts";
import type { GroupToken, GroupTokens } from "./group-token.ts";
import { refuse } from "./refusal.ts";
import type { TokenRates } from "./token-rates.ts";

export interface AccessDeps {
  readonly db: GroupReader;
  readonly tokens: GroupTokens;
  readonly rates: TokenRates;
}

/** A request whose group token is good. */
export interface GroupAccess {
  readonly groupId: Uint8Array;
  readonly token: GroupToken;
}

/**
 * The group token that stands in the request's header (`Authorization: Group …`). Whether its era is still the newest is not asked here.
 *
 * @throws {ProblemError} `token-required`, `token-ended`, `too-many-requests`
 */
export function requireToken(
  { tokens, rates }: AccessDeps,
  request: FastifyRequest,
  groupId: Uint8Array,
  cost = 1,
): GroupAccess {
  const token = checkToken(tokens, request, groupId);
  const wait = rates.take(token.id, cost);
  if (wait !== null) throw new ProblemError("too-many-requests", { retryAfterSeconds: wait });
  return { groupId, token };
}

function checkToken(tokens: GroupTokens, request: FastifyRequest, groupId: Uint8Array): GroupToken {
  const secret = authorizationOf(request, authorizationSchemes["group-token"]);
  if (secret === null) throw new ProblemError("token-required");
  const token = tokens.check(groupId, secret);
  if (token === null) throw new ProblemError("token-ended");
  return token;
}

/** For routes that take a body: of somebody without a good token it is not read. After the limit by address, which counts them. */
export function tokenBeforeBody({ tokens }: Pick<AccessDeps, "tokens">): {
  readonly preParsing: preParsingAsyncHookHandler;
} {
  return {
    preParsing: async (request, _reply, payload) => {
      checkToken(tokens, request, groupIdOf(request.params));
      return payload;
    },
  };
}

function groupIdOf(params: unknown): Uint8Array {
  return Value.Check(GroupParams, params) ? decoded(params.groupId) : refuse("malformed-request");
}

/** Nothing of the request has been checked by then. */
const GroupParams = Type.Object({ groupId: GroupId });

/**
 * What of the log this token reads (rules 2 and 3): of the newest era everything, of an older one up to and including the entry that started
 * the era after it.
 *
 * @throws {RefusedError} `unknown-group`, `group-deleted`
 */
export async function readableOf(db: GroupReader, { groupId, token }: GroupAccess): Promise<Readable> {
  const group = await readGroup(db, groupId);
  if (token.era === group.era) return { groupNo: group.no, newestSeq: group.seq };
  const next = await readEra(db, group.no, token.era + 1);
  return { groupNo: group.no, newestSeq: next?.startSeq ?? 0 };
}

/**
 * The group, for a token of its newest era.
 *
 * @throws {RefusedError} `era-ended`, `unknown-group`, `group-deleted`
 */
export async function requireNewest(db: GroupReader, { groupId, token }: GroupAccess): Promise<StoredGroup> {
  const group = await readGroup(db, groupId);
  checkNewest(group, token);
  return group;
}

/** Rule 2: only a token of the newest era writes. @throws {RefusedError} `era-ended` */
export function checkNewest(group: StoredGroup, token: GroupToken): void {
  if (token.era !== group.era) refuse("era-ended", { newest: group.era });
}

/** {@link readableOf} the token in the request's header. @throws {ProblemError} */
export async function requireReadable(
  deps: AccessDeps,
  request: FastifyRequest,
  groupId: Uint8Array,
): Promise<Readable> {
  return readableOf(deps.db, requireToken(deps, request, groupId));
}

import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { EncodingError, parseSigned, passChallengeStructure, isSignedBy } from "@unionhall/crypto/verify";
import { toBase64url } from "../contract/base64url.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { CreateGroup, CreateGroupToken, NewGroup, ReadEras, ReadGroup, SendCommand } from "../contract/groups.ts";
import type { Challenges } from "../http/challenges.ts";
import { decoded } from "../http/decoded.ts";
import { limited } from "../http/rate-limit.ts";
import { described } from "../http/route.ts";
import { type AccessDeps, requireNewest, requireToken } from "./group-access.ts";
import type { GroupPlane } from "./group-plane.ts";
import { readEra, readGroup, readKeptEras, readStewards } from "./group-store.ts";
import { refuse } from "./refusal.ts";
import { decodeStructure } from "./wire-body.ts";

export interface GroupRouteDeps extends AccessDeps {
  readonly plane: GroupPlane;
  readonly origin: string;
  readonly challenges: Challenges;
}

/** Groups for those who know no more than the id, the pass, or a steward key (protocol section 4, rules 1, 6, 7, 9). */
export const groupRoutes: FastifyPluginAsyncTypebox<GroupRouteDeps> = async (app, deps) => {
  const { db, plane } = deps;
  app.route({
    ...described(CreateGroup, limited("signing")),
    handler: async (request, reply) => {
      const groupId = decoded(request.params.groupId);
      const seq = await plane.create(groupId, decodeStructure(NewGroup, request.body, groupLimits.frameBytes));
      await reply.code(201).send({ seq });
    },
  });

  app.route({
    ...described(ReadEras, limited("anonymous")),
    handler: async (request) => {
      const group = await readGroup(db, decoded(request.params.groupId));
      const kept = await readKeptEras(db, group.no);
      return { newest: group.era, kept: kept.map(({ era, labelKey }) => ({ era, labelKey: toBase64url(labelKey) })) };
    },
  });

  app.route({
    ...described(CreateGroupToken, limited("signing")),
    handler: async (request, reply) => {
      const groupId = decoded(request.params.groupId);
      const token = await tokenFor(deps, groupId, decoded(request.body.answer));
      await reply.code(201).send({ token: toBase64url(token), expiresInSeconds: groupLimits.tokenSeconds });
    },
  });

  app.route({
    ...described(ReadGroup),
    handler: async (request) => {
      const access = requireToken(deps, request, decoded(request.params.groupId));
      return readState(deps, access);
    },
  });

  app.route({
    ...described(SendCommand, limited("signing")),
    handler: async (request) => {
      const groupId = decoded(request.params.groupId);
      const body: unknown = request.body;
      if (!(body instanceof Uint8Array)) return refuse("malformed-request");
      return { seq: await plane.command(groupId, body) };
    },
  });
};

/**
 * Rule 6: the pass of the era that the answer names has signed this hall's origin, this group, that era and a challenge of this hall, which is
 * spent by it.
 */
async function tokenFor(
  { db, origin, challenges, tokens }: GroupRouteDeps,
  groupId: Uint8Array,
  answer: Uint8Array,
): Promise<Uint8Array> {
  const signed = parsedAnswer(answer);
  const { value } = signed;
  if (!challenges.spend(value.nonce)) refuse("challenge-refused");
  if (value.origin !== origin || Buffer.compare(value.groupId, groupId) !== 0) refuse("pass-refused");
  const group = await readGroup(db, groupId);
  const era = await readEra(db, group.no, value.era);
  if (era === null) return refuse("unknown-era", { newest: group.era });
  return isSignedBy(signed, era.pass) ? tokens.issue(groupId, value.era) : refuse("pass-refused");
}

function parsedAnswer(answer: Uint8Array) {
  try {
    return parseSigned(passChallengeStructure, answer);
  } catch (error) {
    if (error instanceof EncodingError) return refuse("pass-refused");
    throw error;
  }
}

async function readState({ db }: AccessDeps, access: ReturnType<typeof requireToken>) {
  const group = await requireNewest(db, access);
  const [era, stewards] = await Promise.all([readEra(db, group.no, group.era), readStewards(db, group.no)]);
  if (era === null) return refuse("unknown-era");
  return {
    newestSeq: group.seq,
    headIndex: group.headIndex,
    era: group.era,
    eraStartSeq: era.startSeq,
    pass: toBase64url(era.pass),
    labelKey: toBase64url(era.labelKey),
    stewards: stewards.map(toBase64url),
  };
}

import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { verifySignIn } from "@unionhall/crypto/verify";
import type { Clock } from "../clock.ts";
import { toBase64url } from "../contract/base64url.ts";
import { limits } from "../contract/limits.ts";
import { CreateSession, EndSession } from "../contract/sessions.ts";
import type { AccountDatabase } from "../database/schema.ts";
import type { Challenges } from "../http/challenges.ts";
import { decoded } from "../http/decoded.ts";
import { ProblemError } from "../http/problem.ts";
import { limited } from "../http/rate-limit.ts";
import { described } from "../http/route.ts";
import type { Random } from "../random.ts";
import { endSession, openSession, requireSession } from "./sessions.ts";

export interface SessionRouteDeps {
  readonly db: AccountDatabase;
  readonly origin: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly challenges: Challenges;
}

/** Signing in and out (protocol section 3). */
export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRouteDeps> = async (app, deps) => {
  const { db, origin, clock, challenges } = deps;
  app.route({
    ...described(CreateSession, limited("signing")),
    handler: async ({ body }, reply) => {
      const challenge = decoded(body.challenge);
      const [accountId, key] = [decoded(body.accountId), decoded(body.key)];
      if (!challenges.spend(challenge)) throw new ProblemError("challenge-refused");
      if (!verifySignIn({ origin, challenge, accountId }, key, decoded(body.signature)))
        throw new ProblemError("signature-refused");
      const session = await openSession(db, { accountId, key }, deps);
      if (session === null) throw new ProblemError("key-refused");
      await reply.code(201).send({ session: toBase64url(session), expiresInSeconds: limits.sessionHours * 3_600 });
    },
  });

  app.route({
    ...described(EndSession, limited("signing")),
    handler: async (request, reply) => {
      await endSession(db, await requireSession(db, clock, request));
      await reply.code(204).send(null);
    },
  });
};

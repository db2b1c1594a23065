import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { CreateChallenge } from "../contract/challenges.ts";
import { contractVersion } from "../contract/contract-history.ts";
import { GetHall } from "../contract/hall.ts";
import { limits } from "../contract/limits.ts";
import { toBase64url } from "../contract/base64url.ts";
import type { Challenges } from "./challenges.ts";
import { ProblemError } from "./problem.ts";
import { limited } from "./rate-limit.ts";
import { described } from "./route.ts";

export interface HallRouteDeps {
  readonly challenges: Challenges;
  readonly isSetupOpen: () => Promise<boolean>;
  /** Resolves when both databases answer. */
  readonly databasesAnswer: () => Promise<void>;
}

/** About the hall itself: what it is, whether it lives, and challenges for everyone. */
export const hallRoutes: FastifyPluginAsyncTypebox<HallRouteDeps> = async (app, deps) => {
  app.route({
    ...described(GetHall, limited("anonymous")),
    handler: async () => ({ contract: contractVersion, setupOpen: await deps.isSetupOpen(), limits }),
  });
  app.route({
    ...described(CreateChallenge, limited("anonymous")),
    handler: async (_request, reply) => {
      await reply.code(201).send({ challenge: toBase64url(deps.challenges.issue()) });
    },
  });
  app.get("/healthz", async () => ({ status: "alive" }));
  app.get("/readyz", { config: limited("anonymous") }, async () => {
    await deps.databasesAnswer().catch(() => {
      throw new ProblemError("database-unreachable");
    });
    return { status: "ready" };
  });
};

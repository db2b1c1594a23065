import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { Clock } from "../clock.ts";
import type { AccountDatabase } from "../database/schema.ts";
import type { Challenges } from "../http/challenges.ts";
import type { Random } from "../random.ts";
import { accountRoutes } from "./account-routes.ts";
import { sessionRoutes } from "./session-routes.ts";
import { vaultRoutes } from "./vault-routes.ts";

export interface AccountPlaneDeps {
  readonly db: AccountDatabase;
  readonly origin: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly challenges: Challenges;
}

/** Accounts, sessions, vaults: everything that knows who asks, and nothing that knows of groups. */
export const accountPlane: FastifyPluginAsyncTypebox<AccountPlaneDeps> = async (app, deps) => {
  await app.register(accountRoutes, deps);
  await app.register(sessionRoutes, deps);
  await app.register(vaultRoutes, deps);
};

import type { FastifyInstance } from "fastify";
import { blobRoutes } from "../blobs/blobs-routes.ts";
import { boxRoutes } from "../boxes/boxes-routes.ts";
import type { Clock } from "../clock.ts";
import type { GroupDatabase } from "../database/schema.ts";
import type { Challenges } from "../http/challenges.ts";
import { createInProcessBus } from "../live/bus.ts";
import { installLive } from "../live/install-live.ts";
import type { Timers } from "../live/timers.ts";
import { logRoutes } from "../log/log-routes.ts";
import type { DeskNews } from "../mailboxes/desk-news.ts";
import type { MailboxTokens } from "../mailboxes/mailbox-tokens.ts";
import type { Random } from "../random.ts";
import type { SpendTicket } from "./create-group.ts";
import { createGroupPlane } from "./group-plane.ts";
import { createGroupTokens } from "./group-token.ts";
import { groupRoutes } from "./groups-routes.ts";
import { createTokenRates, noTokenRates } from "./token-rates.ts";

export interface InstallGroupPlaneDeps {
  readonly db: GroupDatabase;
  readonly origin: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly challenges: Challenges;
  readonly spendTicket: SpendTicket;
  readonly deskNews: DeskNews;
  readonly mailboxTokens: Pick<MailboxTokens, "isGood">;
  /** False: nobody is told to wait. */
  readonly rateLimits: boolean;
}

/** Groups, their log, boxes, blobs and live connections (protocol sections 4 and 9). Before all other routes: websockets concern the whole app. */
export async function installGroupPlane(app: FastifyInstance, deps: InstallGroupPlaneDeps): Promise<void> {
  const { db, clock, random } = deps;
  const bus = createInProcessBus();
  const plane = createGroupPlane({ ...deps, bus });
  const access = {
    db,
    plane,
    tokens: createGroupTokens({ clock, random }),
    rates: deps.rateLimits ? createTokenRates(clock) : noTokenRates,
  };
  await installLive(app, { ...deps, ...access, bus });
  await app.register(groupRoutes, { ...deps, ...access });
  await app.register(logRoutes, access);
  await app.register(boxRoutes, access);
  await app.register(blobRoutes, { ...access, clock });
}

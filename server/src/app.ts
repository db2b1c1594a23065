import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import fastify, { type FastifyInstance } from "fastify";
import { sql } from "kysely";
import { accountPlane } from "./accounts/account-plane.ts";
import { isSetupOpen } from "./accounts/setup.ts";
import type { Clock } from "./clock.ts";
import type { Databases } from "./database/schema.ts";
import { installGroupPlane } from "./groups/install-group-plane.ts";
import { installBodyRoom } from "./http/body-room.ts";
import { createChallenges } from "./http/challenges.ts";
import { installClientFiles } from "./http/client-files.ts";
import { installClosing } from "./http/closing.ts";
import { hallRoutes } from "./http/hall-routes.ts";
import { logOptions, type LogStream } from "./http/log.ts";
import { installOriginCheck } from "./http/origin-check.ts";
import { installPlaneCheck } from "./http/plane.ts";
import { answerUnreadable } from "./http/unreadable.ts";
import { installProblems, sendProblem, traceOf } from "./http/problem.ts";
import { installRateLimits } from "./http/rate-limit.ts";
import { defaultBodyLimit } from "./http/route.ts";
import { installSecurityHeaders, securityHeaders } from "./http/security-headers.ts";
import { realTimers, type Timers } from "./live/timers.ts";
import { createDeskNews } from "./mailboxes/desk-news.ts";
import { mailboxRoutes } from "./mailboxes/mailbox-routes.ts";
import { createMailboxTokens } from "./mailboxes/mailbox-tokens.ts";
import type { Random } from "./random.ts";
import { startSweeping } from "./sweeper.ts";
import { ticketRoutes } from "./tickets/ticket-routes.ts";
import { spendTicket } from "./tickets/ticket-store.ts";

export interface AppDeps {
  readonly databases: Databases;
  /** The hall's own origin, as browsers write it. It stands in everything that is signed for the server. */
  readonly origin: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: LogStream;
  /** The built client. */
  readonly clientFolder: string;
  /** False for figures and for tests that come from one address: nobody is told to wait. */
  readonly rateLimits: boolean;
  /** Real time where it is not said. */
  readonly timers?: Timers;
}

/** Longest time for a request to arrive whole; the largest takes this long on a line of 1 Mbit/s. */
const requestTimeoutMilliseconds = 120_000;

/**
 * A connection on which nothing moves for so long is ended: a reader that takes nothing of its answer. Websockets are outside: `ws` takes the
 * limit off, and they have pings.
 */
const stillMilliseconds = 120_000;

/** Everything of the server except the process that listens. The only place where its parts are put together. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { databases, origin, clock } = deps;
  const app = emptyApp(deps);
  installProblems(app);
  installSecurityHeaders(app, origin);
  installClosing(app);
  installOriginCheck(app, origin);
  installPlaneCheck(app);
  if (deps.rateLimits) {
    await installRateLimits(app);
    installBodyRoom(app);
  }
  await installFeatures(app, deps);
  await installClientFiles(app, deps.clientFolder);
  app.addHook(
    "onClose",
    startSweeping(databases, clock, (error) => {
      app.log.error({ failure: traceOf(error) }, "what has had its time could not be removed");
    }),
  );
  return app;
}

function emptyApp({ origin, log }: AppDeps): FastifyInstance {
  const app = fastify({
    ...logOptions(log),
    // Our own problem is sent instead.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    requestTimeout: requestTimeoutMilliseconds,
    connectionTimeout: stillMilliseconds,
    // Behind https stands a proxy that tells the true address; without one nobody is believed.
    trustProxy: origin.startsWith("https:") ? ["loopback", "uniquelocal"] : false,
    routerOptions: { maxParamLength: 200 },
    // Also at addresses where there is nothing.
    bodyLimit: defaultBodyLimit,
    // Addresses that cannot be read never reach the hooks.
    frameworkErrors: (_error, request, reply) => {
      reply.headers(securityHeaders(request.url, origin));
      void sendProblem(reply, "malformed-request");
    },
    // What is no HTTP never reaches the app at all.
    clientErrorHandler: (error, socket) => {
      answerUnreadable(error, socket, origin);
    },
  });
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  acceptBytes(app);
  return app;
}

/** Each feature is given what it asks for, and nothing more. */
async function installFeatures(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const { databases, origin, clock, random } = deps;
  const challenges = createChallenges({ clock, random });
  const deskNews = createDeskNews();
  const mailboxTokens = createMailboxTokens({ clock, random });
  await installGroupPlane(app, {
    db: databases.groups,
    origin,
    clock,
    random,
    timers: deps.timers ?? realTimers,
    challenges,
    spendTicket: async (trx, ticket) => await spendTicket(trx, "group", ticket),
    deskNews,
    mailboxTokens,
    rateLimits: deps.rateLimits,
  });
  await app.register(hallRoutes, {
    challenges,
    isSetupOpen: async () => await isSetupOpen(databases.accounts),
    databasesAnswer: async () => {
      await Promise.all([sql`select 1`.execute(databases.accounts), sql`select 1`.execute(databases.groups)]);
    },
  });
  await app.register(accountPlane, { db: databases.accounts, origin, clock, random, challenges });
  await app.register(ticketRoutes, { databases, clock, random });
  await app.register(mailboxRoutes, {
    db: databases.groups,
    origin,
    clock,
    challenges,
    tokens: mailboxTokens,
    deskNews,
    spendTicket: async (trx, ticket) => await spendTicket(trx, "mailbox", ticket),
  });
}

/** CBOR and ciphertext come as they are. */
function acceptBytes(app: FastifyInstance): void {
  app.addContentTypeParser(
    ["application/cbor", "application/octet-stream"],
    { parseAs: "buffer" },
    (_request, body, done) => {
      done(null, body);
    },
  );
}

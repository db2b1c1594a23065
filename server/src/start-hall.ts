import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { setupLinkText } from "@unionhall/crypto/verify";
import { renewSetup } from "./accounts/setup.ts";
import { buildApp } from "./app.ts";
import type { Clock } from "./clock.ts";
import type { Config, Settings } from "./config.ts";
import { type EmbeddedPostgres, startEmbedded } from "./database/embedded.ts";
import { type OpenDatabases, openDatabases } from "./database/open.ts";
import { freePort } from "./database/postmaster.ts";
import { createDoors } from "./doors.ts";
import type { LogStream } from "./http/log.ts";
import type { Random } from "./random.ts";

export interface StartOptions {
  /** Lines for whoever started the hall. */
  readonly print: (line: string) => void;
  /** Where the log goes: standard error where it is not said. */
  readonly log?: LogStream;
  /** False for figures and tests that come from one address. */
  readonly rateLimits?: boolean;
  /** Aborted when the hall is to stop: one that still starts gives up, and a start on the same folder waits for its end. */
  readonly stopAsked?: AbortSignal;
  /** False only for tests: the built-in database may lose acknowledged writes with the power. */
  readonly durable?: boolean;
  /** The built client; `client/dist` where it is not said. */
  readonly clientFolder?: string;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface RunningHall {
  /** Where people open it: scheme, host, port. */
  readonly origin: string;
  readonly port: number;
  /** The link that makes the first account; null once there is one. */
  readonly setupLink: string | null;
  /** Settles when the built-in database ends unasked: the hall is of no use any more. */
  readonly failed: Promise<string>;
  /** Refuses new work, finishes what was begun, closes connections and databases. */
  stop(): Promise<void>;
}

const builtClient = fileURLToPath(new URL("../../client/dist", import.meta.url));

/**
 * Starts a whole hall: databases, server, setup link. The process and its signals are the caller's.
 *
 * @throws {StartError} one line: what is wrong and what to do. What was started by then is stopped, also where `stopAsked` cuts it short
 */
export async function startHall({ config, secrets }: Settings, options: StartOptions): Promise<RunningHall> {
  const cleanUp = new AsyncDisposableStack();
  try {
    const postgres = secrets.databaseUrls === null ? await ownPostgres(config, options) : null;
    if (postgres !== null) cleanUp.defer(async () => await postgres.stop());
    options.stopAsked?.throwIfAborted();
    const databases = await openDatabases(secrets.databaseUrls ?? urlsIn(postgres));
    cleanUp.defer(async () => await databases.close());
    options.stopAsked?.throwIfAborted();
    const running = await serve(config, databases, options, cleanUp);
    const failed = postgres?.failed ?? new Promise<string>(() => undefined);
    return { ...running, failed, stop: async () => await cleanUp.disposeAsync() };
  } catch (error) {
    await cleanUp.disposeAsync();
    throw error;
  }
}

async function ownPostgres({ dataFolder }: Config, options: StartOptions): Promise<EmbeddedPostgres> {
  const { durable = true, stopAsked } = options;
  return await startEmbedded({ dataFolder, durable, stopAsked });
}

function urlsIn(postgres: EmbeddedPostgres | null): { readonly accounts: string; readonly groups: string } {
  if (postgres === null) throw new Error("neither addresses nor a database of our own");
  return { accounts: postgres.urlOf("unionhall_accounts"), groups: postgres.urlOf("unionhall_groups") };
}

async function serve(
  config: Config,
  databases: OpenDatabases,
  options: StartOptions,
  cleanUp: AsyncDisposableStack,
): Promise<Pick<RunningHall, "origin" | "port" | "setupLink">> {
  const port = config.port === 0 ? await freePort() : config.port;
  const origin = config.publicOrigin ?? `http://localhost:${port}`;
  const random: Random = options.random ?? ((length) => randomBytes(length));
  const app = await buildApp({
    databases,
    origin,
    clock: options.clock ?? Date.now,
    random,
    log: options.log ?? process.stderr,
    clientFolder: options.clientFolder ?? builtClient,
    rateLimits: options.rateLimits ?? true,
  });
  const doors = createDoors(app);
  cleanUp.defer(async () => await doors.close());
  await doors.open(port, config.host);
  const secret = await renewSetup(databases.accounts, random);
  const setupLink = secret === null ? null : setupLinkText({ origin, secret });
  options.print(
    setupLink === null
      ? `Unionhall is open at ${origin}`
      : `Unionhall is open. Make its first account here: ${setupLink}`,
  );
  return { origin, port, setupLink };
}

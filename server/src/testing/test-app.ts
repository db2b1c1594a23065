import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { type AppDeps, buildApp } from "../app.ts";
import { renewSetup } from "../accounts/setup.ts";
import { dayOf } from "../clock.ts";
import { toBase64url } from "../contract/base64url.ts";
import type { Admission } from "../contract/accounts.ts";
import { keepRegisterTickets } from "../tickets/register-ticket-store.ts";
import { createTestDatabases, type TestDatabases } from "./test-databases.ts";

export interface TestApp extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly databases: TestDatabases;
  readonly origin: string;
  /** Moves the server's clock. */
  advance(milliseconds: number): void;
  /** The `admission` of one more account: a fresh setup secret for the first, a fresh ticket for others. */
  admission(): Promise<Admission>;
  /** Everything the server logged so far. */
  readonly logged: () => string;
}

const random = (length: number): Uint8Array => randomBytes(length);

/** Where the clock of a test hall starts: noon of 2026-06-01 UTC. */
export const testNow = Date.UTC(2026, 5, 1, 12);
export const testOrigin = "http://localhost:8080";

export interface TestAppOptions extends Partial<AppDeps> {
  /** Adds routes of the test's own. */
  readonly extend?: (app: FastifyInstance) => void;
}

/** The whole server on fresh databases, without a port: ask it with `app.inject`. Its clock starts at {@link testNow} and stands still. */
export async function createTestApp({ extend, ...changes }: TestAppOptions = {}): Promise<TestApp> {
  const databases = await createTestDatabases();
  let now = testNow;
  const lines: string[] = [];
  const app = await buildApp({
    databases,
    origin: testOrigin,
    clock: () => now,
    random,
    log: { write: (line) => void lines.push(line) },
    clientFolder: "/nonexistent",
    rateLimits: false,
    ...changes,
  });
  extend?.(app);
  return {
    app,
    databases,
    origin: testOrigin,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    admission: async () => {
      const secret = await renewSetup(databases.accounts, random);
      if (secret !== null) return { kind: "setup", secret: toBase64url(secret) };
      const ticket = random(32);
      await keepRegisterTickets(databases.accounts, [ticket], dayOf(now));
      return { kind: "ticket", ticket: toBase64url(ticket) };
    },
    logged: () => lines.join(""),
    [Symbol.asyncDispose]: async () => {
      // A client that was closed in the middle of a request may have opened a connection that says nothing: nobody waits a minute for it.
      const cut = setTimeout(() => app.server.closeAllConnections(), graceMilliseconds);
      await app.close();
      clearTimeout(cut);
      await databases[Symbol.asyncDispose]();
    },
  };
}

const graceMilliseconds = 1_000;

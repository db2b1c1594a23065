import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { type AppDeps, buildApp } from "../app.ts";
import { createTestDatabases, type TestDatabases } from "./test-databases.ts";

export interface TestApp extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly databases: TestDatabases;
  readonly origin: string;
  /** Moves the server's clock. */
  advance(milliseconds: number): void;
  /** Everything the server logged so far. */
  readonly logged: () => string;
}

export const testOrigin = "http://localhost:8080";

/** The whole server on fresh databases, without a port: ask it with `app.inject`. Starts at noon of 2026-06-01 UTC. */
export async function createTestApp(changes: Partial<AppDeps> = {}): Promise<TestApp> {
  const databases = await createTestDatabases();
  let now = Date.UTC(2026, 5, 1, 12);
  const lines: string[] = [];
  const app = await buildApp({
    databases,
    origin: testOrigin,
    clock: () => now,
    random: (length) => randomBytes(length),
    log: { write: (line) => void lines.push(line) },
    clientFolder: "/nonexistent",
    rateLimits: false,
    ...changes,
  });
  return {
    app,
    databases,
    origin: testOrigin,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    logged: () => lines.join(""),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await databases[Symbol.asyncDispose]();
    },
  };
}

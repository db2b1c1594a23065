import { Client } from "pg";
import { errorCode } from "../error-code.ts";
import { StartError } from "../start-error.ts";
import { connect } from "./connect.ts";
import { migrate, NewerDatabaseError, type PlaneName } from "./migrate.ts";
import type { AccountPlane, Databases, GroupPlane } from "./schema.ts";

/** Addresses of the two databases; never the same one. */
export interface DatabaseUrls {
  readonly accounts: string;
  readonly groups: string;
}

export interface OpenDatabases extends Databases {
  close(): Promise<void>;
}

/**
 * Opens both databases, makes them where they are missing and may be made, and brings them to this program's form.
 *
 * @throws {StartError} one line: unreachable, cannot be made, newer than the program
 */
export async function openDatabases(urls: DatabaseUrls): Promise<OpenDatabases> {
  for (const url of [urls.groups, urls.accounts]) await ensureDatabase(url);
  const accounts = connect<AccountPlane>(urls.accounts);
  const groups = connect<GroupPlane>(urls.groups);
  const close = async (): Promise<void> => {
    await Promise.all([accounts.destroy(), groups.destroy()]);
  };
  try {
    await migrateOrSay(() => migrate(accounts, "accounts"), "accounts", urls.accounts);
    await migrateOrSay(() => migrate(groups, "groups"), "groups", urls.groups);
  } catch (error) {
    await close();
    throw error;
  }
  return { accounts, groups, close };
}

/** Where a database is, without user and password: fit for a message. */
export function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${decodeURIComponent(pathname.slice(1))} on ${hostname || "the local socket"}${port ? `:${port}` : ""}`;
}

async function migrateOrSay(work: () => Promise<void>, plane: PlaneName, url: string): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof NewerDatabaseError)
      throw new StartError(
        `the ${plane} database ${placeOf(url)} was used by a newer Unionhall (${error.unknown.join(", ")}); start that version, or put back the backup from before it`,
      );
    throw new StartError(
      `the ${plane} database ${placeOf(url)} could not be brought to this version (${reasonOf(error)}); nothing was changed by the step that failed`,
    );
  }
}

const missingDatabase = "3D000";

async function ensureDatabase(url: string): Promise<void> {
  const problem = await tryConnection(url);
  if (problem === null) return;
  if (problem.code !== missingDatabase)
    throw new StartError(
      `the database ${placeOf(url)} cannot be reached (${problem.words}); check DATABASE_URL and ACCOUNTS_DATABASE_URL and that PostgreSQL runs`,
    );
  await makeDatabase(url);
}

interface ConnectionProblem {
  readonly code: string;
  readonly words: string;
}

async function tryConnection(url: string): Promise<ConnectionProblem | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return null;
  } catch (error) {
    return { code: errorCode(error), words: reasonOf(error) };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Made from the cluster's maintenance database, with the same user. */
async function makeDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  const name = decodeURIComponent(maintenance.pathname.slice(1));
  maintenance.pathname = "/postgres";
  const client = new Client({ connectionString: maintenance.href, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    throw new StartError(
      `the database ${placeOf(url)} does not exist and this user may not make it (${reasonOf(error)}); make it with: CREATE DATABASE ${client.escapeIdentifier(name)}`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Why the database refused, in one line and without addresses or values. */
function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message.split("\n")[0] : "";
  return [errorCode(error), words].filter((part) => part !== "").join(": ") || "no reason given";
}

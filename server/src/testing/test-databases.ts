import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { connect } from "../database/connect.ts";
import type { DatabaseUrls } from "../database/open.ts";
import type { AccountPlane, Databases, GroupPlane } from "../database/schema.ts";
import { clusterVariable, templates } from "./cluster.ts";

export interface TestDatabases extends Databases, AsyncDisposable {
  readonly urls: DatabaseUrls;
  /** Takes the group plane's database away under the server's feet. */
  dropGroups(): Promise<void>;
}

function urlOf(database: string): string {
  const pattern = process.env[clusterVariable];
  if (pattern === undefined) throw new Error("run with server/src/testing/global-setup.ts as vitest's globalSetup");
  return pattern.replace(/DATABASE$/, database);
}

async function maintain(statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: urlOf("postgres") });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * Two fresh databases with all tables and no rows, for one test file or one test. Dropped when disposed:
 * `await using databases = await createTestDatabases()`.
 */
export async function createTestDatabases(): Promise<TestDatabases> {
  const suffix = randomBytes(6).toString("hex");
  const names = { accounts: `accounts_${suffix}`, groups: `groups_${suffix}` };
  await maintain([
    `create database ${names.accounts} template ${templates.accounts}`,
    `create database ${names.groups} template ${templates.groups}`,
  ]);
  const urls = { accounts: urlOf(names.accounts), groups: urlOf(names.groups) };
  const accounts = connect<AccountPlane>(urls.accounts, { connections: 5 });
  const groups = connect<GroupPlane>(urls.groups, { connections: 5 });
  return {
    urls,
    accounts,
    groups,
    dropGroups: async () => {
      await maintain([`drop database ${names.groups} with (force)`]);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([accounts.destroy(), groups.destroy()]);
      await maintain(Object.values(names).map((name) => `drop database if exists ${name} with (force)`));
    },
  };
}

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbedded } from "../database/embedded.ts";
import { openDatabases } from "../database/open.ts";
import { isAlive } from "../database/process-table.ts";
import { stopLeftover } from "../database/postmaster.ts";

/** The variable that tells test files where the shared cluster is: its address with `DATABASE` for the database's name. */
export const clusterVariable = "UNIONHALL_TEST_CLUSTER";
export const templates = { accounts: "template_accounts", groups: "template_groups" } as const;

const prefix = "unionhall-test-";

/** One cluster for a whole run, with a template of each plane that test files copy. */
export async function startTestCluster(): Promise<EmbeddedPostgres> {
  await clearLeftovers();
  const folder = join(tmpdir(), `${prefix}${process.pid}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, "owner"), String(process.pid));
  const postgres = await startEmbedded({ dataFolder: folder, durable: false });
  const made = await openDatabases({
    accounts: postgres.urlOf(templates.accounts),
    groups: postgres.urlOf(templates.groups),
  });
  await made.close();
  return {
    ...postgres,
    stop: async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Stops and removes the clusters of runs that were killed. */
async function clearLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    if (isAlive(ownerOf(folder))) continue;
    await stopLeftover(join(folder, "postgres"), Date.now() + 5_000);
    rmSync(folder, { recursive: true, force: true });
  }
}

function ownerOf(folder: string): number {
  try {
    return Number(readFileSync(join(folder, "owner"), "utf8"));
  } catch {
    return process.pid;
  }
}

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Kysely, sql } from "kysely";
import { type Migration, type MigrationProvider, Migrator } from "kysely/migration";

export type PlaneName = "accounts" | "groups";

const folders = fileURLToPath(new URL("../../../migrations", import.meta.url));

/** The database knows migrations that this program does not: it was used by a newer one. */
export class NewerDatabaseError extends Error {
  readonly unknown: readonly string[];
  constructor(unknown: readonly string[]) {
    super(`the database was changed by a newer program (${unknown.join(", ")})`);
    this.unknown = unknown;
  }
}

/** The numbered files of a plane's folder: `0001-what-it-makes.ts`, each exporting `up`. There is no way back, so there is no `down`. */
function filesOf(plane: PlaneName): MigrationProvider {
  return {
    async getMigrations(): Promise<Record<string, Migration>> {
      const names = (await readdir(join(folders, plane)))
        .filter((name) => /^\d{4}-[a-z0-9-]+\.ts$/.test(name))
        .toSorted();
      const loaded = names.map(async (name) => {
        const module: unknown = await import(/* @vite-ignore */ pathToFileURL(join(folders, plane, name)).href);
        if (!isMigration(module)) throw new Error(`${name} exports no function up`);
        return [name.slice(0, -".ts".length), module] as const;
      });
      return Object.fromEntries(await Promise.all(loaded));
    },
  };
}

function isMigration(module: unknown): module is Migration {
  return typeof module === "object" && module !== null && "up" in module && typeof module.up === "function";
}

/**
 * Brings the database to this program's form. Two programs that start at once wait for each other.
 *
 * @throws {NewerDatabaseError} before anything is changed
 */
export async function migrate<Schema>(db: Kysely<Schema>, plane: PlaneName): Promise<void> {
  const provider = filesOf(plane);
  const known = Object.keys(await provider.getMigrations());
  if (known.length === 0) throw new Error(`no migrations found for ${plane}`);
  const unknown = (await appliedNames(db)).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new NewerDatabaseError(unknown);
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
  // The migrator notes exact moments; no table here keeps a time finer than a day.
  await sql`update kysely_migration set timestamp = left(timestamp, 10) where length(timestamp) > 10`.execute(db);
}

async function appliedNames<Schema>(db: Kysely<Schema>): Promise<readonly string[]> {
  const { rows: tables } = await sql<{
    found: boolean;
  }>`select to_regclass('kysely_migration') is not null as found`.execute(db);
  if (tables[0]?.found !== true) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return rows.map(({ name }) => name);
}

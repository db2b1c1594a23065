import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { errorCode } from "../error-code.ts";
import { StartError } from "../start-error.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { findPostgres, type PostgresBinaries } from "./postgres-binaries.ts";
import { initialise, launch, stopLeftover, stopLeftoverInits, type Postmaster } from "./postmaster.ts";
import { syncFolder } from "./sync-folder.ts";
import { databaseUser, requireOwn, requireReach, type UnixUser } from "./unix-user.ts";

export interface EmbeddedPostgres {
  /** The address of a database of this cluster, with its password. */
  urlOf(database: string): string;
  /** Settles when the database ends without having been asked to, with what it said last. */
  readonly failed: Promise<string>;
  /** Lets running transactions end, writes everything down, stops. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Kept as `postgres/`, `postgres-password` and `hall.pid` in it. Made when missing. */
  readonly dataFolder: string;
  /** False only for databases of tests: acknowledged writes may be lost with the power. */
  readonly durable?: boolean;
  /** Aborted when the hall is to stop, also while it starts. From then on a start on the same folder waits for the end of this one. */
  readonly stopAsked?: AbortSignal | undefined;
}

const major = "18";
const retryMilliseconds = 10_000;

/**
 * Starts a real PostgreSQL whose files lie in the data folder, on a random port of the loopback address only, behind a random password.
 * A server that a killed hall left running on this folder is stopped first.
 *
 * @throws {StartError} one line that says what is wrong and what to do; anything else only where `stopAsked` cuts it short
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataFolder, durable = true, stopAsked } = options;
  const data = resolve(dataFolder);
  const binaries = await findPostgres();
  const user = databaseUser();
  await requireWritable(data);
  requireReach(user, data, binaries.postgres);
  const folder = join(data, "postgres");
  requireOwn(user, folder);
  const lock = await lockFolder(data);
  stopAsked?.addEventListener("abort", () => lock.announceEnd(), { once: true });
  try {
    await sweepUnfinished(data);
    const password = await preparedCluster(binaries, user, data, folder, stopAsked);
    stopAsked?.throwIfAborted();
    const postmaster = await launchWithin(binaries, user, folder, durable);
    return embedded(postmaster, password, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function embedded(postmaster: Postmaster, password: string, lock: FolderLock): EmbeddedPostgres {
  return {
    urlOf: (database) =>
      `postgres://unionhall:${password}@127.0.0.1:${postmaster.port}/${encodeURIComponent(database)}`,
    failed: postmaster.failed,
    stop: async () => {
      await postmaster.stop();
      lock.release();
    },
  };
}

async function requireWritable(data: string): Promise<void> {
  const probe = join(data, `.probe-${process.pid}`);
  try {
    // The database's user must be able to walk through, nobody need list it.
    await makeFolder(data, process.getuid?.() === 0 ? 0o711 : 0o700);
    await writeFile(probe, "");
    await rm(probe);
  } catch (error) {
    const reason = errorCode(error) || "unknown reason";
    throw new StartError(
      `the data folder ${data} cannot be written (${reason}); give this user the right to write there, or set DATA_DIR to another folder`,
    );
  }
}

/** With the folders above it. Node's own recursive `mkdir` never returns where a folder like /proc says that there is no such place. */
async function makeFolder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (errorCode(error) === "EEXIST" && (await stat(path)).isDirectory()) return;
    if (errorCode(error) !== "ENOENT" || dirname(path) === path || existsSync(dirname(path))) throw error;
    await makeFolder(dirname(path), 0o755);
    await mkdir(path, { mode });
  }
}

/** Makes the cluster where there is none, and returns its password. */
async function preparedCluster(
  binaries: PostgresBinaries,
  user: UnixUser,
  data: string,
  folder: string,
  stopAsked: AbortSignal | undefined,
): Promise<string> {
  const passwordFile = join(data, "postgres-password");
  if (!existsSync(join(folder, "PG_VERSION"))) {
    // A whole cluster gets this name at once: one without its version was damaged later, and may still be mended.
    if (existsSync(folder))
      throw new StartError(
        `${folder} holds no whole database (the file PG_VERSION is missing); put it back from your backup, or move the folder aside to begin with an empty database`,
      );
    const password = randomBytes(32).toString("base64url");
    await makeCluster(binaries, user, data, folder, password, stopAsked);
    return password;
  }
  const version = (await readFile(join(folder, "PG_VERSION"), "utf8")).trim();
  if (version !== major)
    throw new StartError(
      `the database in ${folder} was made by PostgreSQL ${version} and this program brings ${major}; export it with PostgreSQL ${version} and import it, as docs/operations.md describes`,
    );
  const password = await readFile(passwordFile, "utf8").then(
    (text) => text.trim(),
    () => null,
  );
  if (password) return password;
  throw new StartError(
    `the file ${passwordFile} belongs to the database beside it and ${password === null ? "cannot be read" : "is empty"}; put it back from your backup, or, where that database was never used, move ${folder} aside to begin with an empty one`,
  );
}

const unfinishedPrefix = "postgres.unfinished";

/**
 * What starts that were cut short left behind. An `initdb` among it may still run and write: it is ended first. What cannot be removed
 * today is left for the next start, because no two attempts share a name.
 */
async function sweepUnfinished(data: string): Promise<void> {
  const names = (await readdir(data)).filter((name) => name.startsWith(unfinishedPrefix));
  if (names.length === 0) return;
  await stopLeftoverInits(join(data, unfinishedPrefix));
  for (const name of names) await removeIfPossible(join(data, name));
}

async function removeIfPossible(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
}

/** Made under a name of its own and renamed, so that a start cut short leaves nothing half done. */
async function makeCluster(
  binaries: PostgresBinaries,
  user: UnixUser,
  data: string,
  folder: string,
  password: string,
  stopAsked: AbortSignal | undefined,
): Promise<void> {
  const unfinished = await mkdtemp(join(data, `${unfinishedPrefix}-`));
  const forInit = `${unfinished}.password`;
  await writeFile(forInit, password, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    await chown(unfinished, user.uid, user.gid);
    await chown(forInit, user.uid, user.gid);
  }
  try {
    await initialise(binaries, user, unfinished, forInit, stopAsked);
    await writeDurably(join(data, "postgres-password"), `${password}\n`);
    await rename(unfinished, folder);
    await syncFolder(data);
  } finally {
    await rm(forInit, { force: true });
    await removeIfPossible(unfinished);
  }
}

/** On the disk when this returns: a cluster that outlived a loss of power without its password could not be opened. */
async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
}

/** Another program may take the free port, and what a stopping leftover held may take a moment to be let go: tried again for ten seconds. */
async function launchWithin(
  binaries: PostgresBinaries,
  user: UnixUser,
  folder: string,
  durable: boolean,
): Promise<Postmaster> {
  const end = Date.now() + retryMilliseconds;
  for (;;) {
    await stopLeftover(folder, end);
    const started = await launch(binaries, user, folder, durable);
    if (started.kind === "running") return started.postmaster;
    if (Date.now() >= end)
      throw new StartError(
        `the built-in PostgreSQL in ${folder} does not start; its last words: ${started.lastWords || "none"}. Your data was not touched`,
      );
    await new Promise((done) => setTimeout(done, 250));
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { errorCode } from "../error-code.ts";
import { StartError } from "../start-error.ts";
import { discreetSettings, walSegmentMegabytes } from "./discreet-settings.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { commandLineOf, isAlive, processesWith } from "./process-table.ts";
import type { UnixUser } from "./unix-user.ts";

export interface Postmaster {
  readonly port: number;
  /** Settles when it ends unasked, with the last lines it said. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

export type Launched =
  | { readonly kind: "running"; readonly postmaster: Postmaster }
  | { readonly kind: "ended"; readonly lastWords: string };

/** Of the built-in database alone: for this machine, over one door, in words that can be searched for. */
const ownSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "64",
  password_encryption: "scram-sha-256",
  lc_messages: "C",
  timezone: "UTC",
  log_timezone: "UTC",
} as const;

const notDurable = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } as const;

/** Nothing of our own environment: it may hold secrets, and variables that PostgreSQL would heed. */
const environment = { LC_ALL: "C", TZ: "UTC", PATH: process.env["PATH"] ?? "" };

const keptCharacters = 2_000;

/** Asked to end: nothing has failed, and never will. */
const never = new Promise<string>(() => undefined);

/** The end of what a process says on its error output, or why it cannot be run at all. */
function lastWordsOf(child: ChildProcess): () => string {
  let said = "";
  child.once("error", (error) => {
    said = `${child.spawnfile} cannot be run (${errorCode(error) || error.message})`;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-keptCharacters);
  });
  return () => said.trim().replaceAll(/\s*\n\s*/g, " / ");
}

/** How `initdb` is told its folder; by this a leftover is known. */
const initMark = "--pgdata=";

/** Makes a cluster in the empty `folder`; its user is `unionhall`, with the password that stands in `passwordFile`. */
export async function initialise(
  { initdb }: PostgresBinaries,
  user: UnixUser,
  folder: string,
  passwordFile: string,
  stopAsked?: AbortSignal,
): Promise<void> {
  // A group of its own: Ctrl-C does not tear it, and a leftover is ended together with the programs it runs.
  const child = spawn(
    initdb,
    [
      `${initMark}${folder}`,
      "--username=unionhall",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      `--wal-segsize=${walSegmentMegabytes}`,
    ],
    { cwd: "/", env: environment, stdio: ["ignore", "ignore", "pipe"], detached: true, signal: stopAsked, ...user },
  );
  const lastWords = lastWordsOf(child);
  const code = await new Promise<number | null>((done) => {
    child.once("error", () => done(null));
    child.once("close", done);
  });
  if (code !== 0)
    throw new StartError(
      `the built-in PostgreSQL could not make its files in ${folder}: ${lastWords() || "it said nothing"}; set DATA_DIR to another folder, or DATABASE_URL to a PostgreSQL of your own`,
    );
}

export async function freePort(): Promise<number> {
  return await new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") failed(new Error("no port"));
        else done(address.port);
      });
    });
  });
}

/** Starts the server and waits until it takes connections or ends. */
export async function launch(
  { postgres }: PostgresBinaries,
  user: UnixUser,
  folder: string,
  durable: boolean,
): Promise<Launched> {
  const port = await freePort();
  const chosen = Object.entries({ ...discreetSettings, ...ownSettings, ...(durable ? {} : notDurable) });
  const flags = chosen.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // A group of its own: Ctrl-C in a terminal reaches the hall, which stops the database when its own work is done.
  const child = spawn(postgres, ["-D", folder, "-p", String(port), ...flags], {
    cwd: "/",
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
    ...user,
  });
  const lastWords = lastWordsOf(child);
  const closed = new Promise<void>((done) => {
    child.once("close", () => done());
    child.once("error", () => done());
  });
  const ready = new Promise<"ready">((done) => {
    child.stderr.on("data", () => {
      if (lastWords().includes("ready to accept connections")) done("ready");
    });
  });
  if ((await Promise.race([ready, closed])) !== "ready") return { kind: "ended", lastWords: lastWords() };
  return { kind: "running", postmaster: running(child, port, closed, lastWords) };
}

function running(child: ChildProcess, port: number, closed: Promise<void>, lastWords: () => string): Postmaster {
  let asked = false;
  const interrupt = (): void => {
    child.kill("SIGINT");
  };
  process.once("exit", interrupt);
  return {
    port,
    failed: closed.then(async () => await (asked ? never : Promise.resolve(lastWords()))),
    stop: async () => {
      asked = true;
      process.removeListener("exit", interrupt);
      interrupt();
      await closed;
    },
  };
}

/**
 * Stops a server that still runs on `folder` after its hall was killed. `postmaster.pid` may name a process that is something else by now:
 * only one whose command line names this folder is touched.
 */
export async function stopLeftover(folder: string, end: number): Promise<void> {
  const pid = await readFile(join(folder, "postmaster.pid"), "utf8").then(
    (text) => Number.parseInt(text, 10),
    () => Number.NaN,
  );
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return;
  if (commandLineOf(pid)?.includes(folder) !== true) return;
  process.kill(pid, "SIGINT");
  while (isAlive(pid) && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
}

const patienceMilliseconds = 2_000;

/** Ends every `initdb` that still writes into a folder whose path begins like this, after its hall was killed. */
export async function stopLeftoverInits(folderPrefix: string): Promise<void> {
  const isOurs = (pid: number): boolean => commandLineOf(pid)?.includes(initMark + folderPrefix) === true;
  for (const pid of processesWith(initMark + folderPrefix)) {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const end = Date.now() + patienceMilliseconds;
      if (isOurs(pid)) signalGroup(pid, signal);
      while (isOurs(pid) && Date.now() < end) await new Promise((done) => setTimeout(done, 20));
    }
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // Ended by itself meanwhile.
  }
}

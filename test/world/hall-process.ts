import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "../../server/src/database/connect.ts";
import type { AccountPlane, Databases, GroupPlane } from "../../server/src/database/schema.ts";
import { fingerprintOf, freePort, type Hall } from "../world.ts";

const main = fileURLToPath(new URL("../../server/src/main.ts", import.meta.url));

/** Whoever looks in shares a machine with a hall and all of its people. */
const patient = { connections: 1, timeoutMilliseconds: 120_000 } as const;

/** The hall as people run it: a process of its own with its own durable PostgreSQL in a folder of its own. */
export class HallProcess implements Hall {
  readonly origin: string;
  readonly folder: string;
  setupLink = "";
  /** Everything the process said, on both streams. */
  output = "";
  readonly #port: number;
  #process: ChildProcess | null = null;
  #databases: Databases | null = null;

  private constructor(port: number, folder: string) {
    this.#port = port;
    this.origin = `http://localhost:${port}`;
    this.folder = folder;
  }

  static async start(): Promise<HallProcess> {
    const folder = mkdtempSync(join(tmpdir(), "unionhall-process-"));
    // The database runs as a user of its own.
    chmodSync(folder, 0o711);
    const hall = new HallProcess(await freePort(), folder);
    await hall.start();
    return hall;
  }

  /** Starts the process, also again on the same folder and port; resolves once it takes requests. */
  async start(): Promise<void> {
    const { DATABASE_URL: _1, ACCOUNTS_DATABASE_URL: _2, ...environment } = process.env;
    const child = spawn(process.execPath, [main], {
      env: { ...environment, PORT: String(this.#port), DATA_DIR: this.folder, PUBLIC_URL: this.origin },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    const began = this.output.length;
    const opened = Promise.withResolvers<void>();
    const take = (chunk: Buffer): void => {
      this.output += chunk.toString("utf8");
      if (this.output.slice(began).includes("Unionhall is open")) opened.resolve();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("exit", () => opened.reject(new Error(`the hall ended: ${this.output.slice(began)}`)));
    await opened.promise;
    this.setupLink = /http\S+setup#\S+/.exec(this.output)?.[0] ?? "";
  }

  /** Ends the process at once, as a power cut would; its database is left as it is. */
  async kill(): Promise<void> {
    await this.#closeDatabases();
    await this.#end("SIGKILL");
  }

  /** Asks the process to stop. The status it ended with; null where it did not run. */
  async stop(): Promise<number | null> {
    await this.#closeDatabases();
    return this.#end("SIGTERM");
  }

  /** The hall's own databases, for looking. */
  databases(): Databases {
    const read = (name: string): string => readFileSync(join(this.folder, name), "utf8");
    const port = read("postgres/postmaster.pid").split("\n")[3] ?? "";
    const base = `postgres://unionhall:${read("postgres-password").trim()}@127.0.0.1:${port}`;
    this.#databases ??= {
      accounts: connect<AccountPlane>(`${base}/unionhall_accounts`, patient),
      groups: connect<GroupPlane>(`${base}/unionhall_groups`, patient),
    };
    return this.#databases;
  }

  async fingerprint(): Promise<string> {
    return fingerprintOf(this.databases());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #closeDatabases(): Promise<void> {
    const databases = this.#databases;
    this.#databases = null;
    await Promise.all([databases?.accounts.destroy(), databases?.groups.destroy()]);
  }

  async #end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return null;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    return child.exitCode;
  }
}

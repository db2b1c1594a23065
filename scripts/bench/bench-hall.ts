import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the hall's process has used, without its database's. */
export interface Usage {
  readonly cpuMicroseconds: number;
  readonly rssBytes: number;
  /** Heap and what it holds outside. */
  readonly heapBytes: number;
}

/** A real hall on a durable database in a folder that goes away, in a process of its own. */
export class BenchHall implements AsyncDisposable {
  readonly origin: string;
  readonly setupLink: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, origin: string, setupLink: string) {
    this.#process = child;
    this.#folder = folder;
    this.origin = origin;
    this.setupLink = setupLink;
  }

  static async start(): Promise<BenchHall> {
    const folder = await mkdtemp(join(tmpdir(), "unionhall-bench-"));
    // The built-in database may run as another user and has to reach its folder.
    await chmod(folder, 0o755);
    const script = fileURLToPath(new URL("hall-process.ts", import.meta.url));
    const child = fork(script, { execArgv: ["--expose-gc"], env: { ...process.env, DATA_DIR: join(folder, "data") } });
    const { origin, setupLink } = await answer<{ readonly origin: string; readonly setupLink: string }>(child);
    return new BenchHall(child, folder, origin, setupLink);
  }

  /** With `collect` after a collection, so that memory is what is needed. */
  async usage(how: "as-it-is" | "collect" = "as-it-is"): Promise<Usage> {
    this.#process.send(how === "collect" ? "collect" : "usage");
    return await answer<Usage>(this.#process);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.send("stop");
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The next message of a process that this program started. @throws when it ends instead */
export async function answer<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  try {
    const gone = once(child, "exit", { signal: ended.signal }).then(() => {
      throw new Error("a process of the benchmark ended early");
    });
    const said = once(child, "message", { signal: ended.signal });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own script at the other end says this
    const [message] = (await Promise.race([said, gone])) as [T];
    return message;
  } finally {
    ended.abort();
  }
}

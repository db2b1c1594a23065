import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../client/src/cli/main.ts", import.meta.url));

/** Somebody who uses the command line: a home in a folder of its own, each command a process of its own. */
export class CommandLineHome implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "unionhall-home-"));
  /** What all commands wrote on standard error. */
  said = "";
  readonly #environment: NodeJS.ProcessEnv;

  /** @param passphrase null: no lock */
  constructor(passphrase: string | null) {
    const { UNIONHALL_PASSPHRASE: _, ...environment } = process.env;
    this.#environment = passphrase === null ? environment : { ...environment, UNIONHALL_PASSPHRASE: passphrase };
  }

  /** Runs a command; the one JSON document that it prints. @throws when it ends with another status than 0 */
  async run(...words: readonly string[]): Promise<unknown> {
    const child = spawn(process.execPath, [main, "--home", this.folder, "--json", ...words], {
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (this.said += chunk.toString("utf8")));
    const status = await new Promise<number | null>((resolve) => {
      child.once("close", resolve);
    });
    if (status !== 0) throw new Error(`${words[0]} ended with ${status}: ${printed}`);
    return JSON.parse(printed);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

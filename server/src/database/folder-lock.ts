import { appendFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../error-code.ts";
import { StartError } from "../start-error.ts";
import { birthOf, isAlive } from "./process-table.ts";

export interface FolderLock {
  /** Tells whoever starts next that it is worth waiting. */
  announceEnd(): void;
  release(): void;
}

/** A hall that was killed through npm takes a moment to notice, and says then that it ends. */
const patienceMilliseconds = 2_000;
/** Longer than a hall takes to stop. */
const endingPatienceMilliseconds = 35_000;
const ending = "ending";

const held = new Set<string>();

/**
 * Keeps two halls from using one data folder, by a file with the holder's process id, its birth, and whether it is ending. Waits for a hall
 * that is just stopping. What a killed hall left behind does not count.
 *
 * @throws {StartError} where another hall runs on this folder
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, "hall.pid");
  const began = Date.now();
  for (;;) {
    const holder = tryLock(path);
    if (holder === null) break;
    const waited = Date.now() - began;
    if (waited >= (holder === ending ? endingPatienceMilliseconds : patienceMilliseconds))
      throw new StartError(`another hall is running on ${folder}; stop it, or set DATA_DIR to another folder`);
    await new Promise((done) => setTimeout(done, 100));
  }
  return {
    announceEnd: () => {
      // Added, not written anew: whoever reads meanwhile never takes it for empty.
      if (!held.has(path)) return;
      try {
        appendFileSync(path, `${ending}\n`);
      } catch {
        // Only whoever waits for the folder misses it.
      }
    },
    release: () => {
      held.delete(path);
      rmSync(path, { force: true });
    },
  };
}

type State = "running" | typeof ending;

/** Null where the folder is ours now, else what its holder does. */
function tryLock(path: string): State | null {
  const own = `${path}.${process.pid}`;
  try {
    // Complete before it has its name: nobody ever reads half of it, and only one gets the name.
    writeFileSync(own, `${process.pid}\n${birthOf(process.pid)}\n`, { mode: 0o600 });
    for (;;) {
      if (gets(own, path)) {
        held.add(path);
        return null;
      }
      const text = textIn(path);
      const holder = holderIn(path, text);
      if (holder !== null) return holder;
      if (text !== null) setAside(path, text, `${own}.old`);
    }
  } catch (error) {
    throw new StartError(
      `the file ${path} cannot be written (${errorCode(error) || "unknown reason"}); remove it if no hall runs on this folder, or set DATA_DIR to another folder`,
    );
  } finally {
    rmSync(own, { force: true });
  }
}

function gets(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

function textIn(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/** Takes away what a dead hall left. Where another hall did the same just before, its fresh file is put back. */
function setAside(path: string, judged: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  if (textIn(aside) !== judged) gets(aside, path);
  rmSync(aside, { force: true });
}

function holderIn(path: string, text: string | null): State | null {
  const [pid = "", birth = "", state] = (text ?? "").split("\n");
  const holder = Number(pid);
  const lives =
    holder === process.pid
      ? held.has(path)
      : Number.isInteger(holder) && holder > 0 && isAlive(holder) && birthOf(holder) === birth;
  if (!lives) return null;
  return state === ending ? ending : "running";
}

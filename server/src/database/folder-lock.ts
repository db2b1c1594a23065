import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "../start-error.ts";
import { birthOf, isAlive } from "./process-table.ts";

const held = new Set<string>();

/**
 * Keeps two halls from using one data folder. What a killed hall left behind does not count. Returns the way to let go.
 *
 * @throws {StartError} where another hall runs on this folder
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, "hall.pid");
  if (held.has(path) || isHeld(path))
    throw new StartError(`another hall is running on ${folder}; stop it, or set DATA_DIR to another folder`);
  rmSync(path, { force: true });
  writeFileSync(path, `${process.pid}\n${birthOf(process.pid)}\n`, { flag: "wx", mode: 0o600 });
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

function isHeld(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return false;
  }
  const [pid = "", birth = ""] = text.split("\n");
  const holder = Number(pid);
  return (
    Number.isInteger(holder) && holder > 0 && holder !== process.pid && isAlive(holder) && birthOf(holder) === birth
  );
}

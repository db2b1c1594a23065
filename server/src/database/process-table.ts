import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { errorCode } from "../error-code.ts";

/** Whether a process with this id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** The command line of a process, or null where it cannot be known. */
export function commandLineOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    const { status, stdout } = spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
    return status === 0 ? stdout : null;
  }
}

/** Fields of `/proc/…/stat` after the name in parentheses, which may hold spaces: state, parent, …; the 20th is the start time. */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function askPs(field: "ppid" | "lstart", pid: number): string {
  const { stdout } = spawnSync("ps", ["-o", `${field}=`, "-p", String(pid)], { encoding: "utf8" });
  return (stdout ?? "").trim();
}

/** Who started a process, or has taken it over; 0 where it cannot be known. */
export function parentOf(pid: number): number {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return Number(askPs("ppid", pid));
  }
}

/** Something that differs when the system gives the same id to another process later. */
export function birthOf(pid: number): string {
  try {
    return statOf(pid)[19] ?? "";
  } catch {
    return askPs("lstart", pid);
  }
}

/** The processes whose command line holds `text`. */
export function processesWith(text: string): readonly number[] {
  let ids: readonly string[];
  try {
    ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    const { stdout } = spawnSync("ps", ["-axo", "pid="], { encoding: "utf8" });
    ids = (stdout ?? "").split(/\s+/).filter((id) => id !== "");
  }
  return ids.map(Number).filter((id) => id !== process.pid && commandLineOf(id)?.includes(text) === true);
}

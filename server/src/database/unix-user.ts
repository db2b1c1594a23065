import { execFileSync, spawnSync } from "node:child_process";
import { StartError } from "../start-error.ts";

/** As whom the database runs. Empty: as ourselves. */
export interface UnixUser {
  readonly uid?: number;
  readonly gid?: number;
}

function idOf(flag: "-u" | "-g"): number | null {
  const { status, stdout } = spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
  const id = Number.parseInt(stdout, 10);
  return status === 0 && Number.isInteger(id) ? id : null;
}

function administer(command: string, ...parameters: readonly string[]): void {
  execFileSync(command, parameters, { stdio: "ignore" });
}

/**
 * PostgreSQL refuses to run as root; there it runs as the user `postgres`, who is made when missing.
 *
 * @throws {StartError} where that user is missing and cannot be made
 */
export function databaseUser(): UnixUser {
  if (process.getuid?.() !== 0) return {};
  if (idOf("-u") === null) {
    try {
      administer("groupadd", "--system", "--force", "postgres");
      administer("useradd", "--system", "--no-create-home", "-g", "postgres", "postgres");
    } catch {
      throw new StartError(
        "PostgreSQL refuses to run as root and the user postgres could not be made; run the hall as another user, or set DATABASE_URL",
      );
    }
  }
  const uid = idOf("-u");
  const gid = idOf("-g");
  if (uid === null || gid === null)
    throw new StartError("PostgreSQL refuses to run as root; run the hall as another user, or set DATABASE_URL");
  return { uid, gid };
}

/**
 * Whether `user` can walk down to `folder` and run `program`. Asked of the system itself, because modes, owners and mounts all have a say.
 *
 * @throws {StartError} with the ways out
 */
export function requireReach(user: UnixUser, folder: string, program: string): void {
  if (user.uid === undefined) return;
  const can = (test: string, path: string): boolean =>
    spawnSync("/bin/sh", ["-c", `${test} "$1"`, "sh", path], { cwd: "/", stdio: "ignore", ...user }).status === 0;
  if (!can("cd", folder))
    throw new StartError(
      `the database's user postgres cannot reach ${folder} (a folder above it is closed to others); set DATA_DIR to a folder it can reach, such as /var/lib/unionhall, or run the hall as another user than root, or set DATABASE_URL`,
    );
  if (!can("test -x", program))
    throw new StartError(
      `the database's user postgres cannot reach the program in ${program}; move this checkout where others may read it, such as /opt, or run the hall as another user than root, or set DATABASE_URL`,
    );
}

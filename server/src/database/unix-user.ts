import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { errorCode } from "../error-code.ts";
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

function can(user: UnixUser, test: string, path: string): boolean {
  return spawnSync("/bin/sh", ["-c", `${test} "$1"`, "sh", path], { cwd: "/", stdio: "ignore", ...user }).status === 0;
}

/**
 * Whether `user` can walk down to `folder` and run `program`. Asked of the system itself, because modes, owners and mounts all have a say.
 *
 * @throws {StartError} with the ways out
 */
export function requireReach(user: UnixUser, folder: string, program: string): void {
  if (user.uid === undefined) return;
  if (!can(user, "cd", folder))
    throw new StartError(
      `the database's user postgres cannot reach ${folder} (a folder above it is closed to others); set DATA_DIR to a folder it can reach, such as /var/lib/unionhall, or run the hall as another user than root, or set DATABASE_URL`,
    );
  if (!can(user, "test -x", program))
    throw new StartError(
      `the database's user postgres cannot reach the program in ${program}; move this checkout where others may read it, such as /opt, or run the hall as another user than root, or set DATABASE_URL`,
    );
}

/**
 * Whether the database's files in `cluster`, where there are any, belong to `user` and can be entered: PostgreSQL takes no others. They do not
 * once a hall was first started as root and then as somebody else, or the other way round.
 *
 * @throws {StartError} with the ways out
 */
export function requireOwn(user: UnixUser, cluster: string): void {
  const uid = user.uid ?? process.getuid?.();
  if (uid === undefined) return;
  const owner = ownerOf(cluster);
  if (owner === null) return;
  const name = user.uid === undefined ? `this user (${uid})` : `the database's user postgres (${uid})`;
  if (owner !== uid)
    throw new StartError(
      `the database's files in ${cluster} belong to the user ${owner} and not to ${name}; start the hall as the user who started it first, or give them over as root with: chown -R ${uid} ${cluster}; or set DATA_DIR to another folder`,
    );
  if (!can(user, "cd", cluster))
    throw new StartError(
      `${name} cannot enter its own folder ${cluster}; open it with: chmod 700 ${cluster}; or set DATA_DIR to another folder`,
    );
}

/** Null where there is nothing. */
function ownerOf(path: string): number | null {
  try {
    return statSync(path).uid;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw new StartError(
      `${path} cannot be looked at (${errorCode(error) || "unknown reason"}); set DATA_DIR to another folder`,
    );
  }
}

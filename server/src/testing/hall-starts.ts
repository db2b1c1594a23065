import { type ChildProcessByStdio, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { expect, onTestFinished } from "vitest";
import { stopLeftover, stopLeftoverInits } from "../database/postmaster.ts";
import { clusterVariable } from "./cluster.ts";

export const main = fileURLToPath(new URL("../main.ts", import.meta.url));
/** An empty data folder that the database's user can reach. When the test is over, what a hall left running there is stopped, and it is removed. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unionhall-start-"));
  chmodSync(folder, 0o755);
  onTestFinished(async () => {
    await stopLeftoverInits(folder);
    await stopLeftover(join(folder, "postgres"), Date.now() + 5_000);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export interface Process {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly output: () => string;
  readonly errors: () => string;
  /** The first line on standard output, or null when it ends without one. */
  readonly opened: Promise<string | null>;
  readonly status: Promise<number | null>;
}

/** A hall as an operator starts it: a process of its own with its environment. */
export function start(environment: Record<string, string>): Process {
  const env = { PATH: process.env["PATH"], PORT: "0", ...environment };
  return observed(spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"] }));
}

/** A child that is a hall or becomes one. */
export function observed(child: Process["child"]): Process {
  let [output, errors] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const status = new Promise<number | null>((done) => child.once("close", done));
  const firstLine = new Promise<string>((done) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("\n")) done(output.split("\n")[0] ?? "");
    });
  });
  const opened = Promise.race([firstLine, status.then(() => null)]);
  const hall = { child, output: () => output, errors: () => errors, opened, status };
  onTestFinished(() => void child.kill("SIGKILL"));
  return hall;
}

export function originOf(line: string | null): string {
  const found = /http:\/\/localhost:\d+/.exec(line ?? "")?.[0];
  if (found === undefined) throw new Error(`no address in ${line}`);
  return found;
}

export async function stop({ child, status }: Process): Promise<number | null> {
  child.kill("SIGTERM");
  return await status;
}

export function postmasterOf(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, "postgres", "postmaster.pid"), "utf8"), 10);
}

/** Starts a hall that must fail, and gives its one line. */
export async function failure(environment: Record<string, string>): Promise<string> {
  const hall = start(environment);
  expect(await hall.status).toBe(1);
  expect(hall.output()).toBe("");
  const lines = hall.errors().trim().split("\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^unionhall: /);
  return lines[0] ?? "";
}

/** A hall behind a real npm, as `npm start` runs it. */
export function startThroughNpm(environment: Record<string, string>): Process {
  const project = newFolder();
  const scripts = { start: `"${process.execPath}" "${main}"` };
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "started", version: "1.0.0", scripts }));
  const env = { PATH: process.env["PATH"], HOME: project, PORT: "0", ...environment };
  return observed(spawn("npm", ["--silent", "start"], { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] }));
}

export function hallOf(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, "hall.pid"), "utf8"), 10);
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

export const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

/** An address of the cluster that tests share, for a database of this name. */
export function sharedUrl(database: string): string {
  return (process.env[clusterVariable] ?? "").replace(/DATABASE$/, database);
}

export async function inShared(database: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: sharedUrl(database) });
  await client.connect();
  await client.query(statement);
  await client.end();
}

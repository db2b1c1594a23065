import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, expect, test, vi } from "vitest";
import { stopLeftover, stopLeftoverInits } from "./database/postmaster.ts";
import { isAlive, processesWith } from "./database/process-table.ts";
import { databaseUser } from "./database/unix-user.ts";
import { clusterVariable } from "./testing/cluster.ts";

// Each start is a process and a database of its own: slow on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const folders: string[] = [];
const halls: Process[] = [];
// What a failed test left running is stopped too.
afterAll(async () => {
  for (const { child } of halls) child.kill("SIGKILL");
  for (const folder of folders) {
    await stopLeftoverInits(folder);
    await stopLeftover(join(folder, "postgres"), Date.now() + 5_000);
    rmSync(folder, { recursive: true, force: true });
  }
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unionhall-start-"));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

interface Process {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly output: () => string;
  readonly errors: () => string;
  /** The first line on standard output, or null when it ends without one. */
  readonly opened: Promise<string | null>;
  readonly status: Promise<number | null>;
}

/** A hall as an operator starts it: a process of its own with its environment. */
function start(environment: Record<string, string>): Process {
  const env = { PATH: process.env["PATH"], PORT: "0", ...environment };
  return observed(spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"] }));
}

function observed(child: Process["child"]): Process {
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
  halls.push(hall);
  return hall;
}

function originOf(line: string | null): string {
  const found = /http:\/\/localhost:\d+/.exec(line ?? "")?.[0];
  if (found === undefined) throw new Error(`no address in ${line}`);
  return found;
}

async function stop({ child, status }: Process): Promise<number | null> {
  child.kill("SIGTERM");
  return await status;
}

function postmasterOf(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, "postgres", "postmaster.pid"), "utf8"), 10);
}

/** Starts a hall that must fail, and gives its one line. */
async function failure(environment: Record<string, string>): Promise<string> {
  const hall = start(environment);
  expect(await hall.status).toBe(1);
  expect(hall.output()).toBe("");
  const lines = hall.errors().trim().split("\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^unionhall: /);
  return lines[0] ?? "";
}

test("a hall starts on an empty folder, prints one setup link, stops cleanly, and each start makes a new link", async () => {
  const folder = newFolder();
  const first = start({ DATA_DIR: folder });
  const line = await first.opened;
  expect(line).toMatch(
    /^Unionhall is open\. Make its first account here: http:\/\/localhost:\d+\/setup#[A-Za-z0-9_-]{44}$/,
  );
  const hall = await fetch(`${originOf(line)}/api/hall`);
  expect(await hall.json()).toMatchObject({ setupOpen: true });
  const postmaster = postmasterOf(folder);
  expect(isAlive(postmaster)).toBe(true);
  expect(await stop(first)).toBe(0);
  expect(isAlive(postmaster)).toBe(false);
  expect(first.output().trim().split("\n")).toHaveLength(1);
  expect(first.errors()).toBe("");
  expect(existsSync(join(folder, "hall.pid"))).toBe(false);
  const second = start({ DATA_DIR: folder });
  const again = await second.opened;
  expect(again).toMatch(/setup#/);
  expect(again?.split("#")[1]).not.toBe(line?.split("#")[1]);
  expect(await stop(second)).toBe(0);
});

test("a hall that was killed starts again at once, and nothing of it runs on", async () => {
  const folder = newFolder();
  const first = start({ DATA_DIR: folder });
  await first.opened;
  const postmaster = postmasterOf(folder);
  first.child.kill("SIGKILL");
  await first.status;
  expect(isAlive(postmaster)).toBe(true);
  const second = start({ DATA_DIR: folder });
  const line = await second.opened;
  expect((await fetch(`${originOf(line)}/readyz`)).status).toBe(200);
  expect(postmasterOf(folder)).not.toBe(postmaster);
  expect(isAlive(postmaster)).toBe(false);
  expect(await stop(second)).toBe(0);
});

test("a machine that lost its power in the middle leaves nothing that prevents the next start", async () => {
  const folder = newFolder();
  const first = start({ DATA_DIR: folder });
  await first.opened;
  const postmaster = postmasterOf(folder);
  first.child.kill("SIGKILL");
  process.kill(postmaster, "SIGKILL");
  await first.status;
  const second = start({ DATA_DIR: folder });
  expect(await second.opened).toMatch(/setup#/);
  expect(await stop(second)).toBe(0);
});

/** A hall behind a real npm, as `npm start` runs it. */
function startThroughNpm(environment: Record<string, string>): Process {
  const project = newFolder();
  const scripts = { start: `"${process.execPath}" "${main}"` };
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "started", version: "1.0.0", scripts }));
  const env = { PATH: process.env["PATH"], HOME: project, PORT: "0", ...environment };
  return observed(spawn("npm", ["--silent", "start"], { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] }));
}

function hallOf(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, "hall.pid"), "utf8"), 10);
}

test("a hall whose npm is killed stops cleanly, and a start at once after it waits for that", async () => {
  const folder = newFolder();
  const first = startThroughNpm({ DATA_DIR: folder });
  const origin = originOf(await first.opened);
  const [hall, postmaster] = [hallOf(folder), postmasterOf(folder)];
  first.child.kill("SIGKILL");
  const second = start({ DATA_DIR: folder, PORT: new URL(origin).port });
  expect(await second.opened).toMatch(/setup#/);
  expect(second.errors()).toBe("");
  expect(isAlive(hall)).toBe(false);
  expect(isAlive(postmaster)).toBe(false);
  expect(await stop(second)).toBe(0);
});

test("a hall that npm did not start outlives whoever started it", async () => {
  const folder = newFolder();
  const env = { PATH: process.env["PATH"], PORT: "0", DATA_DIR: folder, npm_lifecycle_event: "start" };
  // As somebody does from a shell that they got through npm.
  const shell = spawn("/bin/sh", ["-c", `"${process.execPath}" "${main}" & wait`], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const hall = observed(shell);
  const origin = originOf(await hall.opened);
  shell.kill("SIGKILL");
  // Several times as long as a hall takes to notice.
  await new Promise((done) => setTimeout(done, 1_500));
  expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  process.kill(hallOf(folder), "SIGTERM");
  expect(await hall.status).toBe(null);
  expect(existsSync(join(folder, "hall.pid"))).toBe(false);
});

test("two halls on one folder: the second says so and leaves the first alone", async () => {
  const folder = newFolder();
  const first = start({ DATA_DIR: folder });
  const line = await first.opened;
  expect(await failure({ DATA_DIR: folder })).toContain(`another hall is running on ${folder}`);
  expect((await fetch(`${originOf(line)}/readyz`)).status).toBe(200);
  expect(await stop(first)).toBe(0);
});

test("a start that was cut short while the database's files were made is made good", async () => {
  const folder = newFolder();
  mkdirSync(join(folder, "postgres.unfinished-abcdef"));
  writeFileSync(join(folder, "postgres.unfinished-abcdef", "PG_VERSION"), "18\n");
  writeFileSync(join(folder, "postgres.unfinished-abcdef.password"), "secret");
  writeFileSync(join(folder, "hall.pid"), `${process.pid}\nsome other birth\n`);
  const hall = start({ DATA_DIR: folder });
  expect(await hall.opened).toMatch(/setup#/);
  expect(readdirSync(folder).toSorted()).toEqual(["hall.pid", "postgres", "postgres-password"]);
  expect(await stop(hall)).toBe(0);
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

/** The processes that make a database's files below this folder. */
function initsIn(folder: string): readonly number[] {
  return processesWith(`--pgdata=${folder}/`);
}

test("a hall killed while its database's files are made starts again at once, and nothing goes on writing", async () => {
  const folder = newFolder();
  const first = start({ DATA_DIR: folder });
  const isWriting = (): boolean =>
    readdirSync(folder).some((name) => existsSync(join(folder, name, "global", "pg_control")));
  while (!isWriting() || initsIn(folder).length === 0) await new Promise((done) => setImmediate(done));
  first.child.kill("SIGKILL");
  await first.status;
  const [init] = initsIn(folder);
  expect(init).toBeDefined();
  // Frozen, it is there for certain when the next hall comes, however long that takes.
  process.kill(init ?? 0, "SIGSTOP");
  const second = start({ DATA_DIR: folder });
  const line = await second.opened;
  expect(second.errors()).toBe("");
  expect(line).toMatch(/setup#/);
  expect(initsIn(folder)).toEqual([]);
  expect(readdirSync(folder).toSorted()).toEqual(["hall.pid", "postgres", "postgres-password"]);
  expect(await stop(second)).toBe(0);
});

test("a database that ends by itself ends the hall, with a word", async () => {
  const folder = newFolder();
  const hall = start({ DATA_DIR: folder });
  await hall.opened;
  process.kill(postmasterOf(folder), "SIGQUIT");
  expect(await hall.status).toBe(1);
  expect(hall.errors()).toContain("the built-in database ended by itself");
});

test("Ctrl-C and SIGTERM while the hall still starts stop it too, and leave no database behind", async () => {
  const folder = newFolder();
  const hall = start({ DATA_DIR: folder });
  while (!readdirSync(folder).some((name) => name.startsWith("postgres")))
    await new Promise((done) => setImmediate(done));
  expect(await stop(hall)).toBe(0);
  expect(existsSync(join(folder, "postgres", "postmaster.pid"))).toBe(false);
});

test("what cannot start says in one line what is wrong and what to do", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const port = String(portOf(taken));
  const line = await failure({ DATA_DIR: newFolder(), PORT: port });
  expect(line).toContain(`port ${port} is taken`);
  expect(line).toContain("set PORT");
  taken.close();
  expect(await failure({ PORT: "eighty" })).toContain('PORT is "eighty"');
  expect(await failure({ PUBLIC_URL: "http://hall.example" })).toContain("browsers give no cryptography");
  expect(await failure({ DATA_DIR: newFolder(), HOST: "192.0.2.1" })).toContain("HOST");
});

test.runIf(hasIpv6)(
  "another program at one of the addresses that localhost stands for is noticed before a link is printed",
  async () => {
    for (const address of ["127.0.0.1", "::1"]) {
      const taken = createServer().listen(0, address);
      await once(taken, "listening");
      const port = portOf(taken);
      const line = await failure({ DATABASE_URL: sharedUrl("doors"), PORT: String(port) });
      expect(line).toContain(`port ${port} is taken by another program (at ${address})`);
      taken.close();
    }
  },
);

test.runIf(hasIpv6)("a hall is there at both loopback addresses, and closes both cleanly", async () => {
  const hall = start({ DATABASE_URL: sharedUrl("doors") });
  const { port } = new URL(originOf(await hall.opened));
  for (const address of ["127.0.0.1", "[::1]"]) {
    const reply = await fetch(`http://${address}:${port}/healthz`);
    expect(reply.status).toBe(200);
    const socket = new WebSocket(`ws://${address}:${port}/api/live`);
    await new Promise((done) => {
      for (const event of ["open", "error"]) socket.addEventListener(event, done);
    });
  }
  // A request that was begun, on a connection that is kept: finished, and no reason to stay.
  const began = Date.now();
  expect(await stop(hall)).toBe(0);
  expect(Date.now() - began).toBeLessThan(8_000);
  expect(hall.errors()).toBe("");
  const named = start({ DATABASE_URL: sharedUrl("doors"), HOST: "127.0.0.1" });
  const again = new URL(originOf(await named.opened));
  await expect(fetch(`http://[::1]:${again.port}/healthz`)).rejects.toThrow("fetch failed");
  expect(await stop(named)).toBe(0);
});

test("a folder that is a file, or that cannot be made, is named", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "file"), "");
  expect(await failure({ DATA_DIR: join(folder, "file") })).toContain(
    `the data folder ${join(folder, "file")} cannot be written`,
  );
  expect(await failure({ DATA_DIR: join(folder, "file", "below") })).toContain("cannot be written");
  expect(await failure({ DATA_DIR: "/proc/unionhall" })).toContain("set DATA_DIR to another folder");
});

test.runIf(process.getuid?.() === 0)(
  "a folder that the database's user cannot reach is named, with the ways out",
  async () => {
    const folder = newFolder();
    chmodSync(folder, 0o700);
    const line = await failure({ DATA_DIR: join(folder, "data") });
    expect(line).toContain("the database's user postgres cannot reach");
    expect(line).toContain("set DATA_DIR");
    expect(line).toContain("DATABASE_URL");
  },
);

test.runIf(process.getuid?.() === 0)(
  "database files of another user, or that their user cannot enter, are named, with the ways out",
  async () => {
    const folder = newFolder();
    const cluster = join(folder, "postgres");
    mkdirSync(cluster);
    writeFileSync(join(cluster, "PG_VERSION"), "18\n");
    const foreign = await failure({ DATA_DIR: folder });
    expect(foreign).toContain(`the database's files in ${cluster} belong to the user 0`);
    expect(foreign).toMatch(/chown -R \d+ .*set DATA_DIR/);
    const { uid, gid } = databaseUser();
    chownSync(cluster, uid ?? 0, gid ?? 0);
    chmodSync(cluster, 0o600);
    const closed = await failure({ DATA_DIR: folder });
    expect(closed).toContain(`cannot enter its own folder ${cluster}`);
    expect(closed).toContain("chmod 700");
    expect(readFileSync(join(cluster, "PG_VERSION"), "utf8")).toBe("18\n");
  },
);

test("databases of other versions and lost passwords are named, and nothing is overwritten", async () => {
  const folder = newFolder();
  const hall = start({ DATA_DIR: folder });
  await hall.opened;
  await stop(hall);
  const version = join(folder, "postgres", "PG_VERSION");
  const { uid, gid } = statSync(version);
  writeFileSync(version, "17\n");
  expect(await failure({ DATA_DIR: folder })).toContain("was made by PostgreSQL 17");
  writeFileSync(version, "18\n");
  chownSync(version, uid, gid);
  rmSync(join(folder, "postgres-password"));
  expect(await failure({ DATA_DIR: folder })).toContain("postgres-password");
  rmSync(version);
  expect(await failure({ DATA_DIR: folder })).toContain("PG_VERSION is missing");
  expect(existsSync(join(folder, "postgres", "base"))).toBe(true);
});

test("the password is for the owner's eyes, and the database's files are closed", async () => {
  const folder = newFolder();
  const hall = start({ DATA_DIR: folder });
  await hall.opened;
  expect(statSync(join(folder, "postgres-password")).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "postgres")).mode & 0o077).toBe(0);
  expect(readdirSync(folder).toSorted()).toEqual(["hall.pid", "postgres", "postgres-password"]);
  await stop(hall);
});

/** An address of the cluster that tests share, for a database of this name. */
function sharedUrl(database: string): string {
  return (process.env[clusterVariable] ?? "").replace(/DATABASE$/, database);
}

async function inShared(database: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: sharedUrl(database) });
  await client.connect();
  await client.query(statement);
  await client.end();
}

test("a database of the operator's own: both databases are made, and a newer one is refused untouched", async () => {
  const name = `own_${process.pid}`;
  const environment = { DATABASE_URL: sharedUrl(name) };
  const hall = start(environment);
  expect(await hall.opened).toMatch(/setup#/);
  expect(await stop(hall)).toBe(0);
  await inShared(`${name}_accounts`, "insert into kysely_migration values ('9999-from-the-future', '2030-01-01')");
  const line = await failure(environment);
  expect(line).toContain("was used by a newer Unionhall (9999-from-the-future)");
  expect(line).not.toContain(new URL(sharedUrl(name)).password);
  for (const database of [name, `${name}_accounts`])
    await inShared("postgres", `drop database ${database} with (force)`);
});

test("a password that an address could not hold comes in PGPASSWORD, as the container's does", async () => {
  const password = "q/7+Zk#3==@:%?x";
  const name = `keeper_${process.pid}`;
  await inShared("postgres", `create role ${name} login createdb password '${password}'`);
  const url = new URL(sharedUrl(name));
  [url.username, url.password] = [name, ""];
  const hall = start({ DATABASE_URL: url.href, PGPASSWORD: password });
  const line = await hall.opened;
  expect(hall.errors()).toBe("");
  expect(line).toMatch(/setup#/);
  expect(await stop(hall)).toBe(0);
  for (const database of [name, `${name}_accounts`])
    await inShared("postgres", `drop database ${database} with (force)`);
  await inShared("postgres", `drop role ${name}`);
});

test("a database that cannot be reached, or not be made, is named without its password", async () => {
  const gone = new URL(sharedUrl("gone"));
  gone.port = "1";
  const unreachable = await failure({ DATABASE_URL: gone.href });
  expect(unreachable).toContain("cannot be reached");
  expect(unreachable).not.toContain(gone.password);
  await inShared("postgres", "create role stranger login password 'secret-word'");
  const stranger = new URL(sharedUrl("forbidden"));
  [stranger.username, stranger.password] = ["stranger", "secret-word"];
  const forbidden = await failure({ DATABASE_URL: stranger.href });
  expect(forbidden).toContain('make it with: CREATE DATABASE "forbidden"');
  expect(forbidden).not.toContain("secret-word");
  stranger.password = "wrong-word";
  expect(await failure({ DATABASE_URL: stranger.href })).toContain("cannot be reached");
  await inShared("postgres", "drop role stranger");
});

/** Stands before a database and, told so, passes nothing on any more, while its connections stay open. */
async function hangingProxy(to: URL): Promise<{ port: number; hang: () => void; close: () => void }> {
  const sockets: Socket[] = [];
  const server = createServer((inner) => {
    const outer = connect(Number(to.port), to.hostname);
    for (const socket of [inner, outer]) socket.on("error", () => undefined);
    inner.pipe(outer).pipe(inner);
    sockets.push(inner, outer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: portOf(server),
    hang: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test("SIGTERM ends a hall whose database no longer answers, before Docker would kill it", async () => {
  const name = `hanging_${process.pid}`;
  const url = new URL(sharedUrl(name));
  const proxy = await hangingProxy(new URL(url));
  url.port = String(proxy.port);
  const hall = start({ DATABASE_URL: url.href });
  const line = await hall.opened;
  expect(hall.errors()).toBe("");
  const origin = originOf(line);
  proxy.hang();
  // Asks both databases, and is not answered.
  const ready = fetch(`${origin}/readyz`).catch(() => null);
  await new Promise((done) => setTimeout(done, 200));
  const began = Date.now();
  expect(await stop(hall)).toBe(1);
  expect(Date.now() - began).toBeLessThan(30_000);
  expect(hall.errors().trim().split("\n").at(-1)).toMatch(/^unionhall: .*its database does not answer/);
  await ready;
  proxy.close();
  for (const database of [name, `${name}_accounts`])
    await inShared("postgres", `drop database ${database} with (force)`);
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { isAlive, processesWith } from "./database/process-table.ts";
import {
  newFolder,
  start,
  observed,
  originOf,
  stop,
  postmasterOf,
  startThroughNpm,
  hallOf,
  portOf,
  sharedUrl,
  inShared,
  main,
} from "./testing/hall-starts.ts";

// Each start is a process and a database of its own: slow on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

/** The processes that make a database's files below this folder. */
function initsIn(folder: string): readonly number[] {
  return processesWith(`--pgdata=${folder}/`);
}

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
  expect(hall.errors()).toBe("");
  expect(existsSync(join(folder, "postgres", "postmaster.pid"))).toBe(false);
  expect(existsSync(join(folder, "hall.pid"))).toBe(false);
  expect(initsIn(folder)).toEqual([]);
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

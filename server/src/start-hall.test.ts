import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { isAlive } from "./database/process-table.ts";
import {
  newFolder,
  start,
  originOf,
  stop,
  postmasterOf,
  failure,
  hasIpv6,
  sharedUrl,
  inShared,
} from "./testing/hall-starts.ts";

// Each start is a process and a database of its own: slow on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

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

test("two halls on one folder: the second says so and leaves the first alone", async () => {
  const folder = newFolder();
  const first = start({ DATA_DIR: folder });
  const line = await first.opened;
  expect(await failure({ DATA_DIR: folder })).toContain(`another hall is running on ${folder}`);
  expect((await fetch(`${originOf(line)}/readyz`)).status).toBe(200);
  expect(await stop(first)).toBe(0);
});

test.runIf(hasIpv6)("a hall is there at both loopback addresses, and closes both cleanly", async () => {
  const hall = start({ DATABASE_URL: sharedUrl(`doors_${process.pid}`) });
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
  const named = start({ DATABASE_URL: sharedUrl(`doors_${process.pid}`), HOST: "127.0.0.1" });
  const again = new URL(originOf(await named.opened));
  await expect(fetch(`http://[::1]:${again.port}/healthz`)).rejects.toThrow("fetch failed");
  expect(await stop(named)).toBe(0);
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

import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { databaseUser } from "./database/unix-user.ts";
import { newFolder, start, stop, failure, portOf, hasIpv6, sharedUrl, inShared } from "./testing/hall-starts.ts";

// Each start is a process and a database of its own: slow on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

test("what cannot start says in one line what is wrong and what to do", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const port = String(portOf(taken));
  const line = await failure({ DATABASE_URL: sharedUrl(`doors_${process.pid}`), PORT: port });
  expect(line).toContain(`port ${port} is taken`);
  expect(line).toContain("set PORT");
  taken.close();
  expect(await failure({ PORT: "eighty" })).toContain('PORT is "eighty"');
  expect(await failure({ PUBLIC_URL: "http://hall.example" })).toContain("browsers give no cryptography");
  expect(await failure({ DATABASE_URL: sharedUrl(`doors_${process.pid}`), HOST: "192.0.2.1" })).toContain("HOST");
});

test.runIf(hasIpv6)(
  "another program at one of the addresses that localhost stands for is noticed before a link is printed",
  async () => {
    for (const address of ["127.0.0.1", "::1"]) {
      const taken = createServer().listen(0, address);
      await once(taken, "listening");
      const port = portOf(taken);
      const line = await failure({ DATABASE_URL: sharedUrl(`doors_${process.pid}`), PORT: String(port) });
      expect(line).toContain(`port ${port} is taken by another program (at ${address})`);
      taken.close();
    }
  },
);

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
  const password = join(folder, "postgres-password");
  writeFileSync(password, "");
  expect(await failure({ DATA_DIR: folder })).toContain(
    `${password} belongs to the database beside it and is empty; put it back from your backup`,
  );
  rmSync(password);
  expect(await failure({ DATA_DIR: folder })).toContain(
    `${password} belongs to the database beside it and cannot be read; put it back from your backup`,
  );
  rmSync(version);
  expect(await failure({ DATA_DIR: folder })).toContain("PG_VERSION is missing");
  expect(existsSync(join(folder, "postgres", "base"))).toBe(true);
});

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

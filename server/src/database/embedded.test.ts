import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { clusterVariable } from "../testing/cluster.ts";
import { newFolder } from "../testing/hall-starts.ts";
import { discreetSettings, walSegmentMegabytes } from "./discreet-settings.ts";
import { startEmbedded } from "./embedded.ts";

async function connected(): Promise<Client> {
  const client = new Client({
    connectionString: (process.env[clusterVariable] ?? "").replace(/DATABASE$/, "postgres"),
  });
  await client.connect();
  return client;
}

async function shown(names: readonly string[]): Promise<Record<string, string | undefined>> {
  const client = await connected();
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name = any($1)",
      [names],
    );
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  } finally {
    await client.end();
  }
}

test("the built-in database listens to this machine only, and to nobody without a password", async () => {
  expect(await shown(["listen_addresses", "unix_socket_directories", "password_encryption"])).toEqual({
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    password_encryption: "scram-sha-256",
  });
  const url = new URL((process.env[clusterVariable] ?? "").replace(/DATABASE$/, "postgres"));
  url.password = "wrong";
  await expect(new Client({ connectionString: url.href }).connect()).rejects.toThrow("password authentication failed");
});

test("the built-in database runs with every setting that keeps its logs and its write-ahead log discreet", async () => {
  const names = Object.keys(discreetSettings);
  const client = await connected();
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      "select name, current_setting(name) as setting from unnest($1::text[]) as name",
      [names],
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual(discreetSettings);
  } finally {
    await client.end();
  }
});

test("what the built-in database logs repeats no statement, value or address", async () => {
  const expected = {
    logging_collector: "off",
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_statement: "none",
    log_duration: "off",
    log_min_duration_statement: "-1",
    log_connections: "off",
    log_disconnections: "off",
    log_checkpoints: "off",
    log_hostname: "off",
    log_line_prefix: "",
    log_error_verbosity: "terse",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    track_activities: "off",
  };
  expect(await shown(Object.keys(expected))).toEqual(expected);
});

test("its write-ahead log is small, for this machine alone, and not archived; commits keep no moments", async () => {
  const {
    max_wal_size: size,
    wal_segment_size: segment,
    ...rest
  } = await shown([
    "wal_level",
    "max_wal_senders",
    "archive_mode",
    "wal_recycle",
    "max_wal_size",
    "wal_segment_size",
    "track_commit_timestamp",
  ]);
  expect(rest).toEqual({
    wal_level: "minimal",
    max_wal_senders: "0",
    archive_mode: "off",
    wal_recycle: "off",
    track_commit_timestamp: "off",
  });
  expect(Number(size)).toBeLessThanOrEqual(256);
  expect(Number(segment)).toBe(walSegmentMegabytes * 2 ** 20);
});

test("a file of the write-ahead log that has had its time is gone, and is not kept under another name", async () => {
  const client = await connected();
  try {
    const { rows } = await client.query<{ data_directory: string }>("show data_directory");
    const folder = join(rows[0]?.data_directory ?? "", "pg_wal");
    const canary = randomBytes(16).toString("hex");
    const holds = (): boolean =>
      readdirSync(folder, { withFileTypes: true }).some(
        (entry) => entry.isFile() && readFileSync(join(folder, entry.name)).includes(canary),
      );
    // Written through at once, and more than once: a page of the log may end in the middle of a row.
    await client.query("set synchronous_commit = on");
    await client.query("create table remembered (text text)");
    await client.query("insert into remembered select $1 from generate_series(1, 3)", [canary]);
    expect(holds()).toBe(true);
    await client.query("drop table remembered");
    await client.query("select pg_switch_wal()");
    await client.query("checkpoint");
    expect(holds()).toBe(false);
  } finally {
    await client.end();
  }
});

/** Told of each file and folder, by its inode, right after it is on the disk. */
async function onSync(heard: (inode: number) => void): Promise<void> {
  const file = await open(import.meta.filename);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the class has no other name in Node
  const handles = Object.getPrototypeOf(file) as FileHandle;
  await file.close();
  // oxlint-disable-next-line typescript/unbound-method -- called with its own handle
  const { sync } = handles;
  const spy = vi.spyOn(handles, "sync").mockImplementation(async function (this: FileHandle) {
    await sync.call(this);
    heard((await this.stat()).ino);
  });
  onTestFinished(() => spy.mockRestore());
}

test("the password is on the disk before the database is there, and then the database's name is", async () => {
  const folder = newFolder();
  const [password, cluster] = [join(folder, "postgres-password"), join(folder, "postgres")];
  const synced: unknown[] = [];
  await onSync((inode) => {
    const name = inode === statSync(password).ino ? "password" : inode === statSync(folder).ino ? "folder" : "other";
    synced.push([name, readFileSync(password, "utf8").trim().length, existsSync(cluster)]);
  });
  const postgres = await startEmbedded({ dataFolder: folder, durable: false });
  await postgres.stop();
  expect(synced).toEqual([
    ["password", 43, false],
    ["folder", 43, false],
    ["folder", 43, true],
  ]);
});

import { Client } from "pg";
import { expect, test } from "vitest";
import { clusterVariable } from "../testing/cluster.ts";

async function shown(names: readonly string[]): Promise<Record<string, string | undefined>> {
  const client = new Client({
    connectionString: (process.env[clusterVariable] ?? "").replace(/DATABASE$/, "postgres"),
  });
  await client.connect();
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

test("what the built-in database logs repeats no statement, value or address", async () => {
  const expected = {
    logging_collector: "off",
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_statement: "none",
    log_duration: "off",
    log_min_duration_statement: "-1",
    log_connections: "",
    log_disconnections: "off",
    log_hostname: "off",
    log_line_prefix: "",
    log_error_verbosity: "terse",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
  };
  expect(await shown(Object.keys(expected))).toEqual(expected);
});

test("its write-ahead log is small, for this machine alone, and not archived; commits keep no moments", async () => {
  const { max_wal_size: size, ...rest } = await shown([
    "wal_level",
    "max_wal_senders",
    "archive_mode",
    "max_wal_size",
    "track_commit_timestamp",
  ]);
  expect(rest).toEqual({
    wal_level: "minimal",
    max_wal_senders: "0",
    archive_mode: "off",
    track_commit_timestamp: "off",
  });
  expect(Number(size)).toBeLessThanOrEqual(256);
});

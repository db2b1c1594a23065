import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readSettings } from "./config.ts";
import { StartError } from "./start-error.ts";

function refusal(environment: Record<string, string>): string {
  try {
    readSettings(environment);
    return "";
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return error.message;
  }
}

test("nothing set: port 8080 of this machine, data in ./data, the built-in database", () => {
  expect(readSettings({ PORT: "", DATABASE_URL: " " })).toEqual({
    config: { port: 8080, host: null, dataFolder: resolve("data"), publicOrigin: null },
    secrets: { databaseUrls: null },
  });
});

test("a port is a whole number that exists", () => {
  for (const port of ["0", "1", "65535"]) expect(readSettings({ PORT: port }).config.port).toBe(Number(port));
  for (const port of ["65536", "-1", "80a", "8080.5", "1e3", "0x50"]) {
    expect(refusal({ PORT: port })).toContain(`PORT is "${port}"`);
    expect(refusal({ PORT: port })).not.toContain("\n");
  }
});

function originOf(url: string): string | null {
  return readSettings({ PUBLIC_URL: url }).config.publicOrigin;
}

test("a hall is opened under https, or on this machine", () => {
  expect(originOf("https://hall.example")).toBe("https://hall.example");
  expect(originOf("https://Hall.Example:8443/")).toBe("https://hall.example:8443");
  expect(originOf("https://hall.example:443")).toBe("https://hall.example");
  expect(originOf("http://localhost:5173")).toBe("http://localhost:5173");
  expect(originOf("http://127.0.0.1:8080")).toBe("http://127.0.0.1:8080");
  expect(originOf("http://[::1]:8080")).toBe("http://[::1]:8080");
  for (const url of ["http://hall.example", "http://192.168.1.5:8080", "http://localhost.example"])
    expect(refusal({ PUBLIC_URL: url })).toContain("browsers give no cryptography to plain http");
  for (const url of [
    "hall.example",
    "ftp://hall.example",
    "https://hall.example/forum",
    "https://hall.example/?a",
    "https://hall.example/#a",
    "https://ana@hall.example",
  ])
    expect(refusal({ PUBLIC_URL: url })).toContain("set it to the address people open");
});

test("one address of a database gives two databases beside each other", () => {
  const { databaseUrls } = readSettings({
    DATABASE_URL: "postgres://u:p@db.example:5433/hall?sslmode=require",
  }).secrets;
  expect(databaseUrls).toEqual({
    groups: "postgres://u:p@db.example:5433/hall?sslmode=require",
    accounts: "postgres://u:p@db.example:5433/hall_accounts?sslmode=require",
  });
});

test("two addresses are taken as they are, and never the same one twice", () => {
  const [groups, accounts] = ["postgresql://u:p@one.example/hall", "postgresql://u:p@two.example/hall"];
  expect(readSettings({ DATABASE_URL: groups, ACCOUNTS_DATABASE_URL: accounts }).secrets.databaseUrls).toEqual({
    groups,
    accounts,
  });
  expect(refusal({ DATABASE_URL: groups, ACCOUNTS_DATABASE_URL: groups.replace("u:p", "v:q") })).toContain(
    "the same database",
  );
  expect(refusal({ ACCOUNTS_DATABASE_URL: accounts })).toContain("DATABASE_URL is not");
});

test("a refused address of a database is not repeated: it may hold a password", () => {
  for (const url of [
    "secret-password",
    "mysql://u:secret-password@h/d",
    "postgres://u:secret-password@h",
    "postgres://u:secret-password@h/",
  ]) {
    expect(refusal({ DATABASE_URL: url })).toContain("is no address of a database");
    expect(refusal({ DATABASE_URL: url })).not.toContain("secret-password");
  }
});

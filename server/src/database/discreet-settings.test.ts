import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { discreetSettings, walSegmentMegabytes } from "./discreet-settings.ts";

function fileOf(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
}

function matches(text: string, pattern: RegExp): Record<string, string> {
  return Object.fromEntries([...text.matchAll(pattern)].map(([, name = "", value = ""]) => [name, value]));
}

test("the container's PostgreSQL runs with the settings of the built-in one", () => {
  const command = /^    command:\n((?:      - .*\n)+)/m.exec(fileOf("docker-compose.yml"))?.[1] ?? "";
  const items = [...command.matchAll(/^      - (.*)$/gm)].map(([, item]) => item);
  expect(items[0]).toBe("postgres");
  const expected = Object.entries(discreetSettings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  expect(expected.length).toBeGreaterThan(40);
  expect(items.slice(1)).toEqual(expected);
});

test("the documentation asks the same of an operator's own PostgreSQL", () => {
  const section = fileOf("docs/operations.md").split("### A PostgreSQL of your own")[1]?.split("\n### ")[0] ?? "";
  const listed = matches(section, /^(\w+) = '?(.*?)'?$/gm);
  expect(listed).toEqual(discreetSettings);
});

test("files of the write-ahead log are small wherever the hall's files make the cluster", () => {
  const flag = `--wal-segsize=${walSegmentMegabytes}`;
  expect(fileOf("docker-compose.yml")).toContain(`POSTGRES_INITDB_ARGS: ${flag}\n`);
  expect(fileOf("docs/operations.md")).toContain(flag);
});

test("the container's password stands in no address, where its characters would mean something", () => {
  const compose = fileOf("docker-compose.yml");
  const { DATABASE_URL: address = "", PGPASSWORD: password } = matches(compose, /^      (\w+): (.*)$/gm);
  expect(new URL(address).password).toBe("");
  expect(address).not.toContain("$");
  expect(password).toBe("${POSTGRES_PASSWORD}");
});

import { globSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The rows of the threat model's table of attacks: number, and where its tests are. */
function rows(): readonly { readonly number: string; readonly places: readonly string[] }[] {
  const text = readFileSync(`${root}/docs/threat-model.md`, "utf8");
  return [...text.matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, number = "", where = ""]) => ({
    number,
    places: [...where.matchAll(/`([^`]+)`/g)].map(([, place = ""]) => place),
  }));
}

const filesAt = (place: string): readonly string[] =>
  ["", "test/"].flatMap((folder) => globSync(`${folder}${place}*.test.ts`, { cwd: root }));

test("the threat model's table names a test for every attack it lists, and every file of attacks stands in it", () => {
  const table = rows();
  expect(table.length).toBeGreaterThanOrEqual(40);
  expect(new Set(table.map(({ number }) => number)).size).toBe(table.length);
  for (const { number, places } of table) {
    expect([number, places.length]).not.toEqual([number, 0]);
    for (const place of places) expect([number, place, filesAt(place).length]).not.toEqual([number, place, 0]);
  }
  const listed = new Set(table.flatMap(({ places }) => places.flatMap(filesAt)));
  const files = readdirSync(fileURLToPath(new URL(".", import.meta.url))).filter((name) => name.includes(".attack."));
  expect(files.length).toBeGreaterThanOrEqual(30);
  expect(files.filter((name) => !listed.has(`test/attacks/${name}`))).toEqual([]);
});

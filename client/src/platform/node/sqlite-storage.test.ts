import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { storageLaws } from "../testing/storage-laws.ts";
import { SqliteStorage } from "./sqlite-storage.ts";

const folder = mkdtempSync(join(tmpdir(), "unionhall-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const nextFile = (): string => join(folder, `${files++}.sqlite`);

describe("storage in SQLite", () => {
  test.each(storageLaws)("$name", async ({ holds }) => {
    await expect(holds(async () => new SqliteStorage(nextFile()))).resolves.toBeUndefined();
  });

  test("a batch that fails half way leaves nothing of itself", async () => {
    const storage = new SqliteStorage(nextFile());
    const key = Uint8Array.of(1);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- something that the database refuses
    const broken = { kind: "put" as const, key: Uint8Array.of(2), value: null as unknown as Uint8Array };
    await expect(storage.write([{ kind: "put", key, value: key }, broken])).rejects.toThrow("NOT NULL");
    expect(await storage.read(key)).toBeNull();
    await storage.write([{ kind: "put", key, value: key }]);
    expect(await storage.read(key)).toEqual(key);
    await storage.close();
  });

  test("what was written is there when the file is opened again", async () => {
    const file = nextFile();
    const first = new SqliteStorage(file);
    await first.write([{ kind: "put", key: Uint8Array.of(1), value: Uint8Array.of(2) }]);
    await first.close();
    const second = new SqliteStorage(file);
    expect(await second.read(Uint8Array.of(1))).toEqual(Uint8Array.of(2));
    await second.close();
  });
});

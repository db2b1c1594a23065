import { describe, expect, test } from "vitest";
import { MemoryStorage } from "./memory/memory-storage.ts";
import { storageLaws } from "./testing/storage-laws.ts";

describe("storage in memory", () => {
  test.each(storageLaws)("$name", async ({ holds }) => {
    await expect(holds(async () => new MemoryStorage())).resolves.toBeUndefined();
  });
});

import { describe } from "vitest";
import { MemoryStorage } from "./memory/memory-storage.ts";
import { storageLaws } from "./testing/storage-laws.ts";

describe("storage in memory", () => {
  storageLaws(async () => new MemoryStorage());
});

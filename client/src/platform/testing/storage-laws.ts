import { expect, test } from "vitest";
import type { Storage, StoredChange } from "../../core/platform.ts";

const key = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const put = (at: Uint8Array, value: number): StoredChange => ({ kind: "put", key: at, value: key(value) });

/** What every adapter of the storage port must keep. `open` gives a new, empty storage. */
export function storageLaws(open: () => Promise<Storage>): void {
  test("what was written is read back, and what was not is absent", async () => {
    const storage = await open();
    await storage.write([put(key(1), 10), put(key(2), 20)]);
    expect(await storage.read(key(1))).toEqual(key(10));
    expect(await storage.read(key(3))).toBeNull();
    expect(await storage.readMany([key(2), key(9), key(1)])).toEqual([key(20), null, key(10)]);
    await storage.close();
  });

  test("a later write of the same key wins, also within one batch", async () => {
    const storage = await open();
    await storage.write([put(key(1), 10)]);
    await storage.write([put(key(1), 11), { kind: "delete", key: key(1) }, put(key(1), 12)]);
    expect(await storage.read(key(1))).toEqual(key(12));
    await storage.write([
      { kind: "delete", key: key(1) },
      { kind: "delete", key: key(7) },
    ]);
    expect(await storage.read(key(1))).toBeNull();
    await storage.close();
  });

  test("keys are ordered by their bytes, a shorter one before its extensions", async () => {
    const storage = await open();
    const ordered = [key(0), key(1), key(1, 0), key(1, 255), key(2), key(127, 1), key(128), key(255, 255)];
    await storage.write(ordered.toReversed().map((at, value) => put(at, value)));
    const whole = { from: key(0), before: key(255, 255, 255), limit: 100 };
    const forward = await storage.range({ ...whole, direction: "forward" });
    expect(forward.map((entry) => entry.key)).toEqual(ordered);
    const backward = await storage.range({ ...whole, direction: "backward" });
    expect(backward.map((entry) => entry.key)).toEqual(ordered.toReversed());
    await storage.close();
  });

  test("a range holds its first key, not its last, and no more than its limit", async () => {
    const storage = await open();
    await storage.write([1, 2, 3, 4, 5].map((at) => put(key(at), at)));
    const keysOf = async (direction: "forward" | "backward", limit: number): Promise<number[]> =>
      (await storage.range({ from: key(2), before: key(5), limit, direction })).map((entry) => entry.key[0] ?? -1);
    expect(await keysOf("forward", 10)).toEqual([2, 3, 4]);
    expect(await keysOf("forward", 2)).toEqual([2, 3]);
    expect(await keysOf("backward", 2)).toEqual([4, 3]);
    await storage.close();
  });

  test("what was given out or taken in can be changed without changing what is stored", async () => {
    const storage = await open();
    const value = key(5);
    await storage.write([{ kind: "put", key: key(1), value }]);
    value[0] = 6;
    const read = await storage.read(key(1));
    read?.fill(7);
    expect(await storage.read(key(1))).toEqual(key(5));
    await storage.close();
  });

  test("erasing leaves nothing", async () => {
    const storage = await open();
    await storage.write([put(key(1), 1), put(key(200), 2)]);
    await storage.erase();
    expect(await storage.range({ from: key(0), before: key(255), limit: 10, direction: "forward" })).toEqual([]);
    await storage.close();
  });
}

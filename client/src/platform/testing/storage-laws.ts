import type { Storage, StoredChange } from "../../core/platform.ts";

/** What every adapter of the storage port must keep. Runs in Node and in a page, so it knows no test runner: a broken law throws. */
export interface StorageLaw {
  readonly name: string;
  /** @param open gives a new, empty storage */
  readonly holds: (open: () => Promise<Storage>) => Promise<void>;
}

const key = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const put = (at: Uint8Array, value: number): StoredChange => ({ kind: "put", key: at, value: key(value) });

type Comparable = Uint8Array | null | readonly (Uint8Array | null)[];

function same(found: Comparable, expected: Comparable): void {
  const [left, right] = [text(found), text(expected)];
  if (left !== right) throw new Error(`found ${left}, expected ${right}`);
}

function text(value: Comparable): string {
  if (value === null) return "nothing";
  return value instanceof Uint8Array ? `<${value.join(" ")}>` : `[${value.map((one) => text(one)).join(", ")}]`;
}

export const storageLaws: readonly StorageLaw[] = [
  {
    name: "what was written is read back, and what was not is absent",
    holds: async (open) => {
      const storage = await open();
      await storage.write([put(key(1), 10), put(key(2), 20)]);
      same(await storage.read(key(1)), key(10));
      same(await storage.read(key(3)), null);
      same(await storage.readMany([key(2), key(9), key(1)]), [key(20), null, key(10)]);
      await storage.close();
    },
  },
  {
    name: "a later write of the same key wins, also within one batch",
    holds: async (open) => {
      const storage = await open();
      await storage.write([put(key(1), 10)]);
      await storage.write([put(key(1), 11), { kind: "delete", key: key(1) }, put(key(1), 12)]);
      same(await storage.read(key(1)), key(12));
      await storage.write([
        { kind: "delete", key: key(1) },
        { kind: "delete", key: key(7) },
      ]);
      same(await storage.read(key(1)), null);
      await storage.close();
    },
  },
  {
    name: "keys are ordered by their bytes, a shorter one before its extensions",
    holds: async (open) => {
      const storage = await open();
      const ordered = [key(0), key(1), key(1, 0), key(1, 255), key(2), key(127, 1), key(128), key(255, 255)];
      await storage.write(ordered.toReversed().map((at, value) => put(at, value)));
      const whole = { from: key(0), before: key(255, 255, 255), limit: 100 };
      const forward = await storage.range({ ...whole, direction: "forward" });
      same(
        forward.map((entry) => entry.key),
        ordered,
      );
      const backward = await storage.range({ ...whole, direction: "backward" });
      same(
        backward.map((entry) => entry.key),
        ordered.toReversed(),
      );
      await storage.close();
    },
  },
  {
    name: "a range holds its first key, not its last, and no more than its limit",
    holds: async (open) => {
      const storage = await open();
      await storage.write([1, 2, 3, 4, 5].map((at) => put(key(at), at)));
      const keysOf = async (direction: "forward" | "backward", limit: number): Promise<Comparable> =>
        (await storage.range({ from: key(2), before: key(5), limit, direction })).map((entry) => entry.key);
      same(await keysOf("forward", 10), [key(2), key(3), key(4)]);
      same(await keysOf("forward", 2), [key(2), key(3)]);
      same(await keysOf("backward", 2), [key(4), key(3)]);
      const values = await storage.range({ from: key(3), before: key(4), limit: 5, direction: "backward" });
      same(
        values.map((entry) => entry.value),
        [key(3)],
      );
      await storage.close();
    },
  },
  {
    name: "a range that ends where it begins, or before, holds nothing",
    holds: async (open) => {
      const storage = await open();
      await storage.write([put(key(2), 2)]);
      for (const direction of ["forward", "backward"] as const)
        for (const before of [key(2), key(1)])
          same(
            (await storage.range({ from: key(2), before, limit: 5, direction })).map((entry) => entry.key),
            [],
          );
      await storage.close();
    },
  },
  {
    name: "what was given out or taken in can be changed without changing what is stored",
    holds: async (open) => {
      const storage = await open();
      const value = key(5);
      await storage.write([{ kind: "put", key: key(1), value }]);
      value[0] = 6;
      (await storage.read(key(1)))?.fill(7);
      same(await storage.read(key(1)), key(5));
      await storage.close();
    },
  },
  {
    name: "part of a larger buffer is stored as that part",
    holds: async (open) => {
      const storage = await open();
      const buffer = key(1, 2, 3, 4, 5, 6);
      await storage.write([{ kind: "put", key: buffer.subarray(1, 3), value: buffer.subarray(3, 5) }]);
      same(await storage.read(key(2, 3)), key(4, 5));
      await storage.close();
    },
  },
  {
    name: "erasing leaves nothing",
    holds: async (open) => {
      const storage = await open();
      await storage.write([put(key(1), 1), put(key(200), 2)]);
      await storage.erase();
      const left = await storage.range({ from: key(0), before: key(255), limit: 10, direction: "forward" });
      same(
        left.map((entry) => entry.key),
        [],
      );
      await storage.close();
    },
  },
];

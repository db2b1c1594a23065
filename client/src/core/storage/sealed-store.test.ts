import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryStorage } from "../../platform/memory/memory-storage.ts";
import { StorageFull, type StoredEntry } from "../platform.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { SealedStore } from "./sealed-store.ts";
import { defineList, defineMap } from "./store.ts";

const people = defineMap<{ readonly name: string; readonly age: number }>({ name: "people", version: 1 });
const log = defineList<{ readonly text: string }>({ name: "log", version: 1 });
const localKey = new Uint8Array(32).fill(7);

function open(entries: StoredEntry[] = [], key = localKey): SealedStore {
  return new SealedStore(new MemoryStorage(entries), key.slice(), seededRandom(1));
}

test("a map gives back what was put, by text, bytes and number, in each scope by itself", async () => {
  const store = open();
  await store.map(people).put("ana", { name: "Ana", age: 40 });
  await store.map(people, "group 1").put("ana", { name: "Ana of one", age: 41 });
  await store.map(people, ["group", "1"]).put(Uint8Array.of(1, 2), { name: "Bytes", age: 1 });
  await store.map(people).put(7, { name: "Seven", age: 7 });
  expect(await store.map(people).get("ana")).toEqual({ name: "Ana", age: 40 });
  expect(await store.map(people, "group 1").get("ana")).toEqual({ name: "Ana of one", age: 41 });
  expect(await store.map(people, ["group", "1"]).get(Uint8Array.of(1, 2))).toEqual({ name: "Bytes", age: 1 });
  expect(await store.map(people).getMany(["nobody", 7])).toEqual([null, { name: "Seven", age: 7 }]);
  const ids = (await store.map(people).entries()).map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set(["ana", 7]));
  await store.map(people).clear();
  expect(await store.map(people).entries()).toEqual([]);
  expect(await store.map(people, "group 1").entries()).toHaveLength(1);
});

test("scopes that look alike when written together are different scopes", async () => {
  const store = open();
  await store.map(people, ["a b"]).put("x", { name: "one", age: 1 });
  for (const other of ["a", ["a", "b"], ["a b", ""], Uint8Array.of(97, 32, 98)] as const) {
    expect(await store.map(people, other).get("x")).toBeNull();
  }
});

test("a transaction commits all or nothing, and reads what it wrote itself", async () => {
  const store = open();
  await store.map(people).put("ana", { name: "Ana", age: 40 });
  await store.transaction(async (tx) => {
    await tx.map(people).put("ben", { name: "Ben", age: 1 });
    await tx.map(people).delete("ana");
    await tx.list(log).put(0, { text: "first" });
    expect(await tx.map(people).get("ben")).toEqual({ name: "Ben", age: 1 });
    expect(await tx.map(people).get("ana")).toBeNull();
    expect((await tx.map(people).entries()).map(({ id }) => id)).toEqual(["ben"]);
    expect(await tx.list(log).last()).toBe(0);
    expect(await store.map(people).get("ben")).toBeNull();
  });
  expect(await store.map(people).get("ben")).not.toBeNull();
  const failing = store.transaction(async (tx) => {
    await tx.map(people).put("eve", { name: "Eve", age: 1 });
    throw new Error("changed my mind");
  });
  await expect(failing).rejects.toThrow("changed my mind");
  expect(await store.map(people).get("eve")).toBeNull();
});

test("transactions that read and then write do not run into each other", async () => {
  const store = open();
  await store.map(people).put("n", { name: "n", age: 0 });
  await Promise.all(
    Array.from({ length: 20 }, () =>
      store.transaction(async (tx) => {
        const person = await tx.map(people).get("n");
        await tx.map(people).put("n", { name: "n", age: (person?.age ?? 0) + 1 });
      }),
    ),
  );
  expect(await store.map(people).get("n")).toEqual({ name: "n", age: 20 });
});

test("a list behaves like a plain table of positions, whatever is put, deleted and read", async () => {
  const position = fc.integer({ min: 0, max: 260 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant("put" as const), position }),
    fc.record({ kind: fc.constant("many" as const), position, count: fc.integer({ min: 1, max: 120 }) }),
    fc.record({ kind: fc.constant("delete" as const), position }),
  );
  const window = fc.record({
    from: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
    limit: fc.integer({ min: 1, max: 130 }),
    direction: fc.constantFrom("forward" as const, "backward" as const),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.array(window, { maxLength: 4 }), async (steps, windows) => {
      const list = open().list(log);
      const model = new Map<number, { text: string }>();
      for (const [at, one] of steps.entries()) {
        if (one.kind === "delete") {
          await list.delete(one.position);
          model.delete(one.position);
          continue;
        }
        const count = one.kind === "many" ? one.count : 1;
        const values = Array.from({ length: count }, (_, more) => ({
          position: one.position + more,
          value: { text: `${at}.${more}` },
        }));
        await list.putMany(values);
        for (const { position: where, value } of values) model.set(where, value);
      }
      for (const { from, limit, direction } of windows) {
        const forward = direction === "forward";
        const expected = [...model]
          .filter(([where]) => from === undefined || (forward ? where >= from : where <= from))
          .toSorted(([a], [b]) => (forward ? a - b : b - a))
          .slice(0, limit)
          .map(([where, value]) => ({ position: where, value }));
        expect(await list.range(from === undefined ? { limit, direction } : { from, limit, direction })).toEqual(
          expected,
        );
      }
      expect(await list.last()).toBe(model.size === 0 ? null : Math.max(...model.keys()));
      for (const where of [0, 49, 50, 120]) expect(await list.get(where)).toEqual(model.get(where) ?? null);
    }),
    { numRuns: 60, seed: 4 },
  );
});

test("a thousand values that come one by one end up in blocks, with few entries of their own", async () => {
  const entries: StoredEntry[] = [];
  const list = open(entries).list(log);
  for (let at = 0; at < 1000; at++) await list.put(at, { text: `post ${at}` });
  expect(entries.length).toBeLessThan(20 + 70);
  expect((await list.range({ limit: 2000, direction: "forward" })).length).toBe(1000);
});

test("nothing that was stored stands in the storage in clear: no value, no id, no name of a collection or scope", async () => {
  const entries: StoredEntry[] = [];
  const store = open(entries);
  await store.map(people, "canary-scope").put("canary-id", { name: "canary-name", age: 1 });
  await store
    .list(log, "canary-scope")
    .putMany(Array.from({ length: 80 }, (_, position) => ({ position, value: { text: `canary-text-${position}` } })));
  entries.push({ key: Uint8Array.of(0xff), value: new TextEncoder().encode("a canary planted beside") });
  const everything = entries.map(
    ({ key, value }) => `${Buffer.from(key).toString("latin1")}\n${Buffer.from(value).toString("latin1")}`,
  );
  const withCanary = everything.filter((one) => /canary|people|log/.test(one));
  expect(withCanary).toHaveLength(1);
});

test("an entry that was changed, moved to another key or sealed under another local key is refused", async () => {
  const entries: StoredEntry[] = [];
  const store = open(entries);
  await store.map(people).put("ana", { name: "Ana", age: 40 });
  await store.map(people).put("ben", { name: "Ben", age: 41 });
  const [one, other] = entries;
  if (one === undefined || other === undefined) throw new Error("two entries were expected");
  const swapped = [
    { key: one.key, value: other.value },
    { key: other.key, value: one.value },
  ];
  await expect(open(swapped).map(people).get("ana")).rejects.toThrow("storage-evicted");
  const flipped = entries.map(({ key, value }) => ({ key, value: value.with(60, (value[60] ?? 0) ^ 1) }));
  await expect(open(flipped).map(people).get("ana")).rejects.toThrow("storage-evicted");
  expect(await open(entries, new Uint8Array(32).fill(8)).map(people).get("ana")).toBeNull();
});

test("values of another version read as absent", async () => {
  const entries: StoredEntry[] = [];
  await open(entries).map(people).put("ana", { name: "Ana", age: 40 });
  const newer = defineMap<string>({ name: "people", version: 2 });
  expect(await open(entries).map(newer).get("ana")).toBeNull();
});

test("after closing, nothing can be read or written", async () => {
  const store = open();
  await store.map(people).put("ana", { name: "Ana", age: 40 });
  await store.close();
  await expect(store.map(people).get("ana")).rejects.toThrow("locked");
  await expect(store.map(people).put("x", { name: "x", age: 1 })).rejects.toThrow("locked");
});

test("a device without room says so, and nothing of the change is there", async () => {
  class FullStorage extends MemoryStorage {
    override async write(): Promise<void> {
      throw new StorageFull("full");
    }
  }
  const store = new SealedStore(new FullStorage(), localKey.slice(), seededRandom(1));
  await expect(store.map(people).put("ana", { name: "Ana", age: 1 })).rejects.toMatchObject({
    problem: "storage-full",
  });
  expect(await store.map(people).get("ana")).toBeNull();
});

import { expect, test } from "vitest";
import { MemoryStorage } from "../../platform/memory/memory-storage.ts";
import type { Storage } from "../platform.ts";
import { SealedStore } from "../storage/sealed-store.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { OutboxShelf } from "./outbox-shelf.ts";
import type { OutboxItem } from "./outbox-store.ts";
import { RecordIndex } from "./record-index.ts";

const groupId = new Uint8Array(32);

/** A store whose readings end when they are told to, in the order of their beginning or against it. */
function heldStore() {
  const inner = new MemoryStorage();
  const held: (() => void)[] = [];
  const storage: Storage = {
    read: (key) => inner.read(key),
    readMany: (keys) => inner.readMany(keys),
    range: async (range) => {
      const found = await inner.range(range);
      await new Promise<void>((resolve) => held.push(resolve));
      return found;
    },
    write: (changes) => inner.write(changes),
    erase: () => inner.erase(),
    close: () => inner.close(),
  };
  return { store: new SealedStore(storage, new Uint8Array(32), seededRandom(1)), held };
}

/** Lets readings end as they come, the newest first, until `work` is done. */
async function newestFirst(held: (() => void)[], work: Promise<unknown>): Promise<void> {
  const done = work.then(() => true);
  while (!(await Promise.race([done, aMoment()]))) held.pop()?.();
}

async function aMoment(): Promise<false> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  return false;
}

test("what waits to be sent stays in memory although somebody else was just reading it", async () => {
  const { store, held } = heldStore();
  const shelf = new OutboxShelf(groupId);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the shelf looks at
  const item = { recordId: new Uint8Array(16), state: { kind: "waiting" } } as OutboxItem;
  const reading = shelf.all(store);
  const writing = store.transaction((tx) => shelf.put(tx, item));
  await newestFirst(held, Promise.all([reading, writing]));
  expect(await shelf.all(store)).toHaveLength(1);
});

test("a record is found by its id although somebody else was just reading the index", async () => {
  const { store, held } = heldStore();
  const index = new RecordIndex(groupId);
  const id = new Uint8Array(16).fill(7);
  const reading = index.find(store, id);
  const writing = store.transaction((tx) => index.add(tx, [{ idOrHash: id, position: 5 }]));
  await newestFirst(held, Promise.all([reading, writing]));
  expect(await index.find(store, id)).toEqual([5]);
});

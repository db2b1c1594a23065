import { expect, test } from "vitest";
import { MemoryStorage } from "../../platform/memory/memory-storage.ts";
import { SealedStore } from "../storage/sealed-store.ts";
import { RecordIndex } from "./record-index.ts";

const groupId = new Uint8Array(32).fill(7);

/** Ids that differ, without chance: a counter spread over the bytes. */
function idAt(count: number): Uint8Array {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setUint32(0, Math.imul(count + 1, 0x9e3779b1));
  new DataView(id.buffer).setUint32(4, count);
  return id;
}

function newStore(): SealedStore {
  let next = 1;
  return new SealedStore(new MemoryStorage(), new Uint8Array(32).fill(3), (length) =>
    Uint8Array.from({ length }, () => (next = (next * 29 + 7) % 251)),
  );
}

test("every id is found again, in the same object and in a new one over the same store", async () => {
  const store = newStore();
  const index = new RecordIndex(groupId);
  for (const [from, to] of [
    [0, 1],
    [1, 700],
    [700, 701],
    [701, 2_000],
  ] as const) {
    const rows = Array.from({ length: to - from }, (_, at) => ({ idOrHash: idAt(from + at), position: from + at }));
    await store.transaction((tx) => index.add(tx, rows));
  }
  for (const reader of [index, new RecordIndex(groupId)]) {
    for (const at of [0, 1, 511, 512, 699, 700, 701, 1_023, 1_024, 1_999])
      expect(await reader.find(store, idAt(at))).toEqual([at]);
    expect(await reader.find(store, idAt(2_000))).toEqual([]);
  }
});

test("a new object goes on where the old one stopped", async () => {
  const store = newStore();
  for (let at = 0; at < 5; at++) {
    const index = new RecordIndex(groupId);
    await store.transaction((tx) => index.add(tx, [{ idOrHash: idAt(at), position: at * 10 }]));
  }
  const reader = new RecordIndex(groupId);
  for (let at = 0; at < 5; at++) expect(await reader.find(store, idAt(at))).toEqual([at * 10]);
});

test("ids that share their first bytes are all given, for the caller to compare", async () => {
  const store = newStore();
  const index = new RecordIndex(groupId);
  const [a, b] = [idAt(1), Uint8Array.of(...idAt(1).subarray(0, 8), ...idAt(9).subarray(0, 8))];
  await store.transaction((tx) =>
    index.add(tx, [
      { idOrHash: a, position: 4 },
      { idOrHash: b, position: 0 },
    ]),
  );
  expect([...(await index.find(store, a))].toSorted((x, y) => x - y)).toEqual([0, 4]);
});

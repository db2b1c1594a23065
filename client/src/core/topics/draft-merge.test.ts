import { expect, test } from "vitest";
import { MemoryStorage } from "../../platform/memory/memory-storage.ts";
import { SealedStore } from "../storage/sealed-store.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { Drafts } from "./drafts.ts";

const groupId = new Uint8Array(32).fill(7);

function newDrafts(now: () => number): Drafts {
  const store = new SealedStore(new MemoryStorage(), new Uint8Array(32).fill(3), seededRandom(1));
  return new Drafts(store, now, { drafted: () => Promise.resolve() }, () => {});
}

test("of what two devices wrote the later stands, in whatever order it comes", async () => {
  const drafts = newDrafts(() => 10);
  await drafts.save(groupId, null, "here");
  expect(await drafts.merge(groupId, null, { text: "before", changed: 9 })).toBe(false);
  expect(await drafts.text(groupId, null)).toBe("here");
  expect(await drafts.merge(groupId, null, { text: "later", changed: 11 })).toBe(true);
  expect(await drafts.text(groupId, null)).toBe("later");
});

test("what is typed while another device's older text is taken over is not lost, at whatever moment it comes", async () => {
  for (let moment = 0; moment < 40; moment++) {
    let now = 1;
    const drafts = newDrafts(() => now);
    await drafts.save(groupId, null, "first");
    now = 3;
    const saved = drafts.save(groupId, null, "typed just now");
    for (let turn = 0; turn < moment; turn++) await Promise.resolve();
    await Promise.all([saved, drafts.merge(groupId, null, { text: "from the phone", changed: 2 })]);
    expect(await drafts.text(groupId, null)).toBe("typed just now");
  }
});

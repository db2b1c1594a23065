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
  await drafts.merge(groupId, null, { text: "before", changed: 9 }, false);
  expect(await drafts.text(groupId, null)).toBe("here");
  await drafts.merge(groupId, null, { text: "later", changed: 11 }, false);
  expect(await drafts.text(groupId, null)).toBe("later");
});

test("what no other device has seen yet goes for no text of theirs, later or earlier: both stay", async () => {
  for (const changed of [9, 11]) {
    const drafts = newDrafts(() => 10);
    await drafts.save(groupId, null, "a long reply");
    for (const text of ["", "reply"]) await drafts.merge(groupId, null, { text, changed }, true);
    expect(await drafts.text(groupId, null)).toBe("a long reply");
    await drafts.merge(groupId, null, { text: "from the phone\n", changed }, true);
    expect(await drafts.text(groupId, null)).toBe("from the phone\n\na long reply");
  }
});

test("what is typed while another device's older text is taken over is not lost, at whatever moment it comes", async () => {
  for (let moment = 0; moment < 40; moment++) {
    let now = 1;
    const drafts = newDrafts(() => now);
    await drafts.save(groupId, null, "first");
    now = 3;
    const saved = drafts.save(groupId, null, "typed just now");
    for (let turn = 0; turn < moment; turn++) await Promise.resolve();
    await Promise.all([saved, drafts.merge(groupId, null, { text: "from the phone", changed: 2 }, false)]);
    expect(await drafts.text(groupId, null)).toBe("typed just now");
  }
});

test("of two that are kept at once the later called stands, also where it is what stood before", async () => {
  for (let moment = 0; moment < 10; moment++) {
    const drafts = newDrafts(() => 1);
    const typed = drafts.save(groupId, null, "typed and sent");
    for (let turn = 0; turn < moment; turn++) await Promise.resolve();
    await Promise.all([typed, drafts.save(groupId, null, "")]);
    expect(await drafts.text(groupId, null)).toBe("");
  }
});

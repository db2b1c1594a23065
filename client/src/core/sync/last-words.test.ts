import { emptyAccount, toHex, type BindingWords, type GroupState, type LastWords } from "@unionhall/crypto";
import { expect, test } from "vitest";
import {
  groupId,
  groupOf,
  person,
  seedOf,
  write,
  writeChain,
  writeNewer,
  type Written,
} from "../../../../crypto/src/records/testing/records-world.ts";
import { MemoryStorage } from "../../platform/memory/memory-storage.ts";
import { SealedStore } from "../storage/sealed-store.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import type { GroupDraft } from "./group-draft.ts";
import { HeldGroup } from "./held-group.ts";
import { plannerFor, recordsSpokenOf } from "./last-words.ts";
import { newStoredGroup } from "./new-group.ts";
import { indexKeysOf } from "./record-neighbours.ts";
import { storeFacts } from "./stored-facts.ts";

const [ana, ben] = [person("ana"), person("ben")];
const both = groupOf(6, [0], [{ who: ana, facilitator: [[0, null]] }, { who: ben }]);

/** What one member holds: these records, in the order in which the hall gave them. */
async function holding<T>(
  state: GroupState,
  records: readonly Pick<Written, "facts">[],
  work: (draft: GroupDraft) => Promise<T>,
): Promise<T> {
  const random = seededRandom(1);
  const store = new SealedStore(new MemoryStorage(), new Uint8Array(32).fill(3), random);
  const offered = { era: 0, eraKey: new Uint8Array(32) };
  const stewardSeed = new Uint8Array(32);
  const fresh = newStoredGroup({ groupId, notebook: false, offered, stewardSeed, newcomer: false, vaultEra: null });
  const held = await HeldGroup.create(store, { emit: () => {}, told: () => {} }, fresh);
  return held.change(async (draft) => {
    draft.state = state;
    for (const [seq, { facts }] of records.entries()) {
      await draft.caches.shelf.put(
        draft.tx,
        new Map([[seq, storeFacts(facts, { kind: "waiting", reason: "head-ahead" }, 0)]]),
      );
      const rows = indexKeysOf(facts).map((key) => ({ idOrHash: Buffer.from(key, "hex"), position: seq }));
      await draft.caches.index.add(draft.tx, rows);
    }
    return work(draft);
  });
}

const accountOfAna = (identityKey: Uint8Array) => ({
  identityKey,
  device: { signing: ana.device },
  state: () => emptyAccount(identityKey),
  boxKeys: () => [],
});

/** What ana's program would state about ben in an entry that removes him. */
function wordsAboutBen(records: readonly Pick<Written, "facts">[]): Promise<readonly (readonly string[])[]> {
  return holding(both, records, async (draft) => {
    const { publicKey } = ana.identity;
    const account = accountOfAna(publicKey);
    const planner = await plannerFor(draft, account, [{ kind: "remove", identityKey: ben.identity.publicKey }]);
    const words = planner.lastWordsOf(ben.identity.publicKey, null);
    return words.map(({ device, heads }) => {
      expect(device).toEqual(ben.device.publicKey);
      return heads.map(({ hash }) => toHex(hash));
    });
  });
}

const [first, second, third] = writeChain(ben, [{}, {}, {}]);
if (first === undefined || second === undefined || third === undefined) throw new Error("three records");

test("the last record is named, in whatever order the records came and whatever they waited for", async () => {
  expect(await wordsAboutBen([third, first, second])).toEqual([[third.key]]);
  expect(await wordsAboutBen([first])).toEqual([[first.key]]);
  expect(await wordsAboutBen([])).toEqual([]);
});

test("records that this device cannot open, or whose body is gone, are named like others", async () => {
  const locked = [first, second].map(({ facts }) => ({ facts: { ...facts, body: { kind: "locked" as const } } }));
  expect(await wordsAboutBen(locked)).toEqual([[second.key]]);
  const gone = { facts: { ...second.facts, body: { kind: "gone" as const, erasedBy: null } } };
  // What can be judged stands first; one more is named where it may be the end of what others can judge.
  expect(await wordsAboutBen([first, gone])).toEqual([[first.key, second.key]]);
});

test("of a device that only its records certify, those that do not open are named too, wherever they stand", async () => {
  const unknown = groupOf(
    6,
    [0],
    [
      { who: ana, facilitator: [[0, null]] },
      { who: ben, certifiedAt: null },
    ],
  );
  const locked = { facts: { ...first.facts, body: { kind: "locked" as const } } };
  const words = await holding(unknown, [locked, third], async (draft) => {
    const { publicKey } = ana.identity;
    const account = accountOfAna(publicKey);
    const planner = await plannerFor(draft, account, [{ kind: "remove", identityKey: ben.identity.publicKey }]);
    return planner.lastWordsOf(ben.identity.publicKey, null);
  });
  expect(words.flatMap(({ heads }) => heads.map(({ hash }) => toHex(hash)))).toContain(first.key);
});

test("a record that names a false previous one is not named, and does not take the others with it", async () => {
  const other = write(person("chi"), { number: 2 });
  const untrue = write(ben, { number: 3, previous: other.asPrevious, salt: seedOf("untrue").slice(0, 16) });
  // Nobody can tell before the record is here that it names.
  expect(await wordsAboutBen([first, second, untrue])).toEqual([[second.key, untrue.key]]);
  expect(await wordsAboutBen([first, second, untrue, other])).toEqual([[second.key]]);
});

const stated = (heads: readonly Written[]): LastWords => [
  { device: ben.device.publicKey, heads: heads.map(({ asPrevious }) => asPrevious) },
];
const removedAt = (index: number, heads: readonly Written[]): GroupState => {
  const lastWords: BindingWords[] = [{ index, binds: "all", devices: null, words: stated(heads) }];
  return groupOf(8, [0], [{ who: ana }, { who: ben, in: [[0, index]], lastWords }]);
};

test("new last words speak of what they do not lead to, however that came to count", async () => {
  const state = removedAt(6, [second]);
  const spokenOf = (from: number) => holding(state, [third, first, second], (draft) => recordsSpokenOf(draft, from));
  expect(await spokenOf(6)).toEqual([0]);
  expect(await spokenOf(7)).toEqual([]);
});

test("a device that an entry certifies has its records judged again", async () => {
  const state = groupOf(8, [0], [{ who: ana }, { who: ben, certifiedAt: 6 }]);
  const newer = writeNewer(ben, { number: 4, previous: third.asPrevious });
  const spokenOf = (from: number) => holding(state, [first, second, newer], (draft) => recordsSpokenOf(draft, from));
  expect(new Set(await spokenOf(6))).toEqual(new Set([0, 1, 2]));
  expect(await spokenOf(7)).toEqual([]);
});

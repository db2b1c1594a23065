import type { GroupState } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { groupId, groupOf, person, seedOf } from "../../../../crypto/src/records/testing/records-world.ts";
import { MemoryStorage } from "../../platform/memory/memory-storage.ts";
import { SealedStore } from "../storage/sealed-store.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { chainLines, type StoredAct } from "./group-store.ts";
import { HeldGroup } from "./held-group.ts";
import { wasListed } from "./listed-stewards.ts";
import { newStoredGroup } from "./new-group.ts";

const ana = person("ana");
const who = ana.identity.publicKey;
const [spent, spentLater] = [seedOf("first key"), seedOf("second key")];

/** Ana founded the group, and has spent two steward keys. */
function groupOfAna(): GroupState {
  const state = groupOf(5, [0], [{ who: ana, facilitator: [[0, null]] }]);
  const accounts = [...state.accounts].map(
    ([key, account]) => [key, { ...account, spentStewardKeys: [spent, spentLater] }] as const,
  );
  return { ...state, accounts: new Map(accounts) };
}

/** Of these places of the log those at which a key was listed, where the entries of the chain stand at 0, 10, 20 and so on. */
async function listedAt(
  key: Uint8Array,
  acts: readonly StoredAct[],
  places: readonly number[],
): Promise<readonly number[]> {
  const store = new SealedStore(new MemoryStorage(), new Uint8Array(32).fill(3), seededRandom(1));
  const offered = { era: 0, eraKey: new Uint8Array(32) };
  const stewardSeed = new Uint8Array(32);
  const fresh = newStoredGroup({ groupId, notebook: false, offered, stewardSeed, newcomer: false, vaultEra: null });
  const held = await HeldGroup.create(store, { emit: () => {}, told: () => {} }, fresh);
  return held.change(async (draft) => {
    draft.state = groupOfAna();
    const lines = draft.tx.list(chainLines, draft.groupId);
    for (const [index, act] of acts.entries())
      await lines.put(index, { seq: index * 10, time: 0, by: who, acts: [act], voidReason: null });
    const listed: number[] = [];
    for (const place of places) if (await wasListed(draft, key, place)) listed.push(place);
    return listed;
  });
}

const update = (adds: number, revokes: number): StoredAct => ({ kind: "account-update", who, adds, revokes });

test("a steward key is listed until an entry revokes a device, however many come before it", async () => {
  const acts = [
    { kind: "found", history: "all", retentionDays: null },
    update(1, 0),
    update(0, 1),
    update(1, 0),
    update(1, 1),
  ] as const;
  const places = [5, 15, 25, 35, 45];
  expect(await listedAt(spent, acts, places)).toEqual([5, 15]);
  expect(await listedAt(spentLater, acts, places)).toEqual([5, 15, 25, 35]);
});

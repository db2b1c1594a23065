import { expect, test } from "vitest";
import { toHex } from "../primitives/bytes.ts";
import { applyEntry } from "./group-chain.ts";
import { accountKey, type GroupAccount, type GroupState, isFacilitator, isIn } from "./group-state.ts";
import { standingAt } from "./standing.ts";
import { decodeGroupState, encodeGroupState } from "./state-codec.ts";
import { stewardListOf } from "./steward-list.ts";
import { NAMES } from "./testing/described.ts";
import { person } from "./testing/people.ts";
import { type RandomSequence, randomSequence, type SequenceEntry } from "./testing/random-sequence.ts";

const LENGTH = 12;
const RUNS = Number(process.env["GROUP_RUNS"] ?? 300);
/** Made once; every property looks at every one of them. */
const sequences = Array.from({ length: RUNS }, (_, seed) => randomSequence(seed, LENGTH));

/** Whether the property holds on each of the random sequences. */
function check(holds: (sequence: RandomSequence, seed: number) => void): void {
  for (const [seed, sequence] of sequences.entries())
    try {
      holds(sequence, seed);
    } catch (cause) {
      throw new Error(`seed ${seed}`, { cause });
    }
}

const slow = { timeout: 300_000 };

test("the sequences hold many entries that count and many that do not, of every kind", () => {
  const verdicts = new Map<string, number>();
  const counted = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string): unknown => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { verdict, described } of sequences.flatMap(({ entries }) => entries)) {
    add(verdicts, verdict);
    if (verdict === "applied") for (const { kind } of described.operations) add(counted, kind);
  }
  expect(verdicts.get("applied")).toBeGreaterThan((RUNS * LENGTH) / 4);
  expect(verdicts.get("applied")).toBeLessThan((RUNS * LENGTH * 3) / 4);
  expect(verdicts.size).toBeGreaterThan(35);
  expect(counted.size).toBe(12);
  expect(Math.min(...counted.values())).toBeGreaterThan(9);
});

test("any batch split, through stored bytes or not, gives the same state", slow, () => {
  const sizes = [1, 2, 3, 5, LENGTH];
  check(({ entries, group }, seed) => {
    const size = sizes[seed % sizes.length] ?? 1;
    let state = group.beginning;
    for (const [index, { item, verdict }] of entries.entries()) {
      if (index % size === 0) state = decodeGroupState(encodeGroupState(state));
      const result = applyEntry(state, item, group.keys);
      expect(result.kind === "applied" ? "applied" : result.reason).toBe(verdict);
      state = result.state;
    }
    expect(toHex(encodeGroupState(state))).toBe(toHex(encodeGroupState(group.state)));
  });
});

test("an item applied again, skipped ahead or left out never counts", slow, () => {
  check(({ entries, group }) => {
    for (const { item, before, after } of entries.slice(1)) {
      expect(applyEntry(after, item, group.keys)).toMatchObject({ reason: "other-index", state: after });
      expect(applyEntry(before, { ...item, index: item.index + 1 }, group.keys).state).toBe(before);
    }
  });
});

test("a void entry changes nothing but the head", slow, () => {
  check(({ entries }) => {
    for (const { verdict, before, after } of entries) {
      if (verdict === "applied") continue;
      const { hashes, ...rest } = after;
      const { hashes: former, ...untouched } = before;
      expect(rest).toStrictEqual(untouched);
      expect(hashes.slice(0, -1)).toStrictEqual(former);
    }
  });
});

test("a group that was founded always has a facilitator with a steward key", slow, () => {
  check(({ entries }) => {
    const founded = entries.filter(({ after }) => after.eras.length > 0);
    expect(founded.filter(({ after }) => stewardListOf(after).length === 0)).toStrictEqual([]);
  });
  expect.hasAssertions();
});

test("nobody but a facilitator changes others, beyond handing on what they signed", slow, () => {
  check(({ entries }) => {
    for (const entry of entries.slice(1)) {
      if (entry.verdict !== "applied" || wasFacilitator(entry)) continue;
      const author = accountKey(person(entry.described.author).key);
      const others = [...entry.before.accounts].filter(([key]) => key !== author);
      for (const [key, account] of others)
        expect(standingOf(entry.after.accounts.get(key))).toStrictEqual(standingOf(account));
      expect(
        [...entry.after.accounts.keys()].filter((key) => !entry.before.accounts.has(key) && key !== author),
      ).toEqual([]);
      expect(sharedOf(entry.after)).toStrictEqual(sharedOf(entry.before));
    }
  });
});

function wasFacilitator({ before, described }: SequenceEntry): boolean {
  const account = before.accounts.get(accountKey(person(described.author).key));
  return account !== undefined && isFacilitator(account);
}

/** What only a facilitator, or the account itself, may change of an account. */
function standingOf(account: GroupAccount | undefined) {
  if (account === undefined) return null;
  const { stays, facilitations, stewardKey, lastWords, devices } = account;
  return {
    stays,
    facilitations,
    stewardKey,
    lastWords,
    revoked: devices.filter(({ revokedAt }) => revokedAt !== null),
  };
}

/** Which devices are revoked, and since when. */
function revocationsOf(devices: GroupAccount["devices"]): readonly string[] {
  return devices.flatMap(({ key, revokedAt }) => (revokedAt === null ? [] : [`${toHex(key)} ${revokedAt}`]));
}

/** What only a facilitator may change of a group. */
function sharedOf({ rules, eras, cutDay, facilitatorTime, invites }: GroupState) {
  return { rules, eras, cutDay, facilitatorTime, invites: [...invites.keys()] };
}

test("what was true at an earlier head stays true whatever comes later", slow, () => {
  check(({ entries, group }) => {
    for (const { after } of entries) {
      const head = after.hashes.length - 1;
      for (const name of NAMES) {
        const { key } = person(name);
        const then = after.accounts.get(accountKey(key));
        const was = then !== undefined && isIn(then) ? (isFacilitator(then) ? "facilitator" : "member") : null;
        expect(standingAt(group.state, key, head)).toBe(was);
      }
    }
  });
});

test("a device once revoked stays revoked, and an era's data never changes", slow, () => {
  check(({ entries }) => {
    for (const { before, after } of entries) {
      expect(after.eras.slice(0, before.eras.length)).toStrictEqual(before.eras);
      for (const [key, { devices }] of before.accounts) {
        const kept = revocationsOf(after.accounts.get(key)?.devices ?? []);
        expect(kept).toStrictEqual(expect.arrayContaining([...revocationsOf(devices)]));
      }
    }
  });
});

import { accountOf, fromHex, type GroupState, isIn, newestEra, roleOf, toHex } from "@unionhall/crypto";
import { expect, test } from "vitest";
import type { DescribedEntry } from "./described.ts";
import { describeChain } from "./generate.ts";
import { judge, nothingYet, type OracleGroup } from "./oracle.ts";
import { deviceKeyHex, foldForReal, identityKeyHex, inviteIdHex, stewardKeyHex } from "./realize.ts";

/** What both sides can say of a group, in one form. */
function ofOracle(group: OracleGroup): unknown {
  return {
    era: group.era,
    history: group.founded ? group.history : null,
    due: group.due,
    cutDay: group.cutDay,
    time: group.facilitatorTime,
    accounts: [...group.accounts].toSorted(byName).map(([name, account]) => ({
      name,
      role: account.role,
      steward: account.steward === null ? null : stewardKeyHex(account.steward),
      devices: account.certified.map((device) => deviceKeyHex(name, device)).toSorted(),
      revoked: account.revoked.map((device) => deviceKeyHex(name, device)).toSorted(),
      generation: Math.max(...account.boxKeys.map(({ generation }) => generation)),
    })),
    invites: [...group.invites]
      .map(([id, { uses, ended }]) => ({ id: inviteIdHex(id), uses, ended }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function ofReal(state: GroupState, people: readonly string[]): unknown {
  const present = people.flatMap((name) => {
    const account = accountOf(state, fromHex(identityKeyHex(name)));
    return account === undefined ? [] : [{ name, account }];
  });
  return {
    era: newestEra(state)?.number ?? -1,
    history: state.rules?.history ?? null,
    due: state.eraDue.length,
    cutDay: state.cutDay,
    time: state.facilitatorTime,
    accounts: present.map(({ name, account }) => ({
      name,
      role: isIn(account) ? roleOf(account) : null,
      steward: account.stewardKey === null ? null : toHex(account.stewardKey),
      devices: account.devices
        .filter(({ certifiedAt }) => certifiedAt !== null)
        .map(({ key }) => toHex(key))
        .toSorted(),
      revoked: account.devices
        .filter(({ revokedAt }) => revokedAt !== null)
        .map(({ key }) => toHex(key))
        .toSorted(),
      generation: account.boxKeys.at(-1)?.boxKey.generation,
    })),
    invites: [...state.invites.entries()]
      .map(([id, { usesLeft, ended }]) => ({ id, uses: usesLeft, ended: ended !== null }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

const names = ["ana", "bongani", "chidi", "dolores", "emil"];

interface Count {
  counted: number;
  void: number;
  readonly kinds: Map<string, number>;
}

function compare(seed: number, count: Count): void {
  const entries = describeChain(seed);
  const steps = foldForReal(entries);
  let group = nothingYet();
  for (const [index, entry] of entries.entries()) {
    const after = judge(group, entry);
    const step = steps[index];
    if (step === undefined) throw new RangeError("the real fold is shorter than the chain");
    group = after ?? group;
    const where = `seed ${seed}, entry ${index}: ${JSON.stringify(entry)}`;
    expect({ where, counted: step.counted, group: ofReal(step.state, names) }).toEqual({
      where,
      counted: after !== null,
      group: ofOracle(group),
    });
    tally(entry, after !== null, count);
  }
}

function tally(entry: DescribedEntry, counted: boolean, count: Count): void {
  if (counted) count.counted += 1;
  else count.void += 1;
  if (counted) for (const { kind } of entry.operations) count.kinds.set(kind, (count.kinds.get(kind) ?? 0) + 1);
}

const chains = 10_000;

test(`applyEntry and the oracle agree on ${chains} random chains`, { timeout: 600_000 }, () => {
  const count: Count = { counted: 0, void: 0, kinds: new Map() };
  for (let seed = 1; seed <= chains; seed += 1) compare(seed, count);
  // An agreement about nothing would be worth nothing: enough of each kind must have counted, and enough been void.
  expect(count.counted).toBeGreaterThan(chains);
  expect(count.void).toBeGreaterThan(chains);
  const kinds = [
    "found",
    "admit",
    "join",
    "remove",
    "leave",
    "role",
    "rules",
    "account-update",
    "invite",
    "end-invite",
    "cut",
    "era",
  ];
  const rare = kinds.filter((kind) => (count.kinds.get(kind) ?? 0) <= 100);
  expect(rare).toEqual([]);
});

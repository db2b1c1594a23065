import { emptyVaultContent, mergeVaults, type VaultContent } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { seedsAskedWith, seedToAskWith } from "./asked-seeds.ts";
import {
  invitesIn,
  joinStateIn,
  waitingJoinsIn,
  withInvite,
  withInviteEnded,
  withJoin,
  withJoinState,
  type KeptJoin,
} from "./vault-invites.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 5, 1);
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const group = bytes(32, 1);
const invite = (secret: number, expires = now + day) => ({
  groupId: group,
  secret: bytes(16, secret),
  expires,
  note: `for ${secret}`,
});
const join: KeptJoin = {
  groupId: group,
  secret: bytes(16, 9),
  requestId: bytes(32, 2),
  stewardSeed: bytes(32, 3),
  groupName: "Waste services",
  inviterName: "Ana",
  checkWords: ["upper", "mom", "know", "share"],
  askedAt: now - 5,
  expiry: now + day,
};

test("an invite's link and note are there again, of its own group only, and once", () => {
  const once = withInvite(withInvite(emptyVaultContent, invite(1), now), invite(2), now);
  expect(invitesIn(once, group)).toEqual([invite(1), invite(2)]);
  expect(invitesIn(withInvite(once, invite(2), now + 1), group)).toEqual([invite(1), invite(2)]);
  expect(invitesIn(once, bytes(32, 7))).toEqual([]);
  expect(withInviteEnded(once, bytes(16, 1), now + 1).invites.map(({ ended }) => ended)).toEqual([true, false]);
});

test("invites that ended long ago make room", () => {
  const old = withInvite(emptyVaultContent, invite(1, now - 40 * day), now - 50 * day);
  expect(invitesIn(withInvite(old, invite(2), now), group)).toEqual([invite(2)]);
});

test("a join that waits comes back whole, and no more once it is done or given up", () => {
  const waiting = withJoin(emptyVaultContent, join, now);
  expect(waitingJoinsIn(waiting)).toEqual([join]);
  expect(joinStateIn(waiting, join.secret)).toBe("waiting");
  for (const state of ["done", "given-up"] as const) {
    const over = withJoinState(waiting, join.secret, state, now + 1);
    expect(waitingJoinsIn(over)).toEqual([]);
    expect(joinStateIn(over, join.secret)).toBe(state);
    expect(waitingJoinsIn(withJoin(over, join, now + 2))).toEqual([join]);
  }
  expect(joinStateIn(emptyVaultContent, join.secret)).toBeNull();
});

test("who asks again names the same steward key, until an admission was heard of", () => {
  const other = { ...join, secret: bytes(16, 8), stewardSeed: bytes(32, 4) };
  expect(seedToAskWith(emptyVaultContent, group)).toBeNull();
  const asked = withJoin(withJoin(emptyVaultContent, join, now), other, now + 1);
  expect(seedToAskWith(asked, group)).toEqual(other.stewardSeed);
  expect(seedToAskWith(withJoinState(asked, other.secret, "given-up", now + 2), group)).toEqual(other.stewardSeed);
  expect(seedToAskWith(withJoinState(asked, other.secret, "done", now + 2), group)).toBeNull();
  expect(seedToAskWith(asked, bytes(32, 7))).toBeNull();
});

test("the steward key of every request is kept, also of one that another by the same link replaced", () => {
  const seed = (value: number): KeptJoin => ({ ...join, stewardSeed: bytes(32, value) });
  const asked = [seed(3), seed(4), seed(4), seed(5)].reduce(
    (content, one) => withJoin(content, one, now),
    emptyVaultContent,
  );
  expect(seedsAskedWith(asked, group)).toEqual([bytes(32, 5), bytes(32, 4), bytes(32, 3)]);
  expect(waitingJoinsIn(asked)).toEqual([seed(5)]);
  expect(seedsAskedWith(asked, bytes(32, 7))).toEqual([]);
});

test("of two devices, the one that brought the join to its end counts", () => {
  const waiting = withJoin(emptyVaultContent, join, now);
  const done = withJoinState(waiting, join.secret, "done", now + 1);
  const identityKey = bytes(32, 0);
  const merged = (a: VaultContent, b: VaultContent): VaultContent | null => {
    const both = mergeVaults(identityKey, a, b);
    return both.kind === "merged" ? both.content : null;
  };
  for (const content of [merged(waiting, done), merged(done, waiting)])
    expect(content === null ? null : joinStateIn(content, join.secret)).toBe("done");
});

test("what another program wrote beside, or left out, does no harm", () => {
  const [pending] = withJoin(emptyVaultContent, join, now).pendingJoins;
  if (pending === undefined) throw new TypeError("it was put there");
  const bare = { ...emptyVaultContent, pendingJoins: [{ ...pending, extra: [] }] };
  expect(waitingJoinsIn(bare)).toMatchObject([{ groupName: "", checkWords: [], askedAt: now }]);
  const odd = { ...pending, extra: [{ name: "askedAt", value: "soon" }] };
  expect(waitingJoinsIn({ ...emptyVaultContent, pendingJoins: [odd] })).toMatchObject([{ askedAt: now }]);
});

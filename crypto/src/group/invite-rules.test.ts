import { expect, test } from "vitest";
import { inviteOf, liveInstantInvites } from "./invite-state.ts";
import { person } from "./testing/people.ts";
import {
  DAY,
  endInvite,
  FOUNDED_AT,
  HOUR,
  instantInvite,
  invite,
  InviteSecrets,
  join,
  TestGroup,
} from "./testing/test-group.ts";

const [ana, bo, chidi] = [person("ana"), person("bo"), person("chidi")];
const now = { time: FOUNDED_AT + HOUR };
const stateOf = (group: TestGroup, number: number) => inviteOf(group.state, new InviteSecrets(number).id);

test("a facilitator makes an invite, and nobody else", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [invite(1)])).toBe("not-a-facilitator");
  expect(group.try(bo, [instantInvite(1)])).toBe("not-a-facilitator");
  expect(group.try(ana, [invite(1)])).toBe("applied");
  expect(stateOf(group, 1)).toMatchObject({ maker: ana.key, usesLeft: 2, ended: null });
});

test("an invite's id is used once", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [invite(1)])).toBe("applied");
  expect(group.try(ana, [invite(1)])).toBe("invite-id-used");
  expect(group.try(ana, [endInvite(1), invite(1)])).toBe("invite-id-used");
});

test("an invite that has expired already is not made", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [invite(1, { expiry: now.time })], now)).toBe("invite-expired");
  expect(group.try(ana, [invite(1, { expiry: now.time + 1 })], now)).toBe("applied");
});

test("an instant invite lasts at most 7 days and 50 uses, and gives no facilitator's role", () => {
  const group = TestGroup.found(ana);
  const presets = { role: "facilitator", union: null, language: null, note: null } as const;
  const unfit = [{ expiry: now.time + 7 * DAY + 1 }, { uses: 51 }, { presets }];
  for (const changes of unfit) expect(group.try(ana, [instantInvite(1, changes)], now)).toBe("instant-invite-limits");
  expect(group.try(ana, [instantInvite(1, { expiry: now.time + 7 * DAY, uses: 50 })], now)).toBe("applied");
});

test("an invite with approval may last longer and serve more", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [invite(1, { uses: 5_000, expiry: FOUNDED_AT + 365 * DAY })])).toBe("applied");
});

test("under history from joining there are no instant invites, and the change to it ends those there are", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [invite(1), instantInvite(2)])).toBe("applied");
  const stricter = { kind: "rules", rules: { history: "from-joining", retentionDays: null } } as const;
  expect(group.try(ana, [stricter, group.era()])).toBe("applied");
  expect(stateOf(group, 1)?.ended).toBeNull();
  expect(stateOf(group, 2)?.ended?.cause).toBe("history");
  expect(group.try(ana, [instantInvite(3)])).toBe("instant-invite-limits");
});

test("a key that nothing can be boxed to is refused in every place of an invite", () => {
  const group = TestGroup.found(ana);
  const malformed = new Uint8Array(1216).fill(0xff);
  const { keys } = new InviteSecrets(1);
  const { desk } = invite(1);
  const unusable = [
    instantInvite(1, { admission: { kind: "instant", keys: { ...keys, boxKey: malformed } } }),
    instantInvite(1, { admission: { kind: "instant", keys: { ...keys, labelKey: new Uint8Array(32) } } }),
    invite(1, { desk: { ...desk, boxKey: malformed } }),
  ];
  for (const operation of unusable) expect(group.try(ana, [operation])).toBe("unusable-key");
  const short = instantInvite(1, { admission: { kind: "instant", keys: { ...keys, boxKey: malformed.subarray(1) } } });
  expect(() => group.write(ana, [short])).toThrow("wrong-shape");
});

test("a facilitator ends an invite; an instant one only together with an era", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [invite(1), instantInvite(2)])).toBe("applied");
  expect(group.try(ana, [endInvite(3)])).toBe("invite-unknown");
  expect(group.try(ana, [endInvite(1)])).toBe("applied");
  expect(group.try(ana, [endInvite(2)])).toBe("era-missing");
  expect(group.try(ana, [endInvite(2), group.era()])).toBe("applied");
  expect(stateOf(group, 2)?.ended?.cause).toBe("by-hand");
});

test("anybody else ends an invite only once its uses are spent or its expiry has passed", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [instantInvite(1), instantInvite(2, { uses: 1 })])).toBe("applied");
  expect(group.try(bo, [endInvite(1)])).toBe("invite-still-open");
  expect(group.try(chidi, [join(group, chidi, 2)], { statements: [chidi.certifies(0, 0)] })).toBe("applied");
  const spent = stateOf(group, 2);
  expect(group.try(bo, [endInvite(2)])).toBe("applied");
  expect(stateOf(group, 2)).toStrictEqual(spent);
  expect(group.try(bo, [endInvite(1)], { time: FOUNDED_AT + 5 * DAY })).toBe("applied");
  expect(stateOf(group, 1)?.ended?.cause).toBe("expired");
});

test("the expiry of an instant invite makes an era due; that of another does not", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [instantInvite(1), invite(2)])).toBe("applied");
  const late = { time: FOUNDED_AT + 40 * DAY };
  expect(group.try(ana, [endInvite(1), endInvite(2)], late)).toBe("applied");
  expect(group.state.eraDue).toStrictEqual([{ kind: "invite-ended", index: 2, invite: new InviteSecrets(1).id }]);
});

test("the last use of an instant invite makes an era due", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [instantInvite(1, { uses: 1 })])).toBe("applied");
  expect(group.try(chidi, [join(group, chidi, 1)], { statements: [chidi.certifies(0, 0)] })).toBe("applied");
  expect(group.state.eraDue.map(({ kind }) => kind)).toStrictEqual(["invite-ended"]);
});

test("an instant invite is live until it ends or expires", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [instantInvite(1), invite(2)])).toBe("applied");
  const { expiry } = instantInvite(1);
  expect(liveInstantInvites(group.state, expiry - 1)).toHaveLength(1);
  expect(liveInstantInvites(group.state, expiry)).toHaveLength(0);
  expect(group.try(ana, [endInvite(1), group.era()])).toBe("applied");
  expect(liveInstantInvites(group.state, expiry - 1)).toHaveLength(0);
});

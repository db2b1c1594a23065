import { expect, test } from "vitest";
import { accountOf, membersOf, roleOf } from "./group-state.ts";
import { inviteOf } from "./invite-state.ts";
import { stewardListOf } from "./steward-list.ts";
import { missing } from "./testing/missing.ts";
import { person } from "./testing/people.ts";
import {
  admit,
  DAY,
  endInvite,
  FOUNDED_AT,
  instantInvite,
  invite,
  InviteSecrets,
  join,
  leave,
  remove,
  revoke,
  TestGroup,
  update,
} from "./testing/test-group.ts";

const [ana, bo, chidi, dara] = [person("ana"), person("bo"), person("chidi"), person("dara")];
const joining = { statements: [chidi.certifies(0, 0)] };
const byInvite = (number: number) => ({ invite: new InviteSecrets(number).id });

test("a facilitator admits somebody with a role", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo), admit(chidi, "facilitator")])).toBe("applied");
  const roles = membersOf(group.state).map(roleOf);
  expect(roles).toStrictEqual(["facilitator", "member", "facilitator"]);
});

test("an ordinary member admits nobody", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [admit(chidi)])).toBe("not-a-facilitator");
  expect(accountOf(group.state, chidi.key)).toBeUndefined();
});

test("somebody who is in cannot be admitted again", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [admit(bo)])).toBe("target-already-in");
  expect(group.try(ana, [admit(ana)])).toBe("target-already-in");
});

test("the server cannot make up a member: statements must be by the account's own identity key", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo, "member", { statements: [chidi.certifies(0, 0)] })])).toBe("statement-invalid");
  expect(group.try(ana, [admit(bo, "member", { identityKey: chidi.key })])).toBe("statement-invalid");
});

test("nobody comes in without a box key", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo, "member", { statements: [bo.certifies(0)] })])).toBe("no-box-key");
  expect(group.try(ana, [admit(bo, "member", { statements: [] })])).toBe("no-box-key");
});

test("nobody comes in with a steward key that another account has or had", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const stewardKey = ana.stewardKey().publicKey;
  expect(group.try(ana, [admit(chidi, "member", { stewardKey })])).toBe("steward-key-used");
  expect(group.try(ana, [update(ana, [], { stewardKey: ana.stewardKey(5).publicKey })])).toBe("applied");
  expect(group.try(ana, [admit(chidi, "member", { stewardKey })])).toBe("steward-key-used");
});

test("under history from joining, an admission without an era is void", () => {
  const group = TestGroup.found(ana, { rules: { history: "from-joining", retentionDays: null } });
  expect(group.try(ana, [admit(bo)])).toBe("era-missing");
  expect(group.try(ana, [admit(bo), group.era()])).toBe("applied");
});

test("somebody who left or was removed can be admitted again, with what is kept of the account", () => {
  const group = TestGroup.found(ana, { members: [bo, chidi] });
  expect(group.try(bo, [leave()])).toBe("applied");
  expect(group.try(ana, [remove(chidi), group.era()])).toBe("applied");
  expect(group.try(ana, [admit(bo), admit(chidi)])).toBe("applied");
  expect(membersOf(group.state)).toHaveLength(3);
  expect(accountOf(group.state, chidi.key)?.stays).toMatchObject([
    { from: 0, until: 2, ended: "removed" },
    { from: 3, until: null, ended: null },
  ]);
});

test("a device that was revoked stays revoked when its account comes back", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [revoke(bo, 0)])).toBe("applied");
  expect(group.try(ana, [remove(bo), group.era()])).toBe("applied");
  expect(group.try(ana, [admit(bo, "member", { stewardKey: bo.stewardKey(2).publicKey })])).toBe("applied");
  expect(group.try(bo, [leave()], { statements: [bo.certifies(0, 0)] })).toBe("device-revoked");
});

test("an invite's uses fall with each admission that counts, and the last one ends it in the same entry", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [invite(1)])).toBe("applied");
  expect(group.try(ana, [admit(bo, "member", byInvite(1))])).toBe("applied");
  expect(inviteOf(group.state, byInvite(1).invite)).toMatchObject({ usesLeft: 1, ended: null });
  expect(group.try(ana, [admit(bo, "member", byInvite(1))])).toBe("target-already-in");
  expect(inviteOf(group.state, byInvite(1).invite)).toMatchObject({ usesLeft: 1, ended: null });
  expect(group.try(ana, [admit(chidi, "member", byInvite(1))])).toBe("applied");
  expect(inviteOf(group.state, byInvite(1).invite)).toMatchObject({ usesLeft: 0, ended: { index: 4, cause: "spent" } });
  expect(group.try(ana, [admit(dara, "member", byInvite(1))])).toBe("invite-ended");
});

test("an invite is of no use once ended, once expired, when unknown, or for a higher role", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [invite(1), invite(2), invite(3)])).toBe("applied");
  expect(group.try(ana, [admit(bo, "facilitator", byInvite(3))])).toBe("role-above-invite");
  expect(group.try(ana, [endInvite(1)])).toBe("applied");
  expect(group.try(ana, [admit(bo, "member", byInvite(1))])).toBe("invite-ended");
  expect(group.try(ana, [admit(bo, "member", byInvite(4))])).toBe("invite-unknown");
  const late = { time: FOUNDED_AT + 30 * DAY };
  expect(group.try(ana, [admit(bo, "member", byInvite(2))], late)).toBe("invite-expired");
  expect(group.try(ana, [admit(bo, "member", byInvite(2))], { time: late.time - 1 })).toBe("applied");
});

test("an invite may give the facilitator's role where it says so", () => {
  const group = TestGroup.found(ana);
  const presets = { role: "facilitator", union: null, language: null, note: null } as const;
  expect(group.try(ana, [invite(1, { presets })])).toBe("applied");
  expect(group.try(ana, [admit(bo, "facilitator", byInvite(1))])).toBe("applied");
});

test("an invite has expired when a facilitator's entry that counted is past it, whatever later clocks say", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [instantInvite(1)])).toBe("applied");
  const late = { time: FOUNDED_AT + 6 * DAY };
  expect(group.try(bo, [update(bo, [bo.certifies(1)])], late)).toBe("applied");
  expect(group.try(chidi, [join(group, chidi, 1)], { ...joining, time: FOUNDED_AT })).toBe("applied");
  expect(group.try(ana, [admit(ana)], late)).toBe("target-already-in");
  expect(group.try(ana, [update(ana, [ana.certifies(1)])], late)).toBe("applied");
  const dated = { statements: [dara.certifies(0, 0)], time: FOUNDED_AT };
  expect(group.try(dara, [join(group, dara, 1)], dated)).toBe("invite-expired");
});

test("whoever holds an instant link joins, with the role it gives", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [instantInvite(1)])).toBe("applied");
  expect(group.try(chidi, [join(group, chidi, 1)], joining)).toBe("applied");
  expect(accountOf(group.state, chidi.key)).toMatchObject({ stays: [{ came: { kind: "joined" } }], facilitations: [] });
  expect(inviteOf(group.state, byInvite(1).invite)).toMatchObject({ usesLeft: 1 });
});

test("a join counts only with the signature of the invite's request key over this very guest", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [instantInvite(1), instantInvite(2)])).toBe("applied");
  const { signature } = join(group, chidi, 1);
  const others = join(group, dara, 1);
  expect(group.try(dara, [{ ...others, signature }], { statements: others.statements })).toBe(
    "request-signature-invalid",
  );
  expect(group.try(chidi, [{ ...join(group, chidi, 2), signature }], joining)).toBe("request-signature-invalid");
  const otherDevice = { device: 1, statements: [chidi.certifies(1)] };
  expect(group.try(chidi, [{ ...join(group, chidi, 1) }], otherDevice)).toBe("request-signature-invalid");
  expect(group.try(chidi, [join(group, chidi, 1, {}, 1)], otherDevice)).toBe("applied");
});

test("an invite with approval lets nobody join", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [invite(1)])).toBe("applied");
  expect(group.try(chidi, [join(group, chidi, 1)], joining)).toBe("invite-not-instant");
  expect(group.try(chidi, [join(group, chidi, 2)], joining)).toBe("invite-unknown");
});

test("an instant invite takes no more than its uses", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [instantInvite(1, { uses: 1 })])).toBe("applied");
  expect(group.try(chidi, [join(group, chidi, 1)], joining)).toBe("applied");
  expect(group.try(dara, [join(group, dara, 1)], { statements: [dara.certifies(0, 0)] })).toBe("invite-ended");
});

test("a member does not join again", () => {
  const group = TestGroup.found(ana, { members: [chidi] });
  expect(group.try(ana, [instantInvite(1)])).toBe("applied");
  expect(group.try(chidi, [join(group, chidi, 1)])).toBe("target-already-in");
});

test("a removed account comes back only by admit; one that left may join", () => {
  const group = TestGroup.found(ana, { members: [bo, chidi] });
  expect(group.try(ana, [remove(chidi), group.era()])).toBe("applied");
  expect(group.try(bo, [leave()])).toBe("applied");
  expect(group.try(ana, [instantInvite(1)])).toBe("applied");
  expect(group.try(chidi, [join(group, chidi, 1)])).toBe("removed-before");
  expect(group.try(bo, [join(group, bo, 1)])).toBe("applied");
  expect(group.try(ana, [admit(chidi)])).toBe("applied");
});

test("a guest does nothing else before joining, and what any member may after", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [instantInvite(1)])).toBe("applied");
  expect(group.try(chidi, [update(bo, []), join(group, chidi, 1)], joining)).toBe("not-a-member");
  expect(group.try(chidi, [join(group, chidi, 1), remove(bo)], joining)).toBe("not-a-facilitator");
  expect(group.try(chidi, [join(group, chidi, 1), group.era()], joining)).toBe("not-a-facilitator");
  expect(group.try(chidi, [join(group, chidi, 1), update(chidi, [chidi.certifies(1)])], joining)).toBe("applied");
});

test("a guest who joins and revokes the signing device does nothing more", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [instantInvite(1)])).toBe("applied");
  const statements = [chidi.certifies(0, 0), chidi.revokes(0, 0)];
  const joins = join(group, chidi, 1, { statements });
  expect(group.try(chidi, [joins, update(chidi, [])], joining)).toBe("nothing-may-follow");
  expect(group.try(chidi, [joins], joining)).toBe("applied");
});

test("an account admitted without a steward key is not among the stewards", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo, "facilitator", { stewardKey: null })])).toBe("applied");
  expect(stewardListOf(group.state)).toStrictEqual([ana.stewardKey().publicKey]);
});

test("a group holds 5,000 accounts and no more", () => {
  const group = TestGroup.found(ana);
  const { state } = group;
  const member = accountOf(state, ana.key) ?? missing();
  const crowd = Array.from(
    { length: 4_999 },
    (_, number) => [`crowd ${number}`, { ...member, stewardKey: null }] as const,
  );
  group.state = { ...state, accounts: new Map([...state.accounts, ...crowd]) };
  expect(group.try(ana, [admit(bo)])).toBe("group-full");
  group.state = { ...state, accounts: new Map([...state.accounts, ...crowd.slice(1)]) };
  expect(group.try(ana, [admit(bo)], { time: FOUNDED_AT })).toBe("applied");
});

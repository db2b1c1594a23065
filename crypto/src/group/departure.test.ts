import { expect, test } from "vitest";
import { accountOf } from "./group-state.ts";
import { inviteOf } from "./invite-state.ts";
import { stewardListOf } from "./steward-list.ts";
import { person } from "./testing/people.ts";
import {
  admit,
  instantInvite,
  invite,
  InviteSecrets,
  leave,
  remove,
  changeRole,
  TestGroup,
  update,
} from "./testing/test-group.ts";

const [ana, bo, chidi, dara] = [person("ana"), person("bo"), person("chidi"), person("dara")];
const endOf = (group: TestGroup, number: number) => inviteOf(group.state, new InviteSecrets(number).id)?.ended;

test("a removal without an era in its entry is void", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [remove(bo)])).toBe("era-missing");
  expect(group.try(ana, [remove(bo), group.era()])).toBe("applied");
  expect(accountOf(group.state, bo.key)?.stays).toMatchObject([{ until: 2, ended: "removed" }]);
});

test("only a facilitator removes, and nobody oneself or somebody who is not in", () => {
  const group = TestGroup.found(ana, { members: [bo, chidi] });
  expect(group.try(bo, [remove(chidi), group.era()])).toBe("not-a-facilitator");
  expect(group.try(bo, [remove(ana), group.era()])).toBe("not-a-facilitator");
  expect(group.try(ana, [remove(ana), group.era()])).toBe("removes-oneself");
  expect(group.try(ana, [remove(dara), group.era()])).toBe("target-not-in");
  expect(group.try(ana, [remove(bo), remove(bo), group.era()])).toBe("target-not-in");
});

test("a removal ends all instant invites and those the removed member made", () => {
  const group = TestGroup.found(ana, { facilitators: [bo], members: [chidi] });
  expect(group.try(bo, [invite(1), instantInvite(2)])).toBe("applied");
  expect(group.try(ana, [invite(3), instantInvite(4)])).toBe("applied");
  expect(group.try(ana, [remove(bo), group.era()])).toBe("applied");
  expect([1, 2, 3, 4].map((number) => endOf(group, number)?.cause ?? "open")).toStrictEqual([
    "removal",
    "removal",
    "open",
    "removal",
  ]);
  expect(group.state.eraDue).toStrictEqual([]);
});

test("whoever is removed, leaves or is demoted goes off the list of stewards at once", () => {
  const group = TestGroup.found(ana, { facilitators: [bo, chidi, dara] });
  expect(stewardListOf(group.state)).toHaveLength(4);
  expect(group.try(ana, [remove(bo), group.era()])).toBe("applied");
  expect(group.try(chidi, [leave()])).toBe("applied");
  expect(group.try(ana, [changeRole(dara, "member"), group.era()])).toBe("applied");
  expect(stewardListOf(group.state)).toStrictEqual([ana.stewardKey().publicKey]);
});

test("anybody leaves, an era becomes due, and instant invites end", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [invite(1), instantInvite(2)])).toBe("applied");
  expect(group.try(bo, [leave()])).toBe("applied");
  expect(accountOf(group.state, bo.key)?.stays).toMatchObject([{ until: 2, ended: "left" }]);
  expect(endOf(group, 1)).toBeNull();
  expect(endOf(group, 2)).toStrictEqual({ index: 2, cause: "leave" });
  expect(group.state.eraDue.map(({ kind }) => kind)).toStrictEqual(["left", "invite-ended"]);
  expect(group.try(ana, [group.era()])).toBe("applied");
  expect(group.state.eraDue).toStrictEqual([]);
});

test("nothing follows leave: an era would give its key to who goes", () => {
  const group = TestGroup.found(ana, { facilitators: [bo] });
  expect(group.try(bo, [leave(), group.era()])).toBe("nothing-may-follow");
  expect(group.try(bo, [leave(), leave()])).toBe("nothing-may-follow");
  expect(group.try(bo, [admit(chidi), leave()])).toBe("applied");
  expect(group.try(bo, [leave()])).toBe("not-a-member");
});

test("a facilitator gives the role, and takes it with last words and an era", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [changeRole(bo, "facilitator")])).toBe("applied");
  expect(group.try(ana, [changeRole(bo, "member")])).toBe("era-missing");
  expect(group.try(ana, [changeRole(bo, "member", null), group.era()])).toBe("last-words-missing");
  expect(group.try(ana, [changeRole(bo, "member"), group.era()])).toBe("applied");
  expect(accountOf(group.state, bo.key)?.facilitations).toStrictEqual([{ from: 1, until: 4 }]);
});

test("an ordinary member gives and takes no role", () => {
  const group = TestGroup.found(ana, { members: [bo, chidi] });
  expect(group.try(bo, [changeRole(bo, "facilitator")])).toBe("not-a-facilitator");
  expect(group.try(bo, [changeRole(ana, "member"), group.era()])).toBe("not-a-facilitator");
  expect(group.try(ana, [changeRole(dara, "facilitator")])).toBe("target-not-in");
});

test("last words stand only where a role is lost", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [changeRole(bo, "facilitator", [])])).toBe("last-words-misplaced");
  expect(group.try(ana, [changeRole(bo, "member", [])])).toBe("last-words-misplaced");
  expect(group.try(ana, [changeRole(bo, "member", null)])).toBe("applied");
  expect(group.try(ana, [changeRole(ana, "facilitator", null)])).toBe("applied");
});

test("one's own demotion is followed only by its era, judged by the standing before", () => {
  const group = TestGroup.found(ana, { facilitators: [bo], members: [chidi] });
  expect(group.try(bo, [changeRole(bo, "member")])).toBe("era-missing");
  expect(group.try(bo, [changeRole(bo, "member"), admit(dara), group.era()])).toBe("nothing-may-follow");
  expect(group.try(bo, [changeRole(bo, "member"), leave()])).toBe("nothing-may-follow");
  expect(group.try(bo, [changeRole(bo, "member"), group.era()])).toBe("applied");
  expect(group.try(bo, [group.era()])).toBe("not-a-facilitator");
});

test("the demotion of another may be followed by anything", () => {
  const group = TestGroup.found(ana, { facilitators: [bo] });
  expect(group.try(ana, [changeRole(bo, "member"), admit(dara), remove(bo), group.era()])).toBe("applied");
});

test("somebody demoted acts no more as facilitator in the same entry or later", () => {
  const group = TestGroup.found(ana, { facilitators: [bo] });
  expect(group.try(ana, [changeRole(bo, "member"), group.era()])).toBe("applied");
  expect(group.try(bo, [changeRole(bo, "facilitator")])).toBe("not-a-facilitator");
  expect(group.try(bo, [update(bo, [bo.certifies(1)])])).toBe("applied");
});

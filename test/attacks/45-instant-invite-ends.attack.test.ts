import { boxRecipients, liveInstantInvites, newestEra } from "@unionhall/crypto";
import { beforeEach, expect, test } from "vitest";
import { person } from "../../crypto/src/group/testing/people.ts";
import {
  admit,
  DAY,
  FOUNDED_AT,
  instantInvite,
  join,
  leave,
  remove,
  revoke,
  TestGroup,
} from "../../crypto/src/group/testing/test-group.ts";

const ana = person("ana");
const [bongani, chidi, lurker] = [person("bongani"), person("chidi"), person("lurker")];

let group: TestGroup;
beforeEach(() => {
  group = TestGroup.found(ana, { members: [bongani, chidi] });
  group.act(ana, [instantInvite(1)]);
});

/** Whether the holder of the link would find a box in the next era, and could walk in. */
function linkWorks(): { readonly boxed: boolean; readonly walksIn: string } {
  const era = newestEra(group.state);
  const boxed = era !== null && boxRecipients(group.state, era).some(({ kind }) => kind === "invite");
  return { boxed, walksIn: group.try(lurker, [join(group, lurker, 1)], { statements: [lurker.certifies(0)] }) };
}

test("attack 45: while it is open the link holder is boxed each era and can walk in", () => {
  group.act(ana, [group.era()]);
  expect(linkWorks()).toEqual({ boxed: true, walksIn: "applied" });
});

test.each([
  ["a removal", () => group.act(ana, [remove(chidi), group.era()])],
  ["somebody leaving", () => group.act(chidi, [leave()])],
  ["a revocation", () => group.act(bongani, [revoke(bongani, 0)])],
  [
    "a change to from-joining",
    () => group.act(ana, [{ kind: "rules", rules: { history: "from-joining", retentionDays: null } }, group.era()]),
  ],
])("attack 45: %s ends it: no further box, nobody walks in", (_, happens) => {
  happens();
  group.act(ana, [group.era()]);
  expect(linkWorks()).toEqual({ boxed: false, walksIn: "invite-ended" });
});

test("attack 45: its expiry ends it without anybody doing anything", () => {
  group.act(ana, [group.era()], { time: FOUNDED_AT + 6 * DAY });
  expect(liveInstantInvites(group.state, FOUNDED_AT + 6 * DAY)).toEqual([]);
  expect(linkWorks()).toEqual({ boxed: false, walksIn: "invite-expired" });
});

test("attack 45: the last use ends it", () => {
  const [one, two] = [person("one"), person("two")];
  for (const who of [one, two]) group.act(who, [join(group, who, 1)], { statements: [who.certifies(0)] });
  group.act(ana, [group.era()]);
  expect(linkWorks()).toEqual({ boxed: false, walksIn: "invite-ended" });
});

test("attack 45: under from-joining there are none", () => {
  const strict = TestGroup.found(ana, { rules: { history: "from-joining", retentionDays: null } });
  expect(strict.try(ana, [instantInvite(2)])).toBe("instant-invite-limits");
});

test("attack 45: a removed account cannot join again, only be admitted", () => {
  group.act(ana, [remove(chidi), group.era()]);
  group.act(ana, [instantInvite(2)]);
  expect(group.try(chidi, [join(group, chidi, 2)], { statements: [chidi.certifies(0)] })).toBe("removed-before");
  expect(group.try(ana, [admit(chidi)])).toBe("applied");
});

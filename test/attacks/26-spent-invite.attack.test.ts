import { expect, test } from "vitest";
import { person } from "../../crypto/src/group/testing/people.ts";
import {
  admit,
  DAY,
  endInvite,
  FOUNDED_AT,
  instantInvite,
  InviteSecrets,
  invite,
  join,
  TestGroup,
} from "../../crypto/src/group/testing/test-group.ts";

const ana = person("ana");
const guests = ["bongani", "chidi", "dolores"].map((name) => person(name));
const [bongani, chidi, dolores] = [person("bongani"), person("chidi"), person("dolores")];
const by = (number: number) => ({ invite: new InviteSecrets(number).id });

test("attack 26: an invite for two admits two, the third is void", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [invite(1, { uses: 2 })]);
  const verdicts = guests.map((guest) => group.try(ana, [admit(guest, "member", by(1))]));
  expect(verdicts).toEqual(["applied", "applied", "invite-ended"]);
});

test("attack 26: two who walk in by the last use at once: the later entry is void on every client", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [instantInvite(1, { uses: 1 })]);
  expect(group.try(bongani, [join(group, bongani, 1)], { statements: [bongani.certifies(0)] })).toBe("applied");
  expect(group.try(chidi, [join(group, chidi, 1)], { statements: [chidi.certifies(0)] })).toBe("invite-ended");
});

test("attack 26: after its expiry an invite admits nobody, whatever the entry's own clock says", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [invite(1, { expiry: FOUNDED_AT + DAY })]);
  expect(group.try(ana, [admit(bongani, "member", by(1))], { time: FOUNDED_AT + DAY - 1 })).toBe("applied");
  expect(group.try(ana, [admit(chidi, "member", by(1))], { time: FOUNDED_AT + DAY })).toBe("invite-expired");
  // A facilitator's counted entry has set the chain's time; a clock turned back does not help.
  expect(group.try(ana, [admit(dolores)], { time: FOUNDED_AT + 2 * DAY })).toBe("applied");
  expect(group.try(ana, [admit(chidi, "member", by(1))], { time: FOUNDED_AT + 1 })).toBe("invite-expired");
});

test("attack 26: after it was ended it admits nobody", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [instantInvite(1)]);
  group.act(ana, [endInvite(1), group.era()]);
  expect(group.try(bongani, [join(group, bongani, 1)], { statements: [bongani.certifies(0)] })).toBe("invite-ended");
  expect(group.try(ana, [admit(bongani, "member", by(1))])).toBe("invite-ended");
});

test("attack 26: nobody comes in higher than the invite says", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [invite(1)]);
  expect(group.try(ana, [admit(bongani, "facilitator", by(1))])).toBe("role-above-invite");
  expect(
    group.try(ana, [instantInvite(2, { presets: { role: "facilitator", union: null, language: null, note: null } })]),
  ).toBe("instant-invite-limits");
});

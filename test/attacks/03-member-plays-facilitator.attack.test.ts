import { isFacilitator, membersOf, stewardListOf } from "@unionhall/crypto";
import { beforeEach, expect, test } from "vitest";
import { person } from "../../crypto/src/group/testing/people.ts";
import { admit, changeRole, invite, remove, TestGroup } from "../../crypto/src/group/testing/test-group.ts";

const ana = person("ana");
const bongani = person("bongani");
const mole = person("mole");
const accomplice = person("accomplice");

let group: TestGroup;
beforeEach(() => {
  group = TestGroup.found(ana, { facilitators: [bongani], members: [mole] });
});

function standing(): unknown {
  return {
    members: membersOf(group.state).map(({ identityKey }) => identityKey),
    facilitators: membersOf(group.state).filter(isFacilitator).length,
    rules: group.state.rules,
    invites: group.state.invites.size,
    eras: group.state.eras.length,
    stewards: stewardListOf(group.state),
  };
}

test.each([
  ["admits somebody", () => [admit(accomplice)]],
  ["admits a facilitator", () => [admit(accomplice, "facilitator")]],
  ["removes a facilitator", () => [remove(ana), group.era()]],
  [
    "removes another member in one entry with itself made facilitator",
    () => [changeRole(mole, "facilitator"), remove(ana), group.era()],
  ],
  ["makes itself facilitator", () => [changeRole(mole, "facilitator")]],
  ["takes the role from a facilitator", () => [changeRole(ana, "member"), group.era()]],
  [
    "changes the rules",
    () => [{ kind: "rules", rules: { history: "from-joining", retentionDays: 1 } } as const, group.era()],
  ],
  ["makes an invite", () => [invite(1)]],
  ["cuts the history", () => [{ kind: "cut", day: 1 } as const]],
  ["starts an era", () => [group.era()]],
])("attack 3: a member %s: void, and nothing changes", (_, operations) => {
  const before = standing();
  expect(group.try(mole, operations())).toBe("not-a-facilitator");
  expect(standing()).toEqual(before);
  expect(group.last).toMatchObject({ kind: "refused", sender: { identityKey: mole.key } });
});

test("attack 3: the same acts by a facilitator count", () => {
  expect(group.try(bongani, [admit(accomplice)])).toBe("applied");
  expect(group.try(bongani, [remove(accomplice), group.era()])).toBe("applied");
});

import {
  type BoxKeyPair,
  boxLabel,
  type BoxOwner,
  boxRecipientsOfEntry,
  equalBytes,
  type LabelKeyPair,
  makeBoxes,
  newestEra,
  openBox,
  OpenError,
  signDeviceStatement,
  statementForGroups,
  type StatementWire,
} from "@unionhall/crypto";
import { expect, test } from "vitest";
import { type Person, person } from "../../crypto/src/group/testing/people.ts";
import { admit, instantInvite, InviteSecrets, TestGroup, update } from "../../crypto/src/group/testing/test-group.ts";

const ana = person("ana");
const victim = person("victim");
const mole = person("mole");

/** The mole's own box key, with a label key of which it knows only the public half. */
function copying(labelKey: Uint8Array, device = 1): StatementWire {
  const boxKey = { generation: 5, publicKey: mole.boxKeyPair(5).publicKey, labelKey };
  const details = { name: "", boxPublicKey: mole.boxKeyPair().publicKey };
  const fact = { signingKey: mole.device(device).publicKey, details, day: 20_000 };
  return statementForGroups(signDeviceStatement(mole.identity, fact, boxKey));
}

/** Whether the boxes of the newest entry hold one that this recipient finds by itself, and that opens the era. */
function reaches(group: TestGroup, owner: BoxOwner, label: LabelKeyPair, box: BoxKeyPair): boolean {
  const { groupId } = group.state;
  const era = newestEra(group.state);
  if (era === null) throw new Error("a founded group has an era");
  const own = boxLabel(label, era.labelKey, owner, groupId, era.number);
  const { boxes } = makeBoxes(groupId, group.newest, boxRecipientsOfEntry(group.state, group.items.length - 1));
  return boxes.filter((made) => equalBytes(made.label, own)).some((made) => opens(made.box, group, box));
}

function opens(box: Uint8Array, group: TestGroup, key: BoxKeyPair): boolean {
  try {
    return equalBytes(openBox(box, group.state.groupId, group.newest.number, key).eraKey, group.newest.eraKey);
  } catch (error) {
    if (error instanceof OpenError) return false;
    throw error;
  }
}

const reachesAccount = (group: TestGroup, who: Person, generation = 0): boolean =>
  reaches(group, { kind: "account", identityKey: who.key }, who.labelKeyPair(generation), who.boxKeyPair(generation));

test("attack 41: a member who certifies another's label key as its own takes nobody's box away", () => {
  const group = TestGroup.found(ana, { members: [victim, mole] });
  expect(group.try(mole, [update(mole, [copying(victim.labelKeyPair().publicKey)])])).toBe("applied");
  expect(group.try(ana, [group.era()])).toBe("applied");
  expect([ana, victim].map((who) => reachesAccount(group, who))).toEqual([true, true]);
});

test("attack 41: who certifies a label key before its owner comes in does not keep the owner out", () => {
  const group = TestGroup.found(ana, { members: [mole] });
  // The mole met the victim in another group.
  expect(group.try(mole, [update(mole, [copying(victim.labelKeyPair().publicKey)])])).toBe("applied");
  expect(group.try(ana, [admit(victim)])).toBe("applied");
  expect(reachesAccount(group, victim)).toBe(true);
  expect(group.try(ana, [group.era()])).toBe("applied");
  expect([ana, victim].map((who) => reachesAccount(group, who))).toEqual([true, true]);
});

test("attack 41: with both coming in by one entry the owner's box is there too", () => {
  const group = TestGroup.found(ana);
  const statements = [copying(victim.labelKeyPair().publicKey, 0)];
  expect(group.try(ana, [admit(victim), admit(mole, "member", { statements })])).toBe("applied");
  expect(reachesAccount(group, victim)).toBe(true);
});

test("attack 41: an instant invite with another's label key, or another invite's keys, takes no box away", () => {
  const group = TestGroup.found(ana, { members: [victim], facilitators: [mole] });
  const theirs = new InviteSecrets(1);
  expect(group.try(ana, [instantInvite(1)])).toBe("applied");
  const boxKey = mole.boxKeyPair().publicKey;
  const copies = [theirs.labelKeyPair, victim.labelKeyPair()].map(({ publicKey: labelKey }, at) =>
    instantInvite(at + 2, {
      admission: { kind: "instant", keys: { boxKey, labelKey } },
      requestKey: at === 0 ? theirs.requestKey.publicKey : victim.key,
    }),
  );
  expect(group.try(mole, copies)).toBe("applied");
  expect(group.try(ana, [group.era()])).toBe("applied");
  expect(reachesAccount(group, victim)).toBe(true);
  expect(reaches(group, { kind: "invite", invite: theirs.id }, theirs.labelKeyPair, theirs.boxKeyPair)).toBe(true);
});

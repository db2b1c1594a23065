import {
  type BoxKey,
  boxRecipients,
  isUsableBoxKey,
  isUsableLabelKey,
  makeBoxes,
  newestEra,
  signDeviceStatement,
  statementForGroups,
  type StatementWire,
} from "@unionhall/crypto";
import { expect, test } from "vitest";
import { type Person, person } from "../../crypto/src/group/testing/people.ts";
import {
  admit,
  foundingEntry,
  found,
  instantInvite,
  invite,
  join,
  TestGroup,
  update,
} from "../../crypto/src/group/testing/test-group.ts";
import { firstEra, eraOperation } from "../../crypto/src/group/era.ts";
import { seededRandom } from "../../crypto/src/testing/seeded-random.ts";

const ana = person("ana");
const chidi = person("chidi");
const good = person("spare").boxKey(0);

/** Coefficients beyond ML-KEM's modulus: libsodium throws on them, and one would stop every later era. */
const unreduced = new Uint8Array(1216).fill(0xff);
const zero = new Uint8Array(32);
const orderEight = Uint8Array.from(
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800".match(/../g) ?? [],
  (pair) => Number.parseInt(pair, 16),
);

const malformed: readonly (readonly [string, Partial<BoxKey>])[] = [
  ["an unreduced box key", { publicKey: unreduced }],
  ["a zero label key", { labelKey: zero }],
  ["a label key of order 8", { labelKey: orderEight }],
];

function certifiesWith(who: Person, keys: Partial<BoxKey>, device = 0): StatementWire {
  const fact = {
    signingKey: who.device(device).publicKey,
    details: { name: "", boxPublicKey: good.publicKey },
    day: 20_000,
  };
  return statementForGroups(signDeviceStatement(who.identity, fact, { ...good, generation: 5, ...keys }));
}

test("attack 41: the trial finds malformed keys and passes good ones", () => {
  expect(isUsableBoxKey(good.publicKey)).toBe(true);
  expect(isUsableLabelKey(good.labelKey)).toBe(true);
  expect(isUsableBoxKey(unreduced)).toBe(false);
  expect(isUsableBoxKey(new Uint8Array(1215))).toBe(false);
  expect(isUsableLabelKey(zero)).toBe(false);
  expect(isUsableLabelKey(orderEight)).toBe(false);
});

test.each(malformed)(
  "attack 41: %s is refused in found, admit, join, account-update and statements of an entry",
  (_, keys) => {
    const era = firstEra(seededRandom("era"));
    const founding = foundingEntry(ana, [found(ana), eraOperation(era)], { statements: [certifiesWith(ana, keys)] });
    expect(TestGroup.of(founding, era).verdict).toBe("unusable-key");

    const group = TestGroup.found(ana, { members: [person("bongani")] });
    expect(group.try(ana, [admit(chidi, "member", { statements: [certifiesWith(chidi, keys)] })])).toBe("unusable-key");
    expect(group.try(ana, [update(ana, [certifiesWith(ana, keys, 1)])])).toBe("unusable-key");
    expect(group.try(ana, [admit(chidi)], { statements: [certifiesWith(ana, keys, 1)] })).toBe("unusable-key");
    group.act(ana, [instantInvite(1)]);
    expect(
      group.try(chidi, [join(group, chidi, 1, { statements: [certifiesWith(chidi, keys)] })], {
        statements: [chidi.certifies(0)],
      }),
    ).toBe("unusable-key");
  },
);

test("attack 41: malformed keys of an invite, its desk and of an era are refused", () => {
  const group = TestGroup.found(ana);
  const { desk } = invite(1);
  expect(group.try(ana, [invite(1, { desk: { ...desk, boxKey: unreduced } })])).toBe("unusable-key");
  const instantKeys = { boxKey: unreduced, labelKey: good.labelKey };
  expect(group.try(ana, [instantInvite(1, { admission: { kind: "instant", keys: instantKeys } })])).toBe(
    "unusable-key",
  );
  expect(group.try(ana, [{ ...group.era(), labelKey: zero }])).toBe("unusable-key");
});

test("attack 41: making boxes never fails as a whole: one recipient that fails is skipped and named", () => {
  const group = TestGroup.found(ana, { members: [person("bongani"), chidi] });
  const era = newestEra(group.state);
  if (era === null) throw new Error("a founded group has an era");
  const [first, second, third] = boxRecipients(group.state, era);
  if (first === undefined || second === undefined || third === undefined) throw new Error("three members");
  const broken = { ...second, boxKey: unreduced };
  const made = makeBoxes(group.state.groupId, group.newest, [first, broken, third]);
  expect(made.boxes).toHaveLength(2);
  expect(made.skipped).toHaveLength(1);
});

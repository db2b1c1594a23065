import { expect, test } from "vitest";
import { signDeviceStatement, signRevokeStatement } from "../account/sign-statements.ts";
import { type BoxKey, statementForGroups, type StatementWire } from "../account/statements.ts";
import { accountOf } from "./group-state.ts";
import { inviteOf } from "./invite-state.ts";
import { stewardListOf } from "./steward-list.ts";
import { type Person, person, seedOf } from "./testing/people.ts";
import { admit, instantInvite, InviteSecrets, leave, revoke, TestGroup, update } from "./testing/test-group.ts";
import { signingKeyPair } from "../primitives/sign.ts";

const [ana, bo, chidi] = [person("ana"), person("bo"), person("chidi")];
const words = (who: Person, device: number, number = 3) => ({
  device: who.device(device).publicKey,
  heads: [{ number, hash: seedOf("record", number) }],
});

/** Certifies the `number`th of many devices, with a box key of that generation where asked. */
function manyth(who: Person, number: number, boxKey: BoxKey | null): StatementWire {
  const { publicKey } = signingKeyPair(seedOf("many", number));
  const details = { name: "", boxPublicKey: who.boxKeyPair().publicKey };
  return statementForGroups(signDeviceStatement(who.identity, { signingKey: publicKey, details, day: 1 }, boxKey));
}

test("any member hands on a newer statement of another", () => {
  const group = TestGroup.found(ana, { members: [bo, chidi] });
  expect(group.try(chidi, [update(bo, [bo.certifies(1)])])).toBe("applied");
  expect(group.try(bo, [leave()], { device: 1 })).toBe("applied");
});

test("statements that bring nothing new are no failure", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const before = accountOf(group.state, bo.key);
  expect(group.try(bo, [update(bo, [bo.certifies(0, 0)])])).toBe("applied");
  expect(group.try(bo, [update(bo, [])])).toBe("applied");
  expect(accountOf(group.state, bo.key)).toStrictEqual(before);
});

test("an update of an account that is not in is void, also of one that went", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [update(chidi, [chidi.certifies(0, 0)])])).toBe("target-not-in");
  expect(group.try(bo, [leave()])).toBe("applied");
  expect(group.try(ana, [update(bo, [bo.certifies(1)])])).toBe("target-not-in");
});

test("the account itself revokes a device with last words and a new steward key", () => {
  const group = TestGroup.found(ana, { facilitators: [bo] });
  expect(group.try(bo, [revoke(bo, 1, { lastWords: null })])).toBe("last-words-missing");
  expect(group.try(bo, [revoke(bo, 1, { stewardKey: null })])).toBe("steward-key-missing");
  expect(group.try(bo, [revoke(bo, 1, { stewardKey: bo.stewardKey().publicKey })])).toBe("steward-key-used");
  expect(group.try(bo, [revoke(bo, 1)])).toBe("applied");
  expect(stewardListOf(group.state)).toContainEqual(bo.stewardKey(1).publicKey);
  expect(stewardListOf(group.state)).not.toContainEqual(bo.stewardKey(0).publicKey);
});

test("an ordinary member must give a new steward key with a revocation too", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [revoke(bo, 1, { stewardKey: null })])).toBe("steward-key-missing");
});

test("a facilitator revokes another's device, which strikes the steward key until the account gives a new one", () => {
  const group = TestGroup.found(ana, { facilitators: [bo] });
  const by = { stewardKey: null };
  expect(group.try(ana, [revoke(bo, 1, { lastWords: null, ...by })])).toBe("last-words-missing");
  expect(group.try(ana, [revoke(bo, 1)])).toBe("steward-key-of-another");
  expect(group.try(ana, [revoke(bo, 1, by)])).toBe("applied");
  expect(stewardListOf(group.state)).toStrictEqual([ana.stewardKey().publicKey]);
  expect(group.try(bo, [update(bo, [], { stewardKey: bo.stewardKey(0).publicKey })])).toBe("steward-key-used");
  expect(group.try(bo, [update(bo, [], { stewardKey: bo.stewardKey(1).publicKey })])).toBe("applied");
  expect(stewardListOf(group.state)).toHaveLength(2);
});

test("nobody else revokes: a mole cannot carry in a revocation with last words of its own", () => {
  const group = TestGroup.found(ana, { members: [bo, chidi] });
  expect(group.try(chidi, [revoke(bo, 1, { stewardKey: null })])).toBe("revocation-by-another");
  expect(accountOf(group.state, bo.key)?.lastWords).toStrictEqual([]);
  expect(group.try(bo, [revoke(bo, 1, { lastWords: [words(bo, 1)] })])).toBe("applied");
});

test("somebody else's update sets no steward key", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const stewardKey = ana.stewardKey(7).publicKey;
  expect(group.try(ana, [update(bo, [], { stewardKey })])).toBe("steward-key-of-another");
});

test("a steward key once replaced never counts again", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [update(ana, [], { stewardKey: ana.stewardKey(1).publicKey })])).toBe("applied");
  expect(group.try(ana, [update(ana, [], { stewardKey: ana.stewardKey(0).publicKey })])).toBe("steward-key-used");
});

test("a revoked device signs nothing more, and its revocation may be the last thing it signs", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [revoke(bo, 0)])).toBe("applied");
  expect(group.try(bo, [leave()])).toBe("device-revoked");
  expect(group.try(bo, [leave()], { statements: [bo.certifies(0, 0)] })).toBe("device-revoked");
  expect(group.try(bo, [leave()], { device: 1, statements: [bo.certifies(1)] })).toBe("applied");
});

test("nothing follows the revocation of the signing device; after that of another one anything may", () => {
  const group = TestGroup.found(ana, { facilitators: [bo] });
  expect(group.try(bo, [revoke(bo, 0), group.era()])).toBe("nothing-may-follow");
  expect(group.try(bo, [revoke(bo, 1), admit(chidi), group.era()])).toBe("applied");
});

test("last words name only devices that are revoked", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [revoke(bo, 1, { lastWords: [words(bo, 2)] })])).toBe("last-words-misplaced");
  expect(group.try(bo, [update(bo, [], { lastWords: [words(bo, 0)] })])).toBe("last-words-misplaced");
  expect(group.try(ana, [update(bo, [], { lastWords: [words(ana, 0)] })])).toBe("last-words-misplaced");
});

test("of a device that is revoked already the first last words stand", () => {
  const group = TestGroup.found(ana, { members: [bo, chidi] });
  expect(group.try(bo, [revoke(bo, 1, { lastWords: [words(bo, 1)] })])).toBe("applied");
  const before = accountOf(group.state, bo.key);
  expect(group.try(chidi, [update(bo, [bo.revokes(1)], { lastWords: [words(bo, 1, 9)] })])).toBe("applied");
  expect(accountOf(group.state, bo.key)).toStrictEqual(before);
});

test("a revocation makes an era due and ends instant invites", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [instantInvite(1)])).toBe("applied");
  expect(group.try(bo, [revoke(bo, 1)])).toBe("applied");
  expect(inviteOf(group.state, new InviteSecrets(1).id)?.ended?.cause).toBe("revocation");
  expect(group.state.eraDue.map(({ kind }) => kind)).toStrictEqual(["device-revoked", "invite-ended"]);
});

test("the box key of the highest generation is the current one, since the entry that brought it", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [revoke(bo, 1)])).toBe("applied");
  expect(group.try(bo, [update(bo, [bo.certifies(3, 0)])])).toBe("applied");
  const boxKeys = accountOf(group.state, bo.key)?.boxKeys ?? [];
  expect(boxKeys.map(({ since, boxKey }) => [since, boxKey.generation])).toStrictEqual([
    [0, 0],
    [1, 1],
  ]);
});

test.each<[string, Partial<BoxKey>]>([
  ["an X-Wing key that is not reduced", { publicKey: new Uint8Array(1216).fill(0xff) }],
  ["a label key of low order", { labelKey: new Uint8Array(32) }],
  ["a label key of low order, written otherwise", { labelKey: Uint8Array.from([1, ...new Uint8Array(31)]) }],
])("a statement with %s makes the entry void, wherever it stands", (_, bad) => {
  const group = TestGroup.found(ana, { members: [bo] });
  const boxKey = { ...bo.boxKey(1), ...bad };
  const fact = { signingKey: bo.device(1).publicKey, day: 1 };
  const statement = statementForGroups(signRevokeStatement(bo.identity, fact, boxKey));
  expect(group.try(bo, [update(bo, [statement], { lastWords: [] })])).toBe("unusable-key");
  expect(group.try(bo, [leave()], { statements: [statement] })).toBe("unusable-key");
  const guests = statementForGroups(signRevokeStatement(chidi.identity, fact, boxKey));
  const statements = [chidi.certifies(0, 0), guests];
  expect(group.try(ana, [admit(chidi, "member", { statements })])).toBe("unusable-key");
});

test("more than 32 devices, revocations or box keys of one account are too many", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const numbers = Array.from({ length: 32 }, (_, number) => number);
  expect(
    group.try(bo, [
      update(
        bo,
        numbers.map((number) => manyth(bo, number, null)),
      ),
    ]),
  ).toBe("too-many-devices");
  expect(
    group.try(bo, [
      update(
        bo,
        numbers.slice(1).map((number) => manyth(bo, number, null)),
      ),
    ]),
  ).toBe("applied");
  const revocations = [...numbers, 32].map((number) => bo.revokes(number, 1));
  expect(group.try(ana, [update(bo, revocations, { lastWords: [] })])).toBe("too-many-revocations");
  const boxKeys = numbers.map((number) => bo.revokes(number, 1 + number));
  expect(group.try(ana, [update(bo, boxKeys, { lastWords: [] })])).toBe("too-many-box-keys");
});

test("of two box keys that come in one entry the higher one is the current one after it", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const again = update(bo, [bo.revokes(2, 2)], { stewardKey: bo.stewardKey(2).publicKey, lastWords: [] });
  expect(group.try(bo, [revoke(bo, 1), again])).toBe("applied");
  const boxKeys = accountOf(group.state, bo.key)?.boxKeys ?? [];
  expect(boxKeys.map(({ since, boxKey }) => [since, boxKey.generation])).toStrictEqual([
    [0, 0],
    [1, 2],
  ]);
});

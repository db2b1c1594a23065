import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../primitives/bytes.ts";
import { encodeWithin } from "../primitives/encoding.ts";
import { stateWith, testAccount, testBoxKey, testDevice, testRevocation } from "../testing/accounts.ts";
import {
  type AccountState,
  addStatements,
  emptyAccount,
  isLiveDevice,
  liveDevices,
  nextGeneration,
  statementsOf,
} from "./account-state.ts";
import { signRevokeStatement } from "./sign-statements.ts";
import { boxKeyHash, type Statement, statementForGroups, statementForm, verifyStatement } from "./statements.ts";

const ana = testAccount("ana");
const bongani = testAccount("bongani");
const empty = emptyAccount(ana.keys.identity.publicKey);
const second = testDevice(ana.keys, "ana/second", null);
const third = testDevice(ana.keys, "ana/third", testBoxKey("ana/recovered", 3).public);
const [keyOne, keyTwo] = [testBoxKey("ana/one", 1), testBoxKey("ana/two", 1)];
const statements = [
  ana.device.statement,
  second.statement,
  third.statement,
  testRevocation(ana.keys, second, keyOne.public),
  testRevocation(ana.keys, ana.device, keyTwo.public),
];

/** A state as text: equal states, and only they, give equal texts. */
function shown(account: AccountState): string {
  const devices = liveDevices(account).map(({ signingKey }) => toHex(signingKey));
  const all = statementsOf(account).map((wire) => toHex(encodeWithin(statementForm, wire, 8192)));
  return JSON.stringify([
    devices,
    [...account.revoked].toSorted(),
    account.boxKey && toHex(boxKeyHash(account.boxKey)),
    all,
  ]);
}

test("statements make the same account in any order, in any portions, however often they come", () => {
  const whole = shown(stateWith(empty, ...statements));
  const property = fc.property(fc.array(fc.constantFrom(...statements), { maxLength: 12 }), fc.nat(12), (some, cut) => {
    const rest = statements.toReversed();
    const portions = stateWith(stateWith(stateWith(empty, ...some.slice(0, cut)), ...some.slice(cut)), ...rest);
    expect(shown(portions)).toBe(whole);
  });
  fc.assert(property, { seed: 1, numRuns: 60 });
});

test("nothing new changes nothing", () => {
  const account = stateWith(empty, ...statements);
  expect(addStatements(account, statements)).toStrictEqual({ kind: "updated", account, changed: false });
});

test("a device revoked once is revoked for ever, also when the revocation came first", () => {
  const revocation = testRevocation(ana.keys, second, keyOne.public);
  const account = stateWith(stateWith(empty, revocation), second.statement, ana.device.statement);
  expect(isLiveDevice(account, second.signing.publicKey)).toBe(false);
  expect(isLiveDevice(account, ana.device.signing.publicKey)).toBe(true);
  const again = testDevice(ana.keys, "ana/second", testBoxKey("ana/again", 9).public);
  expect(isLiveDevice(stateWith(account, again.statement), second.signing.publicKey)).toBe(false);
});

test("a device certified by nobody, or by another account, is not live", () => {
  expect(isLiveDevice(ana.state, second.signing.publicKey)).toBe(false);
  expect(addStatements(ana.state, [bongani.device.statement])).toStrictEqual({
    kind: "refused",
    reason: "other-account",
  });
});

test("the box key of the highest generation counts, at a tie that with the greater hash", () => {
  const one = testRevocation(ana.keys, ana.device, keyOne.public);
  const two = testRevocation(ana.keys, second, keyTwo.public);
  const [a, b] = [toHex(boxKeyHash(keyOne.public)), toHex(boxKeyHash(keyTwo.public))];
  expect(stateWith(ana.state, one, two).boxKey).toStrictEqual(a > b ? keyOne.public : keyTwo.public);
  expect(stateWith(ana.state, two, one).boxKey).toStrictEqual(a > b ? keyOne.public : keyTwo.public);
  expect(stateWith(ana.state, ...statements).boxKey?.generation).toBe(3);
  expect(nextGeneration(stateWith(ana.state, ...statements))).toBe(4);
  expect(nextGeneration(empty)).toBe(0);
});

test("a part that comes later is added: a group's copy does not lose the device's name", () => {
  const bare = verifyStatement(statementForGroups(ana.device.statement));
  if (bare.kind === "refused") throw new Error(bare.reason);
  const known = stateWith(empty, bare.statement);
  expect(liveDevices(known)[0]?.details).toBeNull();
  expect(shown(stateWith(known, ana.device.statement))).toBe(shown(ana.state));
  expect(shown(stateWith(ana.state, bare.statement))).toBe(shown(ana.state));
});

test("of two signatures over one statement the lesser is kept, whichever came first", () => {
  const { statement } = ana.device;
  const copies = [1, 255].map((byte): Statement => {
    const signature = new Uint8Array(64).fill(byte);
    return { ...statement, wire: { ...statement.wire, signature } };
  });
  expect(shown(stateWith(empty, ...copies))).toBe(shown(stateWith(empty, ...copies.toReversed())));
  expect(statementsOf(stateWith(empty, ...copies.toReversed()))[0]?.signature[0]).toBe(1);
});

test("32 devices, 32 revocations and 32 box keys are taken, one more is refused and changes nothing", () => {
  const devices = Array.from({ length: 33 }, (_, index) => testDevice(ana.keys, `ana/many-${index}`, null));
  const full = stateWith(empty, ...devices.slice(0, 32).map(({ statement }) => statement));
  const last = devices.slice(32).map(({ statement }) => statement);
  expect(addStatements(full, last)).toStrictEqual({ kind: "refused", reason: "too-many-devices" });

  const revoke = (index: number, key: string): Statement =>
    signRevokeStatement(
      ana.keys.identity,
      { signingKey: new Uint8Array(32).fill(index), day: 1 },
      testBoxKey(key, 1).public,
    );
  const withKeys = stateWith(ana.state, ...Array.from({ length: 31 }, (_, index) => revoke(index, `key-${index}`)));
  expect(addStatements(withKeys, [revoke(40, "one-more")])).toStrictEqual({
    kind: "refused",
    reason: "too-many-box-keys",
  });
  const revoked = stateWith(empty, ...Array.from({ length: 32 }, (_, index) => revoke(index, "same")));
  expect(addStatements(revoked, [revoke(40, "same")])).toStrictEqual({
    kind: "refused",
    reason: "too-many-revocations",
  });
});

test("a key to which nothing can be boxed is refused", () => {
  const unusable = [
    { ...keyOne.public, publicKey: new Uint8Array(1216).fill(0xff) },
    { ...keyOne.public, labelKey: new Uint8Array(32) },
  ];
  for (const boxKey of unusable) {
    const statement = testRevocation(ana.keys, second, boxKey);
    expect(verifyStatement(statement.wire).kind).toBe("verified");
    expect(addStatements(ana.state, [statement])).toStrictEqual({ kind: "refused", reason: "unusable-key" });
  }
});

import { expect, test } from "vitest";
import { toHex } from "../primitives/bytes.ts";
import { OpenError } from "../primitives/errors.ts";
import { boxLabel, requestLabel } from "./box-labels.ts";
import { type BoxRecipient, boxRecipients, boxRecipientsOfEntry, erasWithBoxes } from "./box-recipients.ts";
import { ERA_BOX_BYTES, labelFor, makeBox, makeBoxes, openBox } from "./boxes.ts";
import { missing } from "./testing/missing.ts";
import { type Person, person, seedOf } from "./testing/people.ts";
import {
  admit,
  DAY,
  FOUNDED_AT,
  instantInvite,
  InviteSecrets,
  leave,
  remove,
  revoke,
  TestGroup,
} from "./testing/test-group.ts";

const [ana, bo, chidi] = [person("ana"), person("bo"), person("chidi")];
const era = (group: TestGroup, number: number) => group.state.eras[number] ?? missing();
const names = new Map([ana, bo, chidi].map((who) => [toHex(who.key), who.name]));
const who = (recipient: BoxRecipient) =>
  recipient.kind === "invite" ? "invite" : `${recipient.kind} ${names.get(toHex(recipient.identityKey)) ?? "?"}`;
const recipients = (group: TestGroup, number: number) => boxRecipients(group.state, era(group, number)).map(who);

/** The label of one's own box, by the account's keys and what the server shows to whoever knows the group. */
function ownLabel(group: TestGroup, someone: Person, number: number, generation = 0): Uint8Array {
  const owner = { kind: "account", identityKey: someone.key } as const;
  return boxLabel(someone.labelKeyPair(generation), era(group, number).labelKey, owner, group.state.groupId, number);
}

function boxOf(group: TestGroup, number: number, label: Uint8Array): Uint8Array | undefined {
  const keys = group.eras[number] ?? missing();
  const { boxes } = makeBoxes(group.state.groupId, keys, boxRecipients(group.state, era(group, number)));
  return boxes.find((made) => toHex(made.label) === toHex(label))?.box;
}

test("each account finds its box by a label that it computes alone, and opens the era with it", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(ana, [group.era()]);
  const box = boxOf(group, 1, ownLabel(group, bo, 1)) ?? missing();
  expect(box).toHaveLength(ERA_BOX_BYTES);
  expect(openBox(box, group.state.groupId, 1, bo.boxKeyPair())).toStrictEqual(group.newest);
});

test("a box opens for nobody else, for no other era or group, and with no byte changed", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const { groupId } = group.state;
  const box = boxOf(group, 0, ownLabel(group, bo, 0)) ?? missing();
  expect(() => openBox(box, groupId, 0, ana.boxKeyPair())).toThrow(OpenError);
  expect(() => openBox(box, groupId, 1, bo.boxKeyPair())).toThrow(OpenError);
  expect(() => openBox(box, new Uint8Array(32), 0, bo.boxKeyPair())).toThrow(OpenError);
  expect(() => openBox(box.subarray(1), groupId, 0, bo.boxKeyPair())).toThrow(OpenError);
  for (const at of [0, 31, 32, 1151, 1152, 1184, 1208, 1255])
    expect(() => openBox(box.with(at, (box[at] ?? 0) ^ 1), groupId, 0, bo.boxKeyPair())).toThrow(OpenError);
});

test("every member of the era makes the same boxes, byte for byte", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const made = () => makeBoxes(group.state.groupId, group.newest, boxRecipients(group.state, era(group, 0)));
  expect(made()).toStrictEqual(made());
  expect(made().boxes).toHaveLength(2);
});

test("labels of one account differ by era and by group", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const other = TestGroup.found(ana, { members: [bo], seed: "other" });
  group.act(ana, [group.era()]);
  const labels = [ownLabel(group, bo, 0), ownLabel(group, bo, 1), ownLabel(other, bo, 0)];
  expect(new Set(labels.map(toHex)).size).toBe(3);
});

test("one label key gives another label to each whose it says it is, and an account's is no invite's", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const owners = [
    { kind: "account", identityKey: ana.key },
    { kind: "account", identityKey: bo.key },
    { kind: "invite", invite: ana.key },
  ] as const;
  const labels = owners.map((owner) =>
    toHex(boxLabel(group.newest.label, bo.boxKey().labelKey, owner, group.state.groupId, 0)),
  );
  expect(new Set(labels).size).toBe(3);
});

test("with another member's keys, or the account's public ones, nobody computes its label", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const label = toHex(ownLabel(group, bo, 0));
  const [, recipient = missing()] = boxRecipients(group.state, era(group, 0));
  expect(toHex(labelFor(group.state.groupId, group.newest, recipient))).toBe(label);
  expect(toHex(ownLabel(group, ana, 0))).not.toBe(label);
  const owner = { kind: "account", identityKey: bo.key } as const;
  const guess = boxLabel(ana.labelKeyPair(), bo.boxKey().labelKey, owner, group.state.groupId, 0);
  expect(toHex(guess)).not.toBe(label);
});

test("an era is boxed to everybody who is in after the entry that starts it, and to who comes later in it", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(bo, [leave()]);
  group.act(ana, [group.era()]);
  group.act(ana, [admit(chidi)]);
  expect(recipients(group, 0)).toStrictEqual(["account ana", "account bo"]);
  expect(recipients(group, 1)).toStrictEqual(["account ana", "account chidi"]);
  group.act(ana, [remove(chidi), group.era()]);
  expect(recipients(group, 1)).toStrictEqual(["account ana", "account chidi"]);
  expect(recipients(group, 2)).toStrictEqual(["account ana"]);
});

test("an entry comes with the boxes of those whom it brings in, or of all where it starts an era", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [admit(bo), instantInvite(1)]);
  group.act(ana, [admit(chidi), group.era()]);
  const of = (index: number) => boxRecipientsOfEntry(group.state, index).map(who);
  expect(of(0)).toStrictEqual(["account ana"]);
  expect(of(1)).toStrictEqual(["account bo", "invite"]);
  expect(of(2)).toStrictEqual(["account ana", "account bo", "account chidi", "invite"]);
  expect(of(3)).toStrictEqual([]);
});

test("somebody who came and went in one entry receives no box", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [admit(bo), remove(bo), group.era()]);
  expect([0, 1].map((number) => recipients(group, number))).toStrictEqual([["account ana"], ["account ana"]]);
});

test("an admission by a request has a second box, at a label that the guest computes from the request", () => {
  const group = TestGroup.found(ana);
  const request = seedOf("request of bo");
  group.act(ana, [admit(bo, "member", { request })]);
  expect(recipients(group, 0)).toStrictEqual(["account ana", "account bo", "request bo"]);
  const box = boxOf(group, 0, requestLabel(request, group.state.groupId, 0)) ?? missing();
  expect(openBox(box, group.state.groupId, 0, bo.boxKeyPair())).toStrictEqual(group.newest);
  group.act(ana, [group.era()]);
  expect(recipients(group, 1)).toStrictEqual(["account ana", "account bo"]);
});

test("under from joining the request's box is of the era that the admission starts", () => {
  const group = TestGroup.found(ana, { rules: { history: "from-joining", retentionDays: null } });
  group.act(ana, [admit(bo, "member", { request: seedOf("request of bo") }), group.era()]);
  expect(recipients(group, 0)).toStrictEqual(["account ana"]);
  expect(recipients(group, 1)).toStrictEqual(["account ana", "account bo", "request bo"]);
});

test("boxes go to the box key that was the current one when the era began", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(bo, [revoke(bo, 1)]);
  group.act(ana, [group.era()]);
  const generations = [0, 1].map(
    (number) => boxRecipients(group.state, era(group, number)).find((one) => who(one) === "account bo")?.boxKey,
  );
  expect(generations).toStrictEqual([bo.boxKey(0).publicKey, bo.boxKey(1).publicKey]);
});

test("a live instant invite receives each era until it ends or expires", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const secrets = new InviteSecrets(1);
  group.act(ana, [instantInvite(1)]);
  group.act(ana, [group.era()]);
  const owner = { kind: "invite", invite: secrets.id } as const;
  const label = boxLabel(secrets.labelKeyPair, era(group, 1).labelKey, owner, group.state.groupId, 1);
  const box = boxOf(group, 1, label) ?? missing();
  expect(openBox(box, group.state.groupId, 1, secrets.boxKeyPair)).toStrictEqual(group.newest);
  group.act(ana, [group.era()], { time: FOUNDED_AT + 5 * DAY });
  expect(recipients(group, 2)).toStrictEqual(["account ana", "account bo"]);
});

test("an instant invite receives nothing of the era that a removal starts", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(ana, [instantInvite(1)]);
  expect(group.try(ana, [remove(bo), group.era()])).toBe("applied");
  expect(recipients(group, 0)).toContain("invite");
  expect(recipients(group, 1)).toStrictEqual(["account ana"]);
});

test("a recipient that nothing can be boxed to is skipped, and everybody else has a box", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const [first = missing(), second = missing()] = boxRecipients(group.state, era(group, 0));
  const broken = { ...first, boxKey: new Uint8Array(1216).fill(0xff) };
  const short = { ...first, boxKey: first.boxKey.subarray(1) };
  const lowOrder: BoxRecipient = { ...first, kind: "account", identityKey: ana.key, labelKey: new Uint8Array(32) };
  const { boxes, skipped } = makeBoxes(group.state.groupId, group.newest, [broken, short, lowOrder, second]);
  expect(skipped).toStrictEqual([broken, short, lowOrder]);
  expect(boxes).toStrictEqual([makeBox(group.state.groupId, group.newest, second)]);
});

test("two boxes that come to lie under one label are both made", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const [first = missing(), second = missing()] = boxRecipients(group.state, era(group, 0));
  const request = seedOf("request");
  const [ofAna, ofBo] = [first, second].map(({ boxKey, index }, at): BoxRecipient => {
    return { kind: "request", identityKey: at === 0 ? ana.key : bo.key, boxKey, request, index };
  });
  const same = [ofAna ?? missing(), ofBo ?? missing()];
  const { boxes, skipped } = makeBoxes(group.state.groupId, group.newest, [...same, ...same]);
  expect(skipped).toStrictEqual([]);
  expect(boxes).toStrictEqual(same.map((recipient) => makeBox(group.state.groupId, group.newest, recipient)));
});

test("boxes are kept of the newest era, and of those that no content link leads back to", () => {
  const group = TestGroup.found(ana);
  const kept = () => erasWithBoxes(group.state).map(({ number }) => number);
  group.act(ana, [group.era()]);
  expect(kept()).toStrictEqual([1]);
  group.act(ana, [{ kind: "rules", rules: { history: "from-joining", retentionDays: null } }, group.era()]);
  group.act(ana, [admit(bo), group.era()]);
  group.act(ana, [group.era()]);
  expect(kept()).toStrictEqual([2, 4]);
});

test("a box whose commitment is not that of the key inside is refused", () => {
  const group = TestGroup.found(ana);
  const { groupId } = group.state;
  const strange = { ...group.newest, eraCommitment: seedOf("another era's commitment") };
  const [recipient = missing()] = boxRecipients(group.state, era(group, 0));
  const { box } = makeBox(groupId, strange, recipient) ?? missing();
  expect(() => openBox(box, groupId, 0, ana.boxKeyPair())).toThrow(OpenError);
});

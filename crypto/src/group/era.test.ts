import { expect, test } from "vitest";
import { toHex } from "../primitives/bytes.ts";
import { EncodingError, SignatureError } from "../primitives/errors.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { eraDifferences, eraKeysOf, firstEra, isContentKeyOf, nextEra, serverEraDifferences } from "./era.ts";
import { verifyPassAnswer } from "./pass-challenge.ts";
import { signPassChallenge } from "./pass.ts";
import { missing } from "./testing/missing.ts";
import { person } from "./testing/people.ts";
import { TestGroup } from "./testing/test-group.ts";

const random = seededRandom("eras");
const groupId = random(32);
const [zero, ana] = [firstEra(random), person("ana")];

test("everything of an era follows from its key, and no two things are the same", () => {
  const again = eraKeysOf(0, zero.eraKey);
  expect(again).toStrictEqual(zero);
  const made = [
    zero.eraKey,
    zero.chainKey,
    zero.contentKey,
    zero.eraCommitment,
    zero.contentCommitment,
    zero.pass.publicKey,
    zero.label.secretKey,
    zero.label.publicKey,
  ];
  expect(new Set(made.map(toHex)).size).toBe(made.length);
});

test("the next era's key follows from the last one and from randomness that is stated nowhere", () => {
  const [one, other] = [nextEra(zero, groupId, seededRandom("a")), nextEra(zero, groupId, seededRandom("b"))];
  expect(one.number).toBe(1);
  expect(one).toStrictEqual(nextEra(zero, groupId, seededRandom("a")));
  expect(toHex(one.eraKey)).not.toBe(toHex(other.eraKey));
  expect(toHex(one.eraKey)).not.toBe(toHex(nextEra(zero, random(32), seededRandom("a")).eraKey));
});

test("an era whose commitments, pass or label key do not follow from the key is noticed", () => {
  const group = TestGroup.found(ana);
  const [era = missing()] = group.state.eras;
  expect(eraDifferences(era, group.newest)).toStrictEqual([]);
  expect(eraDifferences(era, zero)).toStrictEqual(["era-commitment", "content-commitment", "pass", "label-key"]);
  expect(eraDifferences({ ...era, passKey: zero.pass.publicKey }, group.newest)).toStrictEqual(["pass"]);
  const shown = { era: 0, pass: group.newest.pass.publicKey, labelKey: group.newest.label.publicKey };
  expect(serverEraDifferences(shown, group.newest)).toStrictEqual([]);
  expect(serverEraDifferences({ ...shown, era: 1 }, group.newest)).toStrictEqual(["number"]);
  expect(serverEraDifferences({ ...shown, labelKey: zero.label.publicKey }, group.newest)).toStrictEqual(["label-key"]);
});

test("a content key is told by its commitment", () => {
  expect(isContentKeyOf(zero, zero.contentKey)).toBe(true);
  expect(isContentKeyOf(zero, zero.chainKey)).toBe(false);
});

const challenge = { origin: "https://hall.example", groupId, era: 0, nonce: random(32) };

test("the pass signs the server's challenge", () => {
  expect(verifyPassAnswer(signPassChallenge(challenge, zero.pass), zero.pass.publicKey)).toStrictEqual(challenge);
});

test("the pass of another era, or a changed answer, proves nothing", () => {
  const answer = signPassChallenge(challenge, zero.pass);
  const next = nextEra(zero, groupId, random);
  expect(() => verifyPassAnswer(answer, next.pass.publicKey)).toThrow(SignatureError);
  expect(() => verifyPassAnswer(answer.subarray(1), zero.pass.publicKey)).toThrow(EncodingError);
});

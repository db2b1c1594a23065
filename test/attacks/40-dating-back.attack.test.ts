import { judgeRecord, lastWordsFor, RecordSet } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { person as chainPerson } from "../../crypto/src/group/testing/people.ts";
import { admit, changeRole, leave, remove, revoke, TestGroup } from "../../crypto/src/group/testing/test-group.ts";
import type { BindingWords, GroupState } from "../../crypto/src/group/group-state.ts";
import {
  groupOf,
  headAt,
  person,
  seedOf,
  write,
  writeChain,
  type Written,
} from "../../crypto/src/records/testing/records-world.ts";

const bongani = person("bongani");
const ana = person("ana");

function words(index: number, heads: readonly Written[], binds: "all" | "role" = "all"): BindingWords {
  const listed = heads.map(({ asPrevious }) => asPrevious);
  const ofDevice = { device: bongani.device.publicKey, heads: listed };
  return { index, binds, devices: null, words: listed.length === 0 ? [] : [ofDevice] };
}

/** Every order in which a reader can meet the records gives the same verdicts: so do a newcomer and a recovered device. */
function verdicts(group: GroupState, all: readonly Written[]): readonly string[] {
  const inOrder = (records: readonly Written[]): readonly string[] => {
    const held = new RecordSet();
    for (const { facts } of records) held.put(facts);
    return all.map(({ key }) => {
      const verdict = judgeRecord(group, held, key, 20_000);
      return "reason" in verdict ? verdict.reason : verdict.kind;
    });
  };
  const forwards = inOrder(all);
  expect(inOrder(all.toReversed())).toEqual(forwards);
  return forwards;
}

const [first, second, third] = writeChain(bongani, [{}, {}, {}]);
if (first === undefined || second === undefined || third === undefined) throw new Error("three records");
/** Signed after the removal with a head from before it: what a removed member and the server can make together. */
const datedBack = write(bongani, { number: 3, previous: second.asPrevious, salt: seedOf("later").slice(0, 16) });
const replaced = write(bongani, { number: 2, previous: first.asPrevious, salt: seedOf("instead").slice(0, 16) });

test("attack 40: what a removed member dates back is refused, what was accepted before stays", () => {
  const group = groupOf(10, [0], [{ who: bongani, in: [[0, 6]], lastWords: [words(6, [second])] }, { who: ana }]);
  expect(verdicts(group, [first, second, datedBack, replaced])).toEqual([
    "counted",
    "counted",
    "beyond-last-words",
    "beyond-last-words",
  ]);
});

test("attack 40: a revoked device dates nothing back, and writes nothing afterwards", () => {
  const revocation: BindingWords = { ...words(6, [second]), devices: [bongani.device.publicKey] };
  const group = groupOf(10, [0], [{ who: bongani, revokedAt: 6, lastWords: [revocation] }]);
  const after = write(bongani, { number: 4, previous: second.asPrevious, head: headAt(7) });
  expect(verdicts(group, [first, second, datedBack, after])).toEqual([
    "counted",
    "counted",
    "beyond-last-words",
    "device-revoked",
  ]);
});

test("attack 40: a demoted facilitator dates back nothing that needed the role, and goes on as a member", () => {
  const renamed = { kind: "group-info", name: "Ours now", description: "" } as const;
  const place = { topic: null, body: renamed };
  const before = write(bongani, place);
  const backdated = write(bongani, { ...place, number: 2, previous: before.asPrevious });
  const post = write(bongani, { number: 3, previous: before.asPrevious });
  const lastWords = [words(6, [before], "role")];
  const group = groupOf(10, [0], [{ who: bongani, facilitator: [[0, 6]], lastWords }]);
  expect(verdicts(group, [before, backdated, post])).toEqual(["counted", "beyond-last-words", "counted"]);
});

test("attack 40: somebody who left and came back writes on", () => {
  const stays = [
    [0, 6],
    [8, null],
  ] as const;
  const group = groupOf(10, [0], [{ who: bongani, in: stays, lastWords: [words(6, [second])] }]);
  const back = write(bongani, { number: 3, previous: second.asPrevious, head: headAt(8) });
  expect(verdicts(group, [first, second, back])).toEqual(["counted", "counted", "counted"]);
});

test("attack 40: entries of somebody removed, of a revoked device and of a demoted facilitator are void", () => {
  const [founder, mole, guest] = [chainPerson("founder"), chainPerson("mole"), chainPerson("guest")];
  const removed = TestGroup.found(founder, { facilitators: [mole] });
  removed.act(founder, [remove(mole), removed.era()]);
  expect(removed.try(mole, [admit(guest)])).toBe("not-a-member");

  const revoked = TestGroup.found(founder, { facilitators: [mole] });
  revoked.act(mole, [revoke(mole, 0)]);
  expect(revoked.try(mole, [admit(guest)])).toBe("device-revoked");

  const demoted = TestGroup.found(founder, { facilitators: [mole] });
  demoted.act(founder, [changeRole(mole, "member"), demoted.era()]);
  expect(demoted.try(mole, [admit(guest)])).toBe("not-a-facilitator");
});

test("attack 40: a mole cannot carry somebody's revocation in with last words of nothing", () => {
  const [founder, mole, victim] = [chainPerson("founder"), chainPerson("mole"), chainPerson("victim")];
  const group = TestGroup.found(founder, { members: [mole, victim] });
  const handedOn = revoke(victim, 0, { stewardKey: null, lastWords: [] });
  expect(group.try(mole, [handedOn])).toBe("revocation-by-another");
  expect(lastWordsFor(group.state, victim.key, victim.device().publicKey, 0)).toEqual([]);
  expect(group.try(victim, [leave()])).toBe("applied");
});

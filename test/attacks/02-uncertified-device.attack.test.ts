import { judgeRecord, RecordSet } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { admit, TestGroup } from "../../crypto/src/group/testing/test-group.ts";
import { person as chainPerson } from "../../crypto/src/group/testing/people.ts";
import {
  deviceStatement,
  groupOf,
  person,
  write,
  type Written,
} from "../../crypto/src/records/testing/records-world.ts";

const ana = person("ana");
const bongani = person("bongani");
const withoutDevice = groupOf(5, [0], [{ who: ana }, { who: bongani, certifiedAt: null }]);

function verdictOn(record: Written): unknown {
  const records = new RecordSet();
  records.put(record.facts);
  return judgeRecord(withoutDevice, records, record.key, 20_000);
}

test("attack 2: a post from a device that nobody certified is refused and says why", () => {
  expect(verdictOn(write(bongani))).toEqual({ kind: "refused", reason: "device-not-certified" });
});

test("attack 2: a post from a device that another account certified is refused", () => {
  const record = write(bongani, { statement: deviceStatement(ana, bongani.device) });
  expect(verdictOn(record)).toEqual({ kind: "refused", reason: "device-not-certified" });
});

test("attack 2: the same device, certified by its own account, counts", () => {
  const record = write(bongani, { statement: deviceStatement(bongani, bongani.device) });
  expect(verdictOn(record)).toMatchObject({ kind: "counted" });
});

test("attack 2: an entry by an uncertified device of a facilitator is void and changes nothing", () => {
  const founder = chainPerson("founder");
  const group = TestGroup.found(founder);
  const before = group.state.accounts;
  expect(group.try(founder, [admit(chainPerson("mole"))], { device: 3 })).toBe("device-not-certified");
  expect(group.state.accounts).toEqual(before);
});

test("attack 2: a facilitator's identity with a statement by somebody else certifies nothing", () => {
  const founder = chainPerson("founder");
  const mole = chainPerson("mole");
  const group = TestGroup.found(founder, { members: [mole] });
  const verdict = group.try(founder, [admit(chainPerson("accomplice"))], {
    statements: [mole.certifies(3)],
    entry: { device: mole.device(3).publicKey },
    signer: mole.device(3),
  });
  expect(verdict).toBe("statement-invalid");
});

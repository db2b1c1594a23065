import { openRecord } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { stubOf } from "../../crypto/src/records/record-content-rules.ts";
import { contentStructure } from "../../crypto/src/records/record-content.ts";
import type { RecordKeys } from "../../crypto/src/records/record-keys.ts";
import type { RecordFields } from "../../crypto/src/records/record-wire.ts";
import { sealSignedContent } from "../../crypto/src/records/record.ts";
import { keysOf, person, seedOf, write } from "../../crypto/src/records/testing/records-world.ts";
import { signStructure } from "../../crypto/src/primitives/sign.ts";

const bongani = person("bongani");
const original = write(bongani);
/** The victim's own signature, as every member of the group can take it out of the opened record. */
const signed = signStructure(contentStructure, original.content, bongani.device);
const id = (name: string): Uint8Array => seedOf(name).slice(0, 16);

/** A mole holds every key of the group: it can seal what the victim signed under any wire fields and any keys. */
function resealed(fields: Partial<RecordFields>, sealedWith: RecordKeys = keysOf(0), state?: boolean): string {
  const stub = { ...stubOf(original.content), ...(state === undefined ? {} : { state }) };
  const record = sealSignedContent({ ...original.record, ...fields }, stub, signed, sealedWith);
  if (record === null) throw new Error("the mole holds the keys");
  const opened = openRecord(record, sealedWith);
  return opened.kind === "refused" ? opened.reason : opened.kind;
}

test("attack 39: sealed again as it was the record opens, so each refusal below is for what was changed", () => {
  expect(resealed({})).toBe("opened");
});

test.each([
  ["another id", { recordId: id("another") }, undefined],
  ["another topic", { topic: id("another topic") }, undefined],
  ["no topic", { topic: null }, undefined],
  ["a target", { target: id("some target") }, undefined],
  ["an expiry", { expires: 20_000 }, undefined],
  ["another era", { era: 1 }, keysOf(1)],
  ["another group", {}, { ...keysOf(0), groupId: seedOf("another group") }],
])("attack 39: under %s it is refused", (_, fields, keys) => {
  expect(["moved", "wrong-id", "differs-from-wire", "stub-differs"]).toContain(resealed(fields, keys));
});

test("attack 39: a post sealed as a piece of state is refused", () => {
  expect(resealed({}, keysOf(0), true)).not.toBe("opened");
});

test("attack 39: whoever signs by itself cannot take another author's id, nor give itself one of no device's", () => {
  const mole = person("mole");
  for (const recordId of [original.content.recordId, id("of nobody's")]) {
    const claimed = { ...write(mole).content, recordId };
    const own = signStructure(contentStructure, claimed, mole.device);
    const record = sealSignedContent({ ...original.record, ...claimed }, stubOf(claimed), own, keysOf(0));
    expect(record === null ? null : openRecord(record, keysOf(0))).toMatchObject({
      kind: "refused",
      reason: "wrong-id",
    });
  }
});

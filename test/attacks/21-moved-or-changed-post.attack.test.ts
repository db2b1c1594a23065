import { openRecord } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { signStructure } from "../../crypto/src/primitives/sign.ts";
import { encode } from "../../crypto/src/primitives/encoding.ts";
import { stubOf } from "../../crypto/src/records/record-content-rules.ts";
import { contentStructure, type SignedContent } from "../../crypto/src/records/record-content.ts";
import { sealSignedContent } from "../../crypto/src/records/record.ts";
import { keysOf, person, seedOf, topicBody, write } from "../../crypto/src/records/testing/records-world.ts";

const bongani = person("bongani");
const mole = person("mole");
const post = write(bongani, { body: topicBody });

/** The victim's content with something changed, under the victim's own signature of the original. */
function changed(change: Partial<SignedContent>): string {
  const honest = signStructure(contentStructure, post.content, bongani.device);
  const value = { ...post.content, ...change };
  const forged = { ...honest, payload: encode(contentStructure, value) };
  const record = sealSignedContent({ ...post.record, ...value }, stubOf(value), forged, keysOf(0));
  if (record === null) throw new Error("the mole holds the keys");
  const opened = openRecord(record, keysOf(0));
  return opened.kind === "refused" ? opened.reason : opened.kind;
}

test("attack 21: unchanged it opens", () => {
  expect(changed({})).toBe("opened");
});

test.each([
  ["topic", { topic: seedOf("another topic").slice(0, 16) }],
  ["title and text", { body: new Uint8Array(40) }],
  ["time", { time: 1 }],
  ["target", { target: seedOf("target").slice(0, 16) }],
  ["author", { author: mole.identity.publicKey }],
  ["number", { number: 9 }],
  ["head", { head: { index: 3, hash: seedOf("head") } }],
])("attack 21: with another %s the signature no longer fits", (_, change) => {
  expect(changed(change)).toBe("bad-signature");
});

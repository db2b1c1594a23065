import { expect, test } from "vitest";
import { asFailed, asSent, asWaiting, canDiscard, nextBatch, nextToSeal, withAcknowledged } from "./outbox-plan.ts";
import type { OutboxItem } from "./outbox-store.ts";
import type { OwnSequence } from "./group-store.ts";

const hashOf = (number: number): Uint8Array => new Uint8Array(32).fill(number);
const fresh: OwnSequence = { number: 0, acknowledged: null };

function written(order: number): OutboxItem {
  return {
    order,
    salt: new Uint8Array(16).fill(order),
    recordId: new Uint8Array(16).fill(order),
    body: { kind: "retract" },
    topic: null,
    target: null,
    expires: null,
    time: order,
    sealed: null,
    versions: [],
    state: { kind: "waiting" },
  };
}

function sealed(item: OutboxItem, number: number, previous: number | null, era = 3): OutboxItem {
  const { recordId, topic, target, expires } = item;
  return {
    ...item,
    sealed: {
      record: { recordId, topic, target, era, expires, sealed: new Uint8Array(1_000) },
      hash: hashOf(number),
      number,
      previous: previous === null ? null : hashOf(previous),
    },
  };
}

test("records are sealed in the order written, each naming the one before", () => {
  expect(nextToSeal([written(2), written(1)], fresh, 3)).toMatchObject({
    item: { order: 1 },
    number: 1,
    previous: null,
  });
  const first = sealed(written(1), 1, null);
  expect(nextToSeal([written(2), first], { number: 1, acknowledged: null }, 3)).toMatchObject({
    item: { order: 2 },
    number: 2,
    previous: { number: 1, hash: hashOf(1) },
  });
  expect(nextToSeal([sealed(written(2), 2, 1), first], { number: 2, acknowledged: null }, 3)).toBeNull();
});

test("what was never sent is sealed again when its era has ended, with the next number", () => {
  expect(nextToSeal([sealed(written(1), 1, null)], { number: 1, acknowledged: null }, 4)).toMatchObject({ number: 2 });
});

test("what may have been accepted is never sealed again on its own", () => {
  expect(nextToSeal([asSent(sealed(written(1), 1, null))], { number: 1, acknowledged: null }, 4)).toBeNull();
});

test("when one drops out of the line, all behind it are sealed again", () => {
  const [refused, behind] = [asFailed(sealed(written(1), 1, null), "record-too-large"), sealed(written(2), 2, 1)];
  expect(nextToSeal([refused, behind], { number: 2, acknowledged: null }, 3)).toMatchObject({
    item: { order: 2 },
    number: 3,
    previous: null,
  });
});

test("a record that was refused because its era ended keeps its id and gets the next number", () => {
  const again = asWaiting(asSent(sealed(written(1), 1, null)));
  expect(again.recordId).toEqual(written(1).recordId);
  expect(again.versions).toEqual([hashOf(1)]);
  expect(nextToSeal([again], { number: 1, acknowledged: null }, 4)).toMatchObject({ number: 2 });
});

test("a batch keeps to the limits, and has one record however large", () => {
  const three = [1, 2, 3].map((order) => sealed(written(order), order, order === 1 ? null : order - 1));
  const ordersIn = (limits: { records: number; bytes: number }): number[] =>
    nextBatch(three, limits).map(({ order }) => order);
  expect(ordersIn({ records: 64, bytes: 1_000_000 })).toEqual([1, 2, 3]);
  expect(ordersIn({ records: 2, bytes: 1_000_000 })).toEqual([1, 2]);
  expect(ordersIn({ records: 64, bytes: 2_500 })).toEqual([1, 2]);
  expect(ordersIn({ records: 64, bytes: 10 })).toEqual([1]);
});

test("a batch ends before what is not sealed", () => {
  expect(nextBatch([sealed(written(1), 1, null), written(2)], { records: 64, bytes: 9_999 })).toHaveLength(1);
});

test("only what surely was not accepted can be discarded", () => {
  const item = sealed(written(1), 1, null);
  expect(canDiscard(item)).toBe(true);
  expect(canDiscard(asFailed(item, "no-room"))).toBe(true);
  expect(canDiscard(asSent(item))).toBe(false);
  expect(canDiscard({ ...item, state: { kind: "acknowledged" } })).toBe(false);
});

test("an older acknowledgement does not take the sequence back", () => {
  const own = withAcknowledged({ number: 5, acknowledged: { number: 4, hash: hashOf(4) } }, 3, hashOf(3));
  expect(own.acknowledged?.number).toBe(4);
  expect(withAcknowledged(own, 5, hashOf(5)).acknowledged?.number).toBe(5);
});

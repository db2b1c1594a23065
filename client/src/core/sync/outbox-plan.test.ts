import { expect, test } from "vitest";
import {
  asFailed,
  asSent,
  asWaiting,
  canDiscard,
  nextBatch,
  sealLine,
  withAcknowledged,
  type ToSeal,
} from "./outbox-plan.ts";
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

/** What is sealed, with which number, naming what. */
function askedToSeal(items: readonly OutboxItem[], own: OwnSequence, era: number): readonly ToSeal[] {
  const asked: ToSeal[] = [];
  sealLine(items, own, era, (next) => {
    asked.push(next);
    return sealed(next.item, next.number, next.previous?.number ?? null, era);
  });
  return asked;
}

test("records are sealed in the order written, each naming the one before", () => {
  expect(askedToSeal([written(2), written(1)], fresh, 3)).toMatchObject([
    { item: { order: 1 }, number: 1, previous: null },
    { item: { order: 2 }, number: 2, previous: { number: 1, hash: hashOf(1) } },
  ]);
  const first = sealed(written(1), 1, null);
  const own = { number: 1, acknowledged: null };
  expect(askedToSeal([written(2), first], own, 3)).toMatchObject([{ item: { order: 2 }, number: 2 }]);
  expect(askedToSeal([sealed(written(2), 2, 1), first], { ...own, number: 2 }, 3)).toEqual([]);
});

test("what was never sent is sealed again when its era has ended, with the next number", () => {
  expect(askedToSeal([sealed(written(1), 1, null)], { number: 1, acknowledged: null }, 4)).toMatchObject([
    { number: 2 },
  ]);
});

test("what may have been accepted is never sealed again on its own", () => {
  expect(askedToSeal([asSent(sealed(written(1), 1, null))], { number: 1, acknowledged: null }, 4)).toEqual([]);
});

test("when one drops out of the line, all behind it are sealed again", () => {
  const [refused, behind] = [asFailed(sealed(written(1), 1, null), "record-too-large"), sealed(written(2), 2, 1)];
  expect(askedToSeal([refused, behind, sealed(written(3), 3, 2)], { number: 3, acknowledged: null }, 3)).toMatchObject([
    { item: { order: 2 }, number: 4, previous: null },
    { item: { order: 3 }, number: 5, previous: { number: 4 } },
  ]);
});

test("one that cannot be sealed drops out, and the next names the one before it", () => {
  const asked: ToSeal[] = [];
  const { number } = sealLine([1, 2, 3].map(written), fresh, 3, (next) => {
    asked.push(next);
    const { item, previous } = next;
    return item.order === 2 ? asFailed(item, "text-too-long") : sealed(item, next.number, previous?.number ?? null);
  });
  expect(asked.map(({ previous }) => previous?.number ?? null)).toEqual([null, 1, 1]);
  expect(number).toBe(3);
});

test("a record that was refused because its era ended keeps its id and gets the next number", () => {
  const again = asWaiting(asSent(sealed(written(1), 1, null)));
  expect(again.recordId).toEqual(written(1).recordId);
  expect(again.versions).toEqual([{ number: 1, hash: hashOf(1) }]);
  expect(askedToSeal([again], { number: 1, acknowledged: null }, 4)).toMatchObject([{ number: 2 }]);
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
  expect(canDiscard({ ...item, state: { kind: "acknowledged", seq: 1 } })).toBe(false);
});

test("an older acknowledgement does not take the sequence back", () => {
  const own = withAcknowledged({ number: 5, acknowledged: { number: 4, hash: hashOf(4) } }, 3, hashOf(3));
  expect(own.acknowledged?.number).toBe(4);
  expect(withAcknowledged(own, 5, hashOf(5)).acknowledged?.number).toBe(5);
});

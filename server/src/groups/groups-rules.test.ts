import { expect, test } from "vitest";
import { groupLimits } from "../contract/group-limits.ts";
import {
  changeLimits,
  type ChainShape,
  judgeChainPlace,
  judgeChainSize,
  judgeCommand,
  judgeUnsigned,
  settingsOf,
  type UnsignedLoad,
} from "./groups-rules.ts";

test.each([
  [null, 1, "steward-refused"],
  [{ listed: false, counter: 0 }, 1, "steward-refused"],
  [{ listed: true, counter: 3 }, 2, "steward-counter-used"],
  [{ listed: true, counter: 3 }, 3, "steward-counter-used"],
  [{ listed: true, counter: 3 }, 4, undefined],
])("a key that stands %o, with counter %i: %s", (standing, counter, code) => {
  expect(judgeCommand(standing, counter)?.code).toBe(code);
});

const shape: ChainShape = { index: 8, era: 2, starts: null, sealedBytes: 300, boxes: 0, hasLink: false };

test.each([
  [{}, undefined],
  [{ starts: 3, hasLink: true }, undefined],
  [{ index: 9 }, "index-ahead"],
  [{ era: 1 }, "era-ended"],
  [{ era: 3 }, "unknown-era"],
  [{ starts: 2, hasLink: true }, "era-exists"],
  [{ starts: 4, hasLink: true }, "unknown-era"],
  [{ starts: 3 }, "malformed-request"],
  [{ hasLink: true }, "malformed-request"],
])("after index 7 in era 2, a request with %o: %s", (changes, code) => {
  expect(judgeChainPlace({ era: 2, headIndex: 7 }, { ...shape, ...changes })?.code).toBe(code);
});

test.each([
  [{ sealedBytes: groupLimits.entryBytes }, undefined],
  [{ sealedBytes: groupLimits.entryBytes + 1 }, "chain-request-too-large"],
  [{ boxes: groupLimits.boxesPerRequest }, undefined],
  [{ boxes: groupLimits.boxesPerRequest + 1 }, "group-full"],
])("a request of %o: %s", (changes, code) => {
  expect(judgeChainSize({ ...shape, ...changes })?.code).toBe(code);
});

const load: UnsignedLoad = { reservedFor: 0, byTokenSoFar: 0, byGroupToday: 0, perDay: 200 };

test.each([
  [null, {}, undefined],
  [3, {}, "steward-required"],
  [null, { reservedFor: 1 }, "chain-reserved"],
  [null, { byTokenSoFar: 4 }, undefined],
  [null, { byTokenSoFar: 5 }, "chain-quota-spent"],
  [null, { byGroupToday: 199 }, undefined],
  [null, { byGroupToday: 200 }, "chain-quota-spent"],
])("an unsigned request that starts %o, with %o: %s", (starts, changes, code) => {
  expect(judgeUnsigned(starts, { ...load, ...changes })?.code).toBe(code);
});

test("stewards lower limits within the contract's bounds, never above the hall's, and give them back", () => {
  expect(changeLimits({}, [{ name: "record-bytes", value: 2_000 }])).toEqual({ "record-bytes": 2_000 });
  expect(changeLimits({ "record-bytes": 2_000 }, [{ name: "record-bytes", value: null }])).toEqual({});
  for (const value of [1_023, groupLimits.recordBytes + 1])
    expect(changeLimits({}, [{ name: "record-bytes", value }])).toBeNull();
  expect(changeLimits({}, [{ name: "constructor", value: 1 }])).toBeNull();
  expect(settingsOf({ "record-bytes": 2_000 }).recordBytes).toBe(2_000);
  expect(settingsOf({ "record-bytes": 10 ** 9 }).recordBytes).toBe(groupLimits.recordBytes);
});

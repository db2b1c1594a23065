import { expect, test } from "vitest";
import { type AppendState, judgeAppend } from "./log-rules.ts";

const state: AppendState = { newestEra: 5, authorEra: 5, inGrace: false, recordBytes: 100 };
const hash = (): Uint8Array => Uint8Array.of(1);
const other = (): Uint8Array => Uint8Array.of(2);
const judge = (era: number, changes: Partial<AppendState> = {}) =>
  judgeAppend({ era, sealed: new Uint8Array(100) }, null, hash, { ...state, ...changes });

test.each([
  [5, {}, "new"],
  [6, {}, "unknown-era"],
  [4, {}, "era-ended"],
  [4, { inGrace: true }, "new"],
  [4, { inGrace: true, authorEra: 4 }, "new"],
  [4, { authorEra: 4 }, "era-ended"],
  [3, { inGrace: true }, "era-ended"],
  [4, { inGrace: true, authorEra: 3 }, "era-ended"],
  [5, { inGrace: true, authorEra: 4 }, "era-ended"],
] as const)("a record of era %i, while the newest is 5, with %o: %s", (era, changes, expected) => {
  const verdict = judge(era, changes);
  expect(verdict.kind === "refused" ? verdict.refusal.code : verdict.kind).toBe(expected);
});

test("size is judged first, then the id, then the era", () => {
  const known = { seq: 9, hash };
  const old = { era: 1, sealed: new Uint8Array(100) };
  expect(judgeAppend(old, known, hash, state)).toEqual({ kind: "known", seq: 9 });
  const taken = { code: "record-exists", hash: hash() };
  expect(judgeAppend(old, known, other, state)).toEqual({ kind: "refused", refusal: taken });
  const large = { era: 1, sealed: new Uint8Array(101) };
  expect(judgeAppend(large, known, hash, state)).toMatchObject({ refusal: { code: "record-too-large" } });
});

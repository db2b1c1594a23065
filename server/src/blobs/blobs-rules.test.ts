import { expect, test } from "vitest";
import { limits } from "../contract/limits.ts";
import {
  chunkBytesAt,
  chunksOf,
  judgeAgain,
  judgeForm,
  judgeOpen,
  judgeRoom,
  missingPlaces,
  type HeldBlob,
} from "./blobs-rules.ts";

const chunk = limits.blobChunkBytes;
const today = 20_000;

test.each([
  [1, [1, 0]],
  [chunk - 1, [chunk - 1, 0]],
  [chunk, [chunk, 0]],
  [chunk + 1, [chunk, 1, 0]],
  [3 * chunk, [chunk, chunk, chunk, 0]],
])("a blob of %i bytes has chunks of %j", (bytes, lengths) => {
  expect(lengths.map((_, place) => chunkBytesAt(bytes, place))).toEqual(lengths);
  expect(chunksOf(bytes)).toBe(lengths.length - 1);
});

test.each([
  [limits.blobBytes - 1, null, undefined],
  [limits.blobBytes, null, undefined],
  [limits.blobBytes + 1, null, "blob-too-large"],
  [1, today + 1, undefined],
  [1, today, "malformed-request"],
])("a blob of %i bytes until day %o: %s", (bytes, expiryDay, code) => {
  expect(judgeForm({ bytes, expiryDay }, today)?.code).toBe(code);
});

const roomChunks = limits.blobBytesPerGroup / chunk;

test.each([
  [chunk, roomChunks - 2, undefined],
  [chunk, roomChunks - 1, undefined],
  [chunk + 1, roomChunks - 1, "blobs-full"],
  [1, roomChunks, "blobs-full"],
])("one more blob of %i bytes beside %i chunks: %s", (bytes, used, code) => {
  expect(judgeRoom({ bytes, expiryDay: null }, used)?.code).toBe(code);
});

const held: HeldBlob = { bytes: 5, expiryDay: today + 1, erased: false };

test.each([
  [{}, undefined],
  [{ bytes: 6 }, "blob-exists"],
  [{ expiryDay: null }, "blob-exists"],
])("a blob that is begun again with %o: %s", (changes, code) => {
  const { erased: _, ...form } = held;
  expect(judgeAgain(held, { ...form, ...changes })?.code).toBe(code);
  expect(judgeAgain({ ...held, erased: true }, { ...form, ...changes })?.code).toBe("blob-erased");
});

test.each([
  [null, "unknown-blob"],
  [held, undefined],
  [{ ...held, expiryDay: today }, "unknown-blob"],
  [{ ...held, expiryDay: null }, undefined],
  [{ ...held, erased: true }, "blob-erased"],
])("what is held as %o: %s", (blob, code) => {
  expect(judgeOpen(blob, today)?.code).toBe(code);
});

test("what is missing is what is not held, in order", () => {
  expect(missingPlaces(4, [2, 0])).toEqual([1, 3]);
  expect(missingPlaces(2, [1, 0])).toEqual([]);
});

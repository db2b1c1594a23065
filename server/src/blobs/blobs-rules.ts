import { limits } from "../contract/limits.ts";
import type { Refusal } from "../groups/refusal.ts";

/** What a blob is said to be when it is begun; it never becomes anything else. */
export interface BlobForm {
  readonly bytes: number;
  readonly expiryDay: number | null;
}

/** A blob that is held. */
export interface HeldBlob extends BlobForm {
  readonly erased: boolean;
}

export function chunksOf(bytes: number): number {
  return Math.ceil(bytes / limits.blobChunkBytes);
}

/** How long the chunk at `place` of a blob of `bytes` is; 0 where the blob has no such place. */
export function chunkBytesAt(bytes: number, place: number): number {
  return Math.max(0, Math.min(limits.blobChunkBytes, bytes - place * limits.blobChunkBytes));
}

/** Whether a blob of this form may be begun at all. */
export function judgeForm({ bytes, expiryDay }: BlobForm, today: number): Refusal | null {
  if (bytes > limits.blobBytes) return { code: "blob-too-large" };
  if (expiryDay !== null && expiryDay <= today) return { code: "malformed-request" };
  return null;
}

/** Whether the group, whose blobs have `usedChunks`, takes one more. */
export function judgeRoom({ bytes }: BlobForm, usedChunks: number): Refusal | null {
  const roomChunks = limits.blobBytesPerGroup / limits.blobChunkBytes - usedChunks;
  return chunksOf(bytes) > roomChunks ? { code: "blobs-full" } : null;
}

/** Whether the blob that stands under an id is the one that is begun again. */
export function judgeAgain(held: HeldBlob, asked: BlobForm): Refusal | null {
  if (held.erased) return { code: "blob-erased" };
  return held.bytes === asked.bytes && held.expiryDay === asked.expiryDay ? null : { code: "blob-exists" };
}

/** Whether a blob can be read and written today. */
export function judgeOpen(held: HeldBlob | null, today: number): Refusal | null {
  if (held === null || (held.expiryDay !== null && held.expiryDay <= today)) return { code: "unknown-blob" };
  return held.erased ? { code: "blob-erased" } : null;
}

/** The places, in order, at which nothing stands yet. */
export function missingPlaces(chunks: number, heldPlaces: readonly number[]): number[] {
  const held = new Set(heldPlaces);
  return Array.from({ length: chunks }, (_, place) => place).filter((place) => !held.has(place));
}

import { Type, type Static } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { Count, Day, Exact, GroupId, Id16, RawBytes } from "./shapes.ts";

/**
 * A blob is a sealed file of a group, in chunks of {@link limits.blobChunkBytes}; the last one may be shorter. Its id is 16 random bytes of the
 * client's: the record that names it says how it opens, and nothing here says which record that is. Everything needs a token of the newest era.
 */
const blobParams = Exact({ groupId: GroupId, blobId: Id16 });
/** `place` counts chunks from 0. */
const chunkParams = Exact({
  groupId: GroupId,
  blobId: Id16,
  place: Type.Integer({ minimum: 0, maximum: Math.ceil(limits.blobBytes / limits.blobChunkBytes) - 1 }),
});

/** Bytes of all chunks together, as padded and sealed; the first day on which the blob is gone, or null. */
const blobForm = {
  bytes: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  expiryDay: Type.Union([Day, Type.Null()]),
};

/** `missing`: places of chunks that are not there, in order. None: the blob is whole. */
export const BlobState = Exact({ ...blobForm, missing: Type.Array(Count) });
export type BlobState = Static<typeof BlobState>;

/** What any request about one blob may be answered with. */
const refusals = {
  401: Problem("token-required", "token-ended"),
  404: Problem("unknown-group", "unknown-blob"),
  410: Problem("group-deleted", "blob-erased"),
  429: Problem("too-many-requests"),
} as const;

/**
 * Begins a blob, or goes on with it: the same request again gives the same answer and takes no more room. The blob counts to the newest era and
 * to today from then on, so whoever has to seal its record again under a newer era asks once more: a cut would take the blob before its record
 * otherwise. What is not whole is taken away {@link limits.blobUnfinishedDays} days after the day of its newest chunk.
 */
export const BeginBlob = {
  method: "PUT",
  path: "/api/groups/:groupId/blobs/:blobId",
  plane: "group",
  authorization: "group-token",
  params: blobParams,
  body: Exact(blobForm),
  response: {
    200: BlobState,
    400: Problem("malformed-request"),
    ...refusals,
    409: Problem("era-ended", "blob-exists", "blobs-full"),
    413: Problem("blob-too-large"),
  },
} as const satisfies Endpoint;

/** Which chunks are there. */
export const ReadBlob = {
  method: "GET",
  path: "/api/groups/:groupId/blobs/:blobId",
  plane: "group",
  authorization: "group-token",
  params: blobParams,
  response: { 200: BlobState, ...refusals, 409: Problem("era-ended") },
} as const satisfies Endpoint;

/** Puts a chunk, whole, in its place; durable when it is answered. Never overwrites: the same bytes again get the same answer. */
export const PutChunk = {
  method: "PUT",
  path: "/api/groups/:groupId/blobs/:blobId/chunks/:place",
  plane: "group",
  authorization: "group-token",
  params: chunkParams,
  body: RawBytes,
  bodyType: "application/octet-stream",
  bodyLimit: limits.blobChunkBytes,
  response: {
    204: Type.Null(),
    400: Problem("malformed-request"),
    ...refusals,
    409: Problem("era-ended", "chunk-exists"),
    413: Problem("body-too-large"),
    415: Problem("unsupported-media-type"),
  },
} as const satisfies Endpoint;

/** One chunk, as `application/octet-stream` that no browser shows. Whoever was interrupted goes on with the next one. */
export const ReadChunk = {
  method: "GET",
  path: "/api/groups/:groupId/blobs/:blobId/chunks/:place",
  plane: "group",
  authorization: "group-token",
  params: chunkParams,
  response: {
    200: RawBytes,
    ...refusals,
    404: Problem("unknown-group", "unknown-blob", "unknown-chunk"),
    409: Problem("era-ended"),
  },
} as const satisfies Endpoint;

/** A blob as {@link ListBlobs} shows it: how many chunks are missing, and the day on which the last one came. */
export const ListedBlob = Exact({ blobId: Id16, ...blobForm, missing: Count, day: Day });
export type ListedBlob = Static<typeof ListedBlob>;

/**
 * The blobs of a group in the order of their ids, at most {@link limits.blobsPerPage} after `after`; `more` tells that there are further ones. So
 * facilitators find what takes up room and no record names, and erase it.
 */
export const ListBlobs = {
  method: "GET",
  path: "/api/groups/:groupId/blobs",
  plane: "group",
  authorization: "group-token",
  params: Exact({ groupId: GroupId }),
  query: Exact({ after: Type.Optional(Id16) }),
  response: {
    200: Exact({ blobs: Type.Array(ListedBlob), more: Type.Boolean() }),
    401: Problem("token-required", "token-ended"),
    404: Problem("unknown-group"),
    409: Problem("era-ended"),
    410: Problem("group-deleted"),
    429: Problem("too-many-requests"),
  },
} as const satisfies Endpoint;

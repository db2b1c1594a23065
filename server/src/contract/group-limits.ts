import { limits } from "./limits.ts";

/** What the group plane takes at most, beside {@link limits}. */
export const groupLimits = {
  recordBytes: limits.recordBytes,
  /** Bytes of every stub, and of the shortest record: a stub and a body of 328. */
  stubBytes: 187,
  recordMinBytes: 187 + 328,
  chainRequestBytes: limits.chainRequestBytes,
  /** Bytes of one sealed entry; the rest of a chain request is boxes. */
  entryBytes: 1024 * 1024,
  /** Bytes of one signed steward command. */
  commandBytes: 256 * 1024 + 72,
  /** Bytes of a signed answer to a challenge. */
  passAnswerBytes: 600,
  /** Boxes in one request: of every account, and of the instant invites that are open beside them. */
  boxesPerRequest: limits.accountsPerGroup + 64,
  /** Bytes of one box: KEM ciphertext 1,120, sealing 72, content. */
  boxBytes: 2048,
  /** Bytes of one of the two sealed texts of an era link. */
  linkBytes: 512,
  /** Different boxes under one label, and different links of one era, that members may leave without a steward's signature. */
  candidates: 3,
  /** Boxes of one era that are kept without a steward's signature. */
  unsignedBoxesPerEra: 20_000,
  /** Different boxes under one label, and links of one era, that one reply carries. */
  candidatesPerReply: 64,
  stewards: limits.accountsPerGroup,
  labelsPerQuery: 256,
  linksPerPage: 500,
  /** Items of one page of the log, and its bytes: a page ends at whichever comes first, and holds one item at least. */
  itemsPerPage: 500,
  pageBytes: 2 * 1024 * 1024,
  topicsPerPage: 100,
  newestPerTopic: 20,
  /** Records in one `append`, and the bytes of all together. */
  recordsPerAppend: 64,
  appendBytes: 4 * 1024 * 1024,
  /** Bytes of one websocket frame; longer ones are refused before they are read. */
  frameBytes: 9 * 1024 * 1024,
  /**
   * CBOR values of one frame or body, arrays counted too: 10,128 boxes of three are the most that a request is judged by. As it is
   * read a value of one byte costs a hundred.
   */
  itemsPerRequest: 32_768,
  /** The same of one answer: 500 eras with 64 links each are 97,500. */
  itemsPerAnswer: 131_072,
  /** Bytes of a frame on a connection that has subscribed to nothing. */
  strangerFrameBytes: 4 * 1024,
  /** Items that `subscribed` is followed by at once; what is missing beyond them is read by pages. */
  itemsOnSubscribe: 200,
  /**
   * Frames that one connection may send at once, and how many more each second; every 64 KiB of a frame count as one more. Beyond them the
   * connection ends with `tooManyRequests`. Whoever takes part in all that one connection may begins with half of them.
   */
  framesAtOnce: 2_048,
  framesPerSecond: 100,
  subscriptionsPerSocket: 256,
  awaitsPerSocket: 512,
  watchesPerSocket: 256,
  /** Bytes that may wait in the server for one slow reader before its connection is cut. */
  socketBacklogBytes: 4 * 1024 * 1024,
  tokenBytes: 32,
  tokenSeconds: 600,
  /** Seconds after the start of an era in which records of the one before are taken and subscriptions can renew. */
  graceSeconds: 5,
  /** Seconds for which a steward may keep the chain free of requests without a steward's signature. */
  reserveSeconds: 60,
  chainRequestsPerToken: 5,
  chainRequestsPerDay: 200,
} as const;

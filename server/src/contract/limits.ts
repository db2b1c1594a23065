/** What one hall takes at most (protocol section 9). Each has a problem code and a test at, below and above it. */
export const limits = {
  /** Bytes of one sealed record. */
  recordBytes: 64 * 1024,
  /** Bytes of one chain request with its boxes and link. */
  chainRequestBytes: 8 * 1024 * 1024,
  accountsPerGroup: 5_000,
  /** Items one mailbox may be made to hold. */
  mailboxItems: 1_000,
  /** Bytes of one sealed item of a mailbox. */
  mailboxItemBytes: 32 * 1024,
  /** Bytes of the sealed preview a mailbox shows to who holds its link; it carries one ticket per use of the invite. */
  previewBytes: 128 * 1024,
  /** Days that a mailbox may live. */
  mailboxDays: 400,
  /** Bytes of one blob, a sealed file. */
  blobBytes: 100 * 1024 * 1024,
  /** Bytes of every chunk of a blob but the last. */
  blobChunkBytes: 256 * 1024,
  /** Bytes of all blobs of one group, each counted in whole chunks from the moment it is begun. */
  blobBytesPerGroup: 5 * 1024 * 1024 * 1024,
  /** Days from the day on which a blob began or got its newest chunk to that on which it is taken away for not being whole. */
  blobUnfinishedDays: 2,
  blobsPerPage: 500,
  /** Bytes of a sealed vault. */
  vaultBytes: 2 * 1024 * 1024,
  /** Device keys of one account, revoked ones included: 32 devices and 32 revocations. */
  deviceKeysPerAccount: 64,
  /** Bytes of one signed statement without its parts. */
  statementBytes: 584,
  /** Tickets per account, day and purpose. */
  ticketsPerDay: { register: 2_000, group: 50, mailbox: 200 },
  /** Tickets in one request: an invite of 1,000 uses asks once. */
  ticketsAtOnce: 1_000,
  /** Seconds during which a challenge can be answered. */
  challengeSeconds: 60,
  sessionHours: 24,
} as const;

/** What an entry, an account in a group, and an invite may not exceed (protocol sections 5, 7 and 9). */

/** Operations in one entry: 1 to 64. */
export const MAX_OPERATIONS = 64;
/** Bytes of a sealed entry. With 5,000 boxes beside it, a chain request stays under 8 MiB. */
export const MAX_SEALED_ENTRY_BYTES = 1_048_576;
/** Values in an entry: last words of which 1 MiB is full are 85,000. */
export const MAX_ENTRY_ITEMS = 131_072;
/** Accounts in a group at one time. */
export const MAX_ACCOUNTS = 5_000;
/** Uses of an invite with approval. */
export const MAX_INVITE_USES = 5_000;
/** Uses of an instant invite. */
export const MAX_INSTANT_USES = 50;
/** How long an instant invite may stay open, in milliseconds: 7 days. */
export const MAX_INSTANT_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;
/** Days that a group's rules may keep records, when they do not keep them for good. */
export const MAX_RETENTION_DAYS = 3_650;
/** Devices named in one set of last words. */
export const MAX_WORDS_DEVICES = 64;
/** Records named for one device in last words: the last acknowledged one, and those on their way. */
export const MAX_WORDS_HEADS = 64;
/** Facilitators to whom an invite's desk keys are boxed. */
export const MAX_DESK_BOXES = 256;
/** Bytes of the box that holds an invite's desk keys. */
export const MAX_DESK_BOX_BYTES = 2_048;
/** Milliseconds of a day. */
export const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

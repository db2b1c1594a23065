/**
 * What an entry can do to a group (protocol section 5, Operations): the forms alone. Who may do what is judged by
 * `applyEntry` in `group-chain.ts`.
 *
 * Statements stand here in the form of `account/statements.ts`, read and not yet judged. Identity, device, steward, request and pass keys are Ed25519 (32 bytes), box keys
 * X-Wing (1216), label keys X25519 (32).
 */
import { MAX_STATEMENTS, statementForm } from "../account/statements.ts";
import { BOX_PUBLIC_KEY_BYTES } from "../primitives/box.ts";
import {
  bytes,
  day,
  list,
  nullable,
  sortedSet,
  struct,
  text,
  time,
  uint,
  type ValueOf,
  variant,
  where,
  word,
} from "../primitives/encoding.ts";
import { toHex } from "../primitives/bytes.ts";
import {
  MAX_DESK_BOX_BYTES,
  MAX_DESK_BOXES,
  MAX_INVITE_USES,
  MAX_RETENTION_DAYS,
  MAX_WORDS_DEVICES,
  MAX_WORDS_HEADS,
} from "./limits.ts";

const key = () => bytes(32);
const hash = () => bytes(32);
const id = () => bytes(16);

/** Statements in the form for groups: with their box keys, without what only the account's own devices know. */
export const statementsCodec = sortedSet(
  where(statementForm, (statement) => statement.details === null),
  { max: MAX_STATEMENTS },
);

export const roleCodec = word("member", "facilitator");
/** What a member may do: a facilitator admits, removes, sets rules and starts eras. */
export type Role = ValueOf<typeof roleCodec>;

export const historyCodec = word("all", "from-joining");
/** Whether newcomers can read what was written before they came. */
export type History = ValueOf<typeof historyCodec>;

export const rulesCodec = struct({
  history: historyCodec,
  /** Days that records are kept, 1 to 3,650; null: for good. */
  retentionDays: nullable(uint({ min: 1, max: MAX_RETENTION_DAYS })),
});
export type Rules = ValueOf<typeof rulesCodec>;

/** The group that a group founded anew continues, and the head at which its founder left it. */
export const continuesCodec = struct({ groupId: hash(), headIndex: uint(), headHash: hash() });
export type Continues = ValueOf<typeof continuesCodec>;

const wordsHead = struct({ number: uint({ min: 1 }), hash: hash() });

const deviceWords = struct({
  /** The device's signing key. */
  device: key(),
  /** Its last accepted record; of one's own also each that was sent and not acknowledged, by itself. */
  heads: sortedSet(wordsHead, { min: 1, max: MAX_WORDS_HEADS }),
});

/**
 * Last words: per affected device that wrote here, the records up to which it is accepted. No device twice;
 * one that is not listed has written nothing.
 */
export const lastWordsCodec = where(
  sortedSet(deviceWords, { max: MAX_WORDS_DEVICES }),
  (words) => new Set(words.map(({ device }) => toHex(device))).size === words.length,
);
/** A record that counts, and with it what its chain of hashes leads to: number from 1, record hash (32). */
export type WordsHead = ValueOf<typeof wordsHead>;
export type DeviceWords = ValueOf<typeof deviceWords>;
export type LastWords = ValueOf<typeof lastWordsCodec>;

const presetText = (maxBytes: number) => nullable(text({ minBytes: 1, maxBytes }));

export const presetsCodec = struct({
  role: roleCodec,
  union: presetText(480),
  /** A language tag, BCP 47. */
  language: presetText(35),
  note: presetText(2_000),
});
/** What an invite sets for those who come in by it. */
export type Presets = ValueOf<typeof presetsCodec>;

const deskBox = struct({
  /** Identity key of the facilitator to whom it is boxed. */
  facilitator: key(),
  /** The desk's private keys, boxed with purpose `desk` (`invites/desk.ts`). */
  box: bytes({ min: 1, max: MAX_DESK_BOX_BYTES }),
});

export const deskCodec = struct({
  /** The mailbox where requests arrive. */
  mailboxId: id(),
  /** X-Wing key to which guests box their requests. */
  boxKey: bytes(BOX_PUBLIC_KEY_BYTES),
  /** Ed25519 key whose holder reads the mailbox. */
  readKey: key(),
  boxes: where(
    list(deskBox, { max: MAX_DESK_BOXES }),
    (boxes) => new Set(boxes.map(({ facilitator }) => toHex(facilitator))).size === boxes.length,
  ),
});
/** Public halves of an invite's mailbox, and its private ones boxed to facilitators. */
export type Desk = ValueOf<typeof deskCodec>;

/** The keys of an instant invite itself, to which each new era is boxed while it is open. */
export const inviteKeysCodec = struct({ boxKey: bytes(BOX_PUBLIC_KEY_BYTES), labelKey: key() });
export type InviteKeys = ValueOf<typeof inviteKeysCodec>;

export const admissionCodec = variant({
  /** A facilitator admits each guest. */
  approval: struct({}),
  /** Whoever holds the link walks in. */
  instant: struct({ keys: inviteKeysCodec }),
});
export type Admission = ValueOf<typeof admissionCodec>;

export const operationCodec = variant({
  /** First operation of the first entry, and nowhere else. The founder's statements are those of the entry. */
  found: struct({ rules: rulesCodec, continues: nullable(continuesCodec), stewardKey: key() }),
  admit: struct({
    identityKey: key(),
    statements: statementsCodec,
    /** Null where it is struck and the account has given no new one: in a group founded anew. */
    stewardKey: nullable(key()),
    role: roleCodec,
    /** The invite by which the guest came; null for none. */
    invite: nullable(id()),
    /** Hash of the signed request, from which the guest computes the label to wait for; null for none. */
    request: nullable(hash()),
  }),
  /** First operation of an entry whose author comes in by an instant invite. */
  join: struct({
    statements: statementsCodec,
    stewardKey: key(),
    invite: id(),
    /** By the invite's request key over {@link joinClaim} (64 bytes). */
    signature: bytes(64),
  }),
  remove: struct({ identityKey: key(), lastWords: lastWordsCodec }),
  leave: struct({ lastWords: lastWordsCodec }),
  role: struct({
    identityKey: key(),
    role: roleCodec,
    /** Where the role is lost; null otherwise. */
    lastWords: nullable(lastWordsCodec),
  }),
  rules: struct({ rules: rulesCodec }),
  "account-update": struct({
    identityKey: key(),
    statements: statementsCodec,
    /** Replaces the steward key; null: leaves it. Only by the account itself, which must where it revokes a device. */
    stewardKey: nullable(key()),
    /** Where a device is revoked: of the devices newly revoked; null otherwise. */
    lastWords: nullable(lastWordsCodec),
  }),
  invite: struct({
    id: id(),
    admission: admissionCodec,
    /** From this moment on it admits nobody, milliseconds since 1970. */
    expiry: time(),
    uses: uint({ min: 1, max: MAX_INVITE_USES }),
    presets: presetsCodec,
    /** Ed25519 key whose signature proves that a guest holds the link. */
    requestKey: key(),
    desk: deskCodec,
  }),
  "end-invite": struct({ id: id() }),
  /** Content of eras wholly before this day is to be deleted. */
  cut: struct({ day: day() }),
  /** Last operation of an entry, at most once: the era that begins after it. */
  era: struct({
    number: uint(),
    /** `BLAKE2b("era-commitment", era key)` */
    eraCommitment: hash(),
    /** `BLAKE2b("content-commitment", content key)` */
    contentCommitment: hash(),
    passKey: key(),
    labelKey: key(),
  }),
});

export type Operation = ValueOf<typeof operationCodec>;
export type OperationKind = Operation["kind"];
/** The operation of one kind. */
export type OperationOf<K extends OperationKind> = Extract<Operation, { readonly kind: K }>;

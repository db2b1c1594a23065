/**
 * The bodies of all kinds of records in version 1 (protocol section 6), their limits, and where each kind may stand.
 * A kind this program does not know is kept as `unknown`, with its name and bytes.
 */
import {
  anyData,
  bool,
  bytes,
  type Codec,
  type Data,
  day,
  decode,
  decodeWithin,
  encode,
  type FieldValues,
  list,
  nullable,
  type Structure,
  structure,
  text,
  uint,
  variant,
  struct,
  word,
} from "../primitives/encoding.ts";
import { EncodingError } from "../primitives/errors.ts";
import { statementForm } from "../account/statements.ts";
import { eraLinkCodec } from "../group/era-link.ts";
import { RECORD_ID_BYTES, RECORD_MAX_SEALED_BYTES } from "./record-wire.ts";

/** Greatest lengths in UTF-8 bytes, and greatest counts. A text's own limit is that of the record: `roomForText`. */
export const KIND_LIMITS = {
  titleBytes: 512,
  quoteBytes: 2_048,
  mentions: 64,
  files: 16,
  fileNameBytes: 255,
  mediaTypeBytes: 127,
  reactionBytes: 64,
  nameBytes: 256,
  profileLineBytes: 256,
  profileLines: 16,
  descriptionBytes: 8_192,
  boxBytes: 4_096,
} as const;

const MAX_BODY_BYTES = RECORD_MAX_SEALED_BYTES;
const id = bytes(RECORD_ID_BYTES);
const groupId = bytes(32);
const identityKey = bytes(32);
const longText = text({ maxBytes: MAX_BODY_BYTES });
const name = text({ minBytes: 1, maxBytes: KIND_LIMITS.nameBytes });
const line = text({ minBytes: 1, maxBytes: KIND_LIMITS.profileLineBytes });
const lines = list(line, { max: KIND_LIMITS.profileLines });

/** A sealed file (protocol section 2, files): where it lies, how it opens, what it must be. */
const file = struct({
  blobId: bytes(16),
  key: bytes(32),
  noncePrefix: bytes(15),
  name: text({ minBytes: 1, maxBytes: KIND_LIMITS.fileNameBytes }),
  mediaType: text({ maxBytes: KIND_LIMITS.mediaTypeBytes }),
  /** Of the content. */
  bytes: uint(),
  /** Of the ciphertext, and its BLAKE2b hash. */
  sealedBytes: uint(),
  sealedHash: bytes(32),
});
const files = list(file, { max: KIND_LIMITS.files });
/** Identity keys of those who are named in a text. */
const mentions = list(identityKey, { max: KIND_LIMITS.mentions });

/** What somebody found no room for elsewhere, for the facilitators' clients to put where it belongs. */
const handedOn = variant({
  /** A statement of some account, newer than what the group holds, with its box key where it brings one. */
  account: struct({ statement: statementForm }),
  /** A box of this era, for this label. */
  box: struct({ era: uint(), label: bytes(16), bytes: bytes({ min: 1, max: KIND_LIMITS.boxBytes }) }),
  /** A link of this era. */
  link: struct({ era: uint(), link: eraLinkCodec }),
});

const define = <const F extends Readonly<Record<string, Codec<unknown>>>>(
  kind: string,
  fields: F,
): Structure<FieldValues<F>> => structure(`record-${kind}`, MAX_BODY_BYTES, fields);

/** The structure of each kind's body. */
export const bodyStructures = {
  /** A titled discussion with its first text. Its topic id is its record id. */
  topic: define("topic", {
    title: text({ minBytes: 1, maxBytes: KIND_LIMITS.titleBytes }),
    text: longText,
    category: nullable(id),
    mentions,
    files,
  }),
  /** One contribution, in Markdown; `reply` names the record answered and what of it is quoted. */
  post: define("post", {
    text: longText,
    reply: nullable(struct({ recordId: id, quote: text({ maxBytes: KIND_LIMITS.quoteBytes }) })),
    mentions,
    files,
  }),
  /** The whole new content of the author's own topic or post; `title` and `category` only for a topic. */
  edit: define("edit", {
    title: nullable(text({ minBytes: 1, maxBytes: KIND_LIMITS.titleBytes })),
    text: longText,
    category: nullable(id),
    mentions,
    files,
  }),
  /** The author takes the own topic or post back. */
  retract: define("retract", {}),
  /** `on: false` takes it back. */
  reaction: define("reaction", { reaction: text({ minBytes: 1, maxBytes: KIND_LIMITS.reactionBytes }), on: bool() }),
  pin: define("pin", { pinned: bool() }),
  statement: define("statement", { handedOn }),
  /** Who somebody is, in the own words. */
  profile: define("profile", {
    name,
    union: nullable(line),
    country: nullable(line),
    languages: lines,
    committees: lines,
    role: nullable(line),
  }),
  "group-info": define("group-info", { name, description: text({ maxBytes: KIND_LIMITS.descriptionBytes }) }),
  /** A shelf for topics, known by its id; `order` sorts, `retired` takes it off the list. */
  category: define("category", { categoryId: id, name, order: uint(), retired: bool() }),
  /** Notebook: how far this account has read, by the server's cursor and the record it stood at. */
  "read-position": define("read-position", { groupId, topicId: nullable(id), seq: uint(), recordId: nullable(id) }),
  /** Notebook: a text not yet sent; empty when it went. */
  draft: define("draft", {
    groupId,
    topicId: nullable(id),
    title: text({ maxBytes: KIND_LIMITS.titleBytes }),
    text: longText,
    replyTo: nullable(id),
  }),
  /** Notebook: this account was checked with its owner. */
  verified: define("verified", { identityKey, verified: bool(), day: day() }),
  /** Notebook: what a topic (or, without one, a group) may call attention for. */
  follow: define("follow", { groupId, topicId: nullable(id), mode: word("follow", "mute", "neither") }),
} as const;

type Bodies = typeof bodyStructures;
/** The kinds of version 1. */
export type RecordKind = keyof Bodies;
/** The body of a known kind. */
export type KnownBody = {
  readonly [K in RecordKind]: { readonly kind: K } & (Bodies[K] extends Structure<infer F> ? F : never);
}[RecordKind];
/** What a newer version made: its kind's name and bytes. */
export interface UnknownBody {
  readonly kind: "unknown";
  readonly name: string;
  /** The body's CBOR. */
  readonly bytes: Uint8Array;
}
/** Any body. */
export type RecordBody = KnownBody | UnknownBody;
/** A sealed file as a body names it. */
export type FileReference = Extract<KnownBody, { kind: "post" }>["files"][number];
/** What a `statement` record hands on. */
export type HandedOn = Extract<KnownBody, { kind: "statement" }>["handedOn"];

/** Where records of a kind stand, under which key, and who may write them. */
export interface KindPlace {
  /** `own`: the topic id is the record's own id. */
  readonly topic: "own" | "required" | "none";
  /** `record`: the id of the record it hangs on; `piece`: derived from what it is the state of. */
  readonly target: "record" | "piece" | "none";
  /** Sealed under the chain key, readable to every newcomer. */
  readonly state: boolean;
  readonly facilitatorOnly: boolean;
}

const hanging = { topic: "required", target: "record", state: false, facilitatorOnly: false } as const;
const note = { topic: "none", target: "piece", state: false, facilitatorOnly: false } as const;

const places: Readonly<Record<RecordKind, KindPlace>> = {
  topic: { topic: "own", target: "none", state: false, facilitatorOnly: false },
  post: { topic: "required", target: "none", state: false, facilitatorOnly: false },
  edit: hanging,
  retract: hanging,
  reaction: hanging,
  pin: { ...hanging, facilitatorOnly: true },
  statement: { topic: "none", target: "none", state: false, facilitatorOnly: false },
  profile: { topic: "none", target: "piece", state: true, facilitatorOnly: false },
  "group-info": { topic: "none", target: "piece", state: true, facilitatorOnly: true },
  category: { topic: "none", target: "piece", state: true, facilitatorOnly: true },
  "read-position": note,
  draft: note,
  verified: note,
  follow: note,
};

/** Whether this program knows the kind. */
export function isKnownKind(kind: string): kind is RecordKind {
  return Object.hasOwn(bodyStructures, kind);
}

/** Where records of this kind stand. */
export function placeOfKind(kind: RecordKind): KindPlace {
  return places[kind];
}

/** A body as it stands in the signed content. @throws {EncodingError} `wrong-shape`, `too-large` */
export function encodeBody(body: RecordBody): { readonly kind: string; readonly body: Uint8Array } {
  if (body.kind === "unknown") return { kind: body.name, body: body.bytes };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the structure is looked up by the body's own kind
  const definition = bodyStructures[body.kind] as Structure<unknown>;
  return { kind: body.kind, body: encode(definition, body) };
}

/**
 * Reads a body. Unknown kinds, and known ones in an unknown version, come back as `unknown`.
 *
 * @throws {EncodingError} as {@link decode}; also an unknown kind's body is strict CBOR
 */
export function decodeBody(kind: string, body: Uint8Array): RecordBody {
  const unknown = (): RecordBody => ({ kind: "unknown", name: kind, bytes: body });
  if (!isKnownKind(kind)) {
    decodeWithin(anyData(), body, MAX_BODY_BYTES);
    return unknown();
  }
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the structure is looked up by the same kind
    return { kind, ...decode(bodyStructures[kind] as Structure<object>, body) } as KnownBody;
  } catch (error) {
    if (error instanceof EncodingError && error.reason === "unknown-version") return unknown();
    throw error;
  }
}

/**
 * What a piece of state is the state of: the context of its target besides the kind (protocol section 6, "identity
 * key or name"). Null for kinds that are no piece of state.
 */
export function pieceOf(body: RecordBody, author: Uint8Array): readonly Data[] | null {
  switch (body.kind) {
    case "profile":
      return [author];
    case "group-info":
      return [""];
    case "category":
      return [body.categoryId];
    case "read-position":
    case "draft":
    case "follow":
      return [body.groupId, body.topicId];
    case "verified":
      return [body.identityKey];
    case "topic":
    case "post":
    case "edit":
    case "retract":
    case "reaction":
    case "pin":
    case "statement":
    case "unknown":
    default:
      return null;
  }
}

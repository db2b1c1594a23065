import {
  bytes,
  day,
  nullable,
  sortedSet,
  struct,
  structure,
  text,
  uint,
  type ValueOf,
  variant,
  where,
} from "../primitives/encoding.ts";
import { openSigned } from "../primitives/signed.ts";
import { MAX_ACCOUNTS } from "./limits.ts";
import { originCodec } from "./pass-challenge.ts";

/** Public keys (32 bytes each) of the facilitators, ascending, each once. */
export const stewardListCodec = sortedSet(bytes(32), { min: 1, max: MAX_ACCOUNTS });

const startedEra = struct({ number: uint(), passKey: bytes(32), labelKey: bytes(32) });

const limit = struct({ name: text({ minBytes: 1, maxBytes: 40 }), value: nullable(uint()) });

const limitsCodec = where(
  sortedSet(limit, { min: 1, max: 32 }),
  (limits) => new Set(limits.map(({ name }) => name)).size === limits.length,
);

/** What the server does only for a key on the group's steward list (protocol section 4, rule 1). */
export const stewardOperationCodec = variant({
  /** A chain request: this entry, and what goes with it. */
  chain: struct({
    /** `entryHash` of the entry in the request. */
    entryHash: bytes(32),
    /** Where the entry starts an era: its number and public keys. */
    era: nullable(startedEra),
    /** Where the list differs after the entry: the whole new one. */
    stewards: nullable(stewardListCodec),
  }),
  /** Corrects the list by itself. */
  stewards: struct({ stewards: stewardListCodec }),
  /** Sets limits of this group, by the names of the contract's list, each once; null: the hall's own. */
  limits: struct({ limits: limitsCodec }),
  /** Takes away a record's body; the tombstone keeps this command. */
  erase: struct({ recordId: bytes(16), recordHash: bytes(32) }),
  /** Takes away a file's chunks; its id is not taken again. The server does not know whose record names it. */
  "erase-blob": struct({ blobId: bytes(16) }),
  /** Takes away bodies, files, boxes and content links of all eras before this one, in which nothing is as young as this day. */
  cut: struct({ day: day(), firstEraKept: uint() }),
  /** Deletes the group; its id is never given out again. */
  delete: struct({}),
  /** Adds a box or a link beyond the number that anybody may add. */
  box: struct({ era: uint(), boxLabel: bytes(16), hash: bytes(32) }),
  link: struct({ era: uint(), hash: bytes(32) }),
});
export type StewardOperation = ValueOf<typeof stewardOperationCodec>;
export type StewardOperationKind = StewardOperation["kind"];

/**
 * A steward's command to the server: CBOR `["unionhall/v1/steward-command", steward key (32), origin, group id (32), counter,
 * operation]`, signed by the steward key it names.
 */
export const stewardCommandStructure = structure("steward-command", 256 * 1024, {
  stewardKey: bytes(32),
  origin: originCodec,
  groupId: bytes(32),
  /** Of this key in this group: each command's is greater than the one before. */
  counter: uint({ min: 1 }),
  operation: stewardOperationCodec,
});
export type StewardCommand = ValueOf<typeof stewardCommandStructure>;

/**
 * Reads a signed command (`[payload, signature]`, at most 256 KiB and 72 bytes) and verifies it under the key it names.
 * Whether that key is listed, the origin this hall's, and the counter greater than the last is for the server to compare.
 *
 * @throws {EncodingError} when it is no such structure
 * @throws {SignatureError} when it is not signed by the key it names
 */
export function verifyStewardCommand(wire: Uint8Array): StewardCommand {
  return openSigned(stewardCommandStructure, wire, (command) => command.stewardKey).value;
}

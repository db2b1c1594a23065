/** The state of a group as bytes, for those who store it (protocol section 5: the state is a fold; this saves folding again). */
import { toHex } from "../primitives/bytes.ts";
import {
  bool,
  bytes,
  type Codec,
  day,
  decode,
  encode,
  list,
  mapped,
  nullable,
  struct,
  type Structure,
  structure,
  time,
  uint,
  variant,
  where,
  word,
} from "../primitives/encoding.ts";
import { boxKeyForm, statementForm } from "../account/statements.ts";
import {
  accountKey,
  type EraDueReason,
  type GroupAccount,
  type GroupEra,
  type GroupInvite,
  type GroupState,
} from "./group-state.ts";
import {
  admissionCodec,
  continuesCodec,
  deskCodec,
  historyCodec,
  lastWordsCodec,
  presetsCodec,
  rulesCodec,
} from "./operations.ts";

/** The longest state that is read or written: 256 MiB. */
export const MAX_STATE_BYTES = 256 * 1024 * 1024;

/**
 * Values in a state: the hash of every entry of the chain, and of 5,000 accounts all devices, keys, stays and last words. It is read from one's
 * own device only, from under its seal.
 */
const MAX_STATE_ITEMS = 16_000_000;
const key = () => bytes(32);
const many = <T>(item: Codec<T>) => list(item, { max: MAX_STATE_ITEMS });
const endIndex = nullable(uint());

const cameIn = variant({
  founded: struct({}),
  admitted: struct({ by: key(), invite: nullable(bytes(16)), request: nullable(bytes(32)) }),
  joined: struct({ invite: bytes(16) }),
});

const stay = struct({ from: uint(), until: endIndex, ended: nullable(word("left", "removed")), came: cameIn });

const bindingWords = struct({
  index: uint(),
  binds: word("all", "role"),
  devices: nullable(many(key())),
  words: lastWordsCodec,
});

const account: Codec<GroupAccount> = struct({
  identityKey: key(),
  statements: many(statementForm),
  devices: many(struct({ key: key(), certifiedAt: endIndex, revokedAt: endIndex })),
  boxKeys: many(struct({ since: uint(), boxKey: boxKeyForm })),
  stewardKey: nullable(key()),
  spentStewardKeys: many(key()),
  stays: many(stay),
  facilitations: many(struct({ from: uint(), until: endIndex })),
  lastWords: many(bindingWords),
});

const inviteEnd = struct({
  index: uint(),
  cause: word("by-hand", "spent", "expired", "removal", "leave", "revocation", "history"),
});

const invite: Codec<GroupInvite> = struct({
  id: bytes(16),
  maker: key(),
  since: uint(),
  admission: admissionCodec,
  expiry: time(),
  uses: uint(),
  usesLeft: uint(),
  presets: presetsCodec,
  requestKey: key(),
  desk: deskCodec,
  ended: nullable(inviteEnd),
});

const era: Codec<GroupEra> = struct({
  number: uint(),
  startIndex: uint(),
  startedAt: time(),
  moment: time(),
  startedBy: key(),
  eraCommitment: key(),
  contentCommitment: key(),
  passKey: key(),
  labelKey: key(),
  history: historyCodec,
  linksContent: bool(),
});

const eraDue: Codec<EraDueReason> = variant({
  left: struct({ index: uint(), identityKey: key() }),
  "device-revoked": struct({ index: uint(), identityKey: key() }),
  "invite-ended": struct({ index: uint(), invite: bytes(16) }),
});

/** Map values as a list in the map's order, which is the order in which the chain brought them. */
function mapOf<T>(item: Codec<T>, keyOf: (value: T) => string): Codec<ReadonlyMap<string, T>> {
  const unique = where(many(item), (values) => new Set(values.map(keyOf)).size === values.length);
  return mapped(
    unique,
    (values) => new Map(values.map((value) => [keyOf(value), value])),
    (map) => [...map.values()],
  );
}

/** The form of a stored state: see {@link encodeGroupState}. */
export const stateStructure: Structure<GroupState> = structure(
  "group-state",
  MAX_STATE_BYTES,
  {
    groupId: key(),
    hashes: many(key()),
    rules: nullable(rulesCodec),
    continues: nullable(continuesCodec),
    accounts: mapOf(account, ({ identityKey }) => accountKey(identityKey)),
    invites: mapOf(invite, ({ id }) => toHex(id)),
    eras: many(era),
    eraDue: many(eraDue),
    facilitatorTime: time(),
    cutDay: nullable(day()),
  },
  MAX_STATE_ITEMS,
);

/** CBOR `["unionhall/v1/group-state", …]`: two equal states have the same bytes. @throws {EncodingError} `too-large` over 256 MiB */
export function encodeGroupState(state: GroupState): Uint8Array {
  return encode(stateStructure, state);
}

/**
 * Reads what {@link encodeGroupState} wrote. The form is checked; that the state follows from a chain is for
 * whoever stored it to protect: keep it sealed.
 *
 * @throws {EncodingError}
 */
export function decodeGroupState(encoded: Uint8Array): GroupState {
  return decode(stateStructure, encoded);
}

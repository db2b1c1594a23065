/**
 * Making entries (protocol section 5): from what a member wants to do to everything that the request to the server
 * holds. Nothing is sent that would be void: each proposal is judged by `applyEntry` before it is handed out.
 */
import type { StatementWire } from "../account/statements.ts";
import type { Random } from "../primitives/bytes.ts";
import type { Signed } from "../primitives/signed.ts";
import type { SigningKeyPair } from "../primitives/sign.ts";
import { isCertified, knownOf } from "./account-union.ts";
import { type BoxRecipient, boxRecipientsOfEntry } from "./box-recipients.ts";
import { type LabelledBox, makeBoxes } from "./boxes.ts";
import { type Entry, groupIdOf, NO_PREVIOUS_HASH, sealEntry, signEntry } from "./entry.ts";
import { entryHash, type SealedEntry } from "./entry-wire.ts";
import { eraOperation, type EraKeys } from "./era.ts";
import { type EraLink, makeEraLink } from "./era-link.ts";
import { applyEntry } from "./group-chain.ts";
import { groupKeys } from "./group-keys.ts";
import { accountOf, emptyGroup, type GroupState, headOf, newestEra } from "./group-state.ts";
import type { Operation, OperationOf } from "./operations.ts";
import type { RefusalReason } from "./refusals.ts";
import { sameStewards, stewardListOf } from "./steward-list.ts";
import { signStewardCommand } from "./steward.ts";

/** Who signs. */
export interface EntryAuthor {
  /** Identity key, 32 bytes. */
  readonly identityKey: Uint8Array;
  readonly device: SigningKeyPair;
  /** The account's statements in the form for groups; they go along only where the chain does not certify the device yet. */
  readonly statements: readonly StatementWire[];
}

export interface Act {
  readonly author: EntryAuthor;
  /** What to do, without the `era`, which is added where it is needed. */
  readonly operations: readonly Operation[];
  /** Milliseconds since 1970, by this device's clock. */
  readonly time: number;
  /** `if-needed`: where the entry would be void without. `always`: to settle what is due. */
  readonly era: "if-needed" | "always";
}

/** Keys of the newest era, and of the one that the entry may start (`nextEra`; the same ones when a lost race is tried again). */
export interface ActKeys {
  readonly newest: EraKeys;
  readonly next: EraKeys;
}

/** A signed and sealed entry that counts on `before`. */
export interface Proposal {
  readonly kind: "proposed";
  readonly before: GroupState;
  readonly after: GroupState;
  readonly entry: Signed<Entry>;
  readonly sealed: SealedEntry;
  /** The keys of the era that is newest after it. */
  readonly keys: EraKeys;
  /** The keys of the era before it, where it starts one after another. */
  readonly olderKeys: EraKeys | null;
}

/** The act would be void. */
export interface Unproposable {
  readonly kind: "refused";
  readonly reason: RefusalReason;
}

/**
 * Signs and seals an entry for the place after the state's head.
 *
 * @throws {EncodingError} `wrong-shape` for operations outside their limits; `too-large` over 1 MiB
 */
export function proposeEntry(state: GroupState, act: Act, keys: ActKeys, random: Random): Proposal | Unproposable {
  if (act.era === "always") return proposed(state, act, keys, keys.next, random);
  const without = proposed(state, act, keys, null, random);
  const lacksEra = without.kind === "refused" && without.reason === "era-missing";
  return lacksEra ? proposed(state, act, keys, keys.next, random) : without;
}

function proposed(
  state: GroupState,
  { author, operations, time }: Act,
  { newest }: ActKeys,
  next: EraKeys | null,
  random: Random,
): Proposal | Unproposable {
  const entry: Entry = {
    groupId: state.groupId,
    index: state.hashes.length,
    previousHash: headOf(state)?.hash ?? NO_PREVIOUS_HASH,
    era: newest.number,
    operations: next === null ? operations : [...operations, eraOperation(next)],
    author: author.identityKey,
    device: author.device.publicKey,
    statements: neededStatements(state, author),
    time,
  };
  const signed = signEntry(entry, author.device);
  const sealed = sealEntry(signed, state.groupId, newest.chainKey, random);
  const started = next === null ? null : { keys: next, olderKeys: newest };
  return judged(state, signed, sealed, newest.chainKey, started ?? { keys: newest, olderKeys: null });
}

function neededStatements(state: GroupState, { identityKey, device, statements }: EntryAuthor) {
  const account = accountOf(state, identityKey);
  return account !== undefined && isCertified(knownOf(account), device.publicKey) ? [] : statements;
}

function judged(
  before: GroupState,
  entry: Signed<Entry>,
  sealed: SealedEntry,
  chainKey: Uint8Array,
  keys: Pick<Proposal, "keys" | "olderKeys">,
): Proposal | Unproposable {
  const verdict = applyEntry(before, sealed, groupKeys(new Map([[sealed.era, chainKey]])));
  if (verdict.kind === "refused") return { kind: "refused", reason: verdict.reason };
  return { kind: "proposed", before, after: verdict.state, entry, sealed, ...keys };
}

/** What founding takes beside the act: `author.statements` must certify the device and bring a box key. */
export interface Founding {
  readonly author: EntryAuthor;
  readonly found: Omit<OperationOf<"found">, "kind">;
  /** Further operations of the first entry: up to 62, as `admit` in a group founded anew. */
  readonly operations: readonly Operation[];
  /** Milliseconds since 1970. */
  readonly time: number;
  /** {@link firstEra} */
  readonly keys: EraKeys;
}

/** The first entry of a new group. Its id is in `after.groupId`. */
export function proposeFounding(founding: Founding, random: Random): Proposal | Unproposable {
  const { author, found, operations, time, keys } = founding;
  const entry: Entry = {
    groupId: null,
    index: 0,
    previousHash: NO_PREVIOUS_HASH,
    era: 0,
    operations: [{ kind: "found", ...found }, ...operations, eraOperation(keys)],
    author: author.identityKey,
    device: author.device.publicKey,
    statements: author.statements,
    time,
  };
  const signed = signEntry(entry, author.device);
  const groupId = groupIdOf(signed);
  const sealed = sealEntry(signed, groupId, keys.chainKey, random);
  return judged(emptyGroup(groupId), signed, sealed, keys.chainKey, { keys, olderKeys: null });
}

/** What goes to the server in one transaction (protocol section 4, rule 5). */
export interface EntryRequest {
  readonly entry: SealedEntry;
  readonly boxes: readonly LabelledBox[];
  /** Where the entry starts an era after another. */
  readonly link: EraLink | null;
  /** Signed: where the entry starts an era or changes the list of stewards; also wherever the author has a listed key. */
  readonly command: Uint8Array | null;
  /** Recipients to whom nothing could be boxed, to be shown. */
  readonly skipped: readonly BoxRecipient[];
}

/** With what the command is signed: a key that is on the list before the entry (in a first entry: after it). */
export interface StewardSigner {
  readonly key: SigningKeyPair;
  readonly origin: string;
  /** Greater than that of this key's last command in this group. */
  readonly counter: number;
}

/**
 * Everything of a chain request: sealed entry, boxes, link, and the steward's command over the entry's hash with the
 * era's number, pass and label key, and the new list where it changes. `signer`: null for members without a listed key.
 */
export function sealEntryRequest(proposal: Proposal, signer: StewardSigner | null): EntryRequest {
  const { after, sealed, keys } = proposal;
  const { boxes, skipped } = makeBoxes(after.groupId, keys, boxRecipientsOfEntry(after, sealed.index));
  return {
    entry: sealed,
    boxes,
    link: linkOf(proposal),
    command: signer === null ? null : chainCommand(proposal, signer),
    skipped,
  };
}

/** Whether the server takes the request only with a steward's command. */
export function needsSteward({ before, after, sealed }: Proposal): boolean {
  return sealed.startsEra !== null || !sameStewards(stewardListOf(before), stewardListOf(after));
}

function linkOf({ after, keys, olderKeys }: Proposal): EraLink | null {
  if (olderKeys === null) return null;
  return makeEraLink(after.groupId, keys, olderKeys, newestEra(after)?.linksContent ?? false);
}

function chainCommand({ before, after, sealed, keys }: Proposal, { key, origin, counter }: StewardSigner): Uint8Array {
  const stewards = stewardListOf(after);
  const started = { number: keys.number, passKey: keys.pass.publicKey, labelKey: keys.label.publicKey };
  const operation = {
    kind: "chain",
    entryHash: entryHash(sealed),
    era: sealed.startsEra === null ? null : started,
    stewards: sameStewards(stewardListOf(before), stewards) ? null : stewards,
  } as const;
  return signStewardCommand({ origin, groupId: after.groupId, counter, operation }, key);
}

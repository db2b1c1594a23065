/** Makes real entries of described ones. */
import { signDeviceStatement, signRevokeStatement } from "../../account/sign-statements.ts";
import { type BoxKey, statementForGroups, type StatementWire } from "../../account/statements.ts";
import { pad } from "../../primitives/padding.ts";
import { seal } from "../../primitives/seal.ts";
import { sign } from "../../primitives/sign.ts";
import { encodeSigned, type Signed } from "../../primitives/signed.ts";
import { seededRandom } from "../../testing/seeded-random.ts";
import { type Entry, entryKey, NO_PREVIOUS_HASH, signEntry, startedEraOf } from "../entry.ts";
import { entryHeader, type SealedEntry } from "../entry-wire.ts";
import { eraOperation, firstEra } from "../era.ts";
import { headOf } from "../group-state.ts";
import { MAX_SEALED_ENTRY_BYTES } from "../limits.ts";
import { joinClaim } from "../membership.ts";
import type { LastWords, Operation } from "../operations.ts";
import type {
  DescribedEntry,
  DescribedOperation,
  DescribedStatement,
  DescribedSteward,
  DescribedWords,
  Name,
} from "./described.ts";
import { person, seedOf } from "./people.ts";
import { DAY, FOUNDED_AT, foundingEntry, HOUR, instantInvite, invite, InviteSecrets, TestGroup } from "./test-group.ts";

const MALFORMED_BOX_KEY = new Uint8Array(1216).fill(0xff);
const LOW_ORDER_KEY = new Uint8Array(32);
const EPOCH_DAY = Math.floor(FOUNDED_AT / DAY);
const strayKey = seedOf("a key that no era has");

/** The group of a described first entry. Its fault, if any, must be null: a group's id follows from its first entry. */
export function foundDescribed(entry: DescribedEntry): TestGroup {
  const keys = firstEra(seededRandom("described"));
  const who = person(entry.author);
  const operations = entry.operations.map((operation) =>
    operation.kind === "era" ? eraOf(eraOperation(keys), operation) : operationOf(operation, entry, LOW_ORDER_KEY),
  );
  const signed = foundingEntry(who, operations, {
    device: who.device(entry.device).publicKey,
    statements: entry.statements.map(statementOf),
    time: timeOf(entry.time),
  });
  return TestGroup.of(signEntry(signed.value, who.device(entry.device)), keys, "described");
}

/** The item that a described entry becomes in the next place of this group. */
export function writeDescribed(group: TestGroup, described: DescribedEntry): SealedEntry {
  const { fault } = described;
  const who = person(described.author);
  const device = who.device(described.device);
  const index = group.state.hashes.length;
  const { groupId } = group.state;
  const entry: Entry = {
    groupId: fault === "other-group" ? seedOf("another group") : groupId,
    index: fault === "other-index" ? index + 1 : index,
    previousHash: fault === "other-previous" ? seedOf("previous") : (headOf(group.state)?.hash ?? NO_PREVIOUS_HASH),
    era: fault === "other-era" ? described.era + 1 : described.era,
    operations: described.operations.map((operation) =>
      operation.kind === "era" ? eraOf(group.era(), operation) : operationOf(operation, described, groupId),
    ),
    author: who.key,
    device: device.publicKey,
    statements: described.statements.map(statementOf),
    time: timeOf(described.time),
  };
  const signed = signEntry(entry, fault === "other-signer" ? who.stewardKey(99) : device);
  return sealed(group, described, signed, index);
}

function sealed(group: TestGroup, { era, fault }: DescribedEntry, signed: Signed<Entry>, index: number): SealedEntry {
  const says = startedEraOf(signed.value);
  const startsEra = fault === "hidden-start" ? (says === null ? era + 1 : null) : says;
  const wire = { groupId: group.state.groupId, index, era, startsEra };
  const chainKey = fault === "other-key" ? strayKey : (group.eras[era]?.chainKey ?? strayKey);
  const text = seal(plaintextOf(signed, fault), entryHeader(wire), entryKey(chainKey, index), group.random(24));
  if (fault === "too-large") return { ...wire, sealed: new Uint8Array(MAX_SEALED_ENTRY_BYTES + 1) };
  return { ...wire, startsEra: fault === "changed-wire" ? (startsEra ?? 0) + 7 : startsEra, sealed: text };
}

function plaintextOf(signed: Signed<Entry>, fault: DescribedEntry["fault"]): Uint8Array {
  if (fault === "garbage") return pad(seedOf("garbage"));
  if (fault !== "newer-version") return pad(encodeSigned(signed));
  // The label "unionhall/v1/entry" stands right behind the head of the array (1) and its own (1).
  return pad(encodeSigned({ ...signed, payload: signed.payload.with(2 + "unionhall/v".length, "2".charCodeAt(0)) }));
}

function timeOf(hours: number): number {
  return FOUNDED_AT + hours * HOUR;
}

function boxKeyOf(of: Name, generation: number): BoxKey {
  const boxKey = person(of).boxKey(generation);
  return generation < 9 ? boxKey : { ...boxKey, publicKey: MALFORMED_BOX_KEY };
}

const statements = new Map<string, StatementWire>();

function statementOf(described: DescribedStatement): StatementWire {
  const name = JSON.stringify(described);
  const made = statements.get(name) ?? makeStatement(described);
  statements.set(name, made);
  return made;
}

function makeStatement(described: DescribedStatement): StatementWire {
  const who = person(described.of);
  if (described.kind === "forged") {
    const statement = who.certifies(0, 0);
    return { ...statement, signature: statement.signature.with(3, (statement.signature[3] ?? 0) ^ 4) };
  }
  const signingKey = who.device(described.device).publicKey;
  if (described.kind === "revokes") {
    const boxKey = boxKeyOf(described.of, described.generation);
    return statementForGroups(signRevokeStatement(who.identity, { signingKey, day: 20_001 }, boxKey));
  }
  const boxKey = described.generation === null ? null : boxKeyOf(described.of, described.generation);
  const details = { name: "", boxPublicKey: who.boxKeyPair().publicKey };
  return statementForGroups(signDeviceStatement(who.identity, { signingKey, details, day: 20_000 }, boxKey));
}

function stewardOf({ of, number }: DescribedSteward): Uint8Array {
  return person(of).stewardKey(number).publicKey;
}

function wordsOf(of: Name, words: readonly DescribedWords[]): LastWords {
  return words.map(({ device, numbers }) => ({
    device: person(of).device(device).publicKey,
    heads: numbers.map((number) => ({ number, hash: seedOf(of, "record", device, number) })),
  }));
}

function eraOf(right: ReturnType<typeof eraOperation>, { number, malformed }: { number: number; malformed: boolean }) {
  return { ...right, number, labelKey: malformed ? LOW_ORDER_KEY : right.labelKey };
}

// oxlint-disable-next-line typescript/consistent-return -- the switch names every kind, and the compiler proves it
function operationOf(
  operation: Exclude<DescribedOperation, { readonly kind: "era" }>,
  { author }: DescribedEntry,
  groupId: Uint8Array,
): Operation {
  switch (operation.kind) {
    case "found":
      return { kind: "found", rules: rulesOf(operation), continues: null, stewardKey: stewardOf(operation.steward) };
    case "admit":
      return admitOf(operation);
    case "join":
      return joinOf(operation, groupId);
    case "remove":
      return {
        kind: "remove",
        identityKey: person(operation.who).key,
        lastWords: wordsOf(operation.who, operation.words),
      };
    case "leave":
      return { kind: "leave", lastWords: wordsOf(author, operation.words) };
    case "role": {
      const lastWords = operation.words === null ? null : wordsOf(operation.who, operation.words);
      return { kind: "role", identityKey: person(operation.who).key, role: operation.role, lastWords };
    }
    case "rules":
      return { kind: "rules", rules: rulesOf(operation) };
    case "account-update":
      return updateOf(operation);
    case "invite":
      return inviteOperationOf(operation);
    case "end-invite":
      return { kind: "end-invite", id: new InviteSecrets(operation.invite).id };
    case "cut":
      return { kind: "cut", day: EPOCH_DAY + operation.day };
  }
}

type Described<K extends DescribedOperation["kind"]> = Extract<DescribedOperation, { readonly kind: K }>;

function rulesOf({ history, retentionDays }: Described<"rules"> | Described<"found">) {
  return { history, retentionDays };
}

function admitOf({ who, statements: brought, steward, role, invite: number, request }: Described<"admit">): Operation {
  return {
    kind: "admit",
    identityKey: person(who).key,
    statements: brought.map(statementOf),
    stewardKey: steward === null ? null : stewardOf(steward),
    role,
    invite: number === null ? null : new InviteSecrets(number).id,
    request: request ? seedOf("request", who) : null,
  };
}

function joinOf(
  { statements: brought, steward, invite: number, claim }: Described<"join">,
  groupId: Uint8Array,
): Operation {
  const who = person(claim.for);
  const signed = joinClaim({
    groupId,
    invite: new InviteSecrets(claim.invite).id,
    identityKey: who.key,
    device: who.device(claim.device).publicKey,
    boxKey: who.boxKey(claim.generation).publicKey,
  });
  return {
    kind: "join",
    statements: brought.map(statementOf),
    stewardKey: stewardOf(steward),
    invite: new InviteSecrets(number).id,
    signature: sign(signed, new InviteSecrets(claim.invite).requestKey.secretKey),
  };
}

function updateOf({ who, statements: brought, steward, words }: Described<"account-update">): Operation {
  return {
    kind: "account-update",
    identityKey: person(who).key,
    statements: brought.map(statementOf),
    stewardKey: steward === null ? null : stewardOf(steward),
    lastWords: words === null ? null : wordsOf(who, words),
  };
}

function inviteOperationOf({
  invite: number,
  instant,
  expires,
  uses,
  role,
  malformed,
}: Described<"invite">): Operation {
  const presets = { role, union: null, language: null, note: null };
  const { desk } = invite(number);
  const { keys } = new InviteSecrets(number);
  const changes = {
    expiry: timeOf(expires),
    uses,
    presets,
    desk: malformed === "desk" ? { ...desk, boxKey: MALFORMED_BOX_KEY } : desk,
  };
  if (!instant) return invite(number, changes);
  const used = {
    boxKey: malformed === "box" ? MALFORMED_BOX_KEY : keys.boxKey,
    labelKey: malformed === "label" ? LOW_ORDER_KEY : keys.labelKey,
  };
  return instantInvite(number, { ...changes, admission: { kind: "instant", keys: used } });
}

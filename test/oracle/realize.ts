/** Makes signed and sealed entries of described ones, and folds them with `applyEntry`. Nothing here looks into the state but for its head and id. */
import {
  applyEntry,
  concat,
  emptyGroup,
  type Entry,
  type GroupState,
  groupIdOf,
  headOf,
  joinClaim,
  type Operation,
  sealEntry,
  type SealedEntry,
  sign,
  signEntry,
} from "@unionhall/crypto";
import type { DescribedEntry, DescribedOperation, DescribedWords, EntryFlaw } from "./described.ts";
import {
  boxKeyNamed,
  boxPublicKey,
  chainKey,
  chainKeys,
  device,
  identity,
  inviteId,
  keyPair,
  labelPublicKey,
  recordHash,
  requestHash,
  seedOf,
  statements,
  steward,
} from "./keys.ts";

export interface Step {
  /** `applied`, or why not. */
  readonly verdict: string;
  readonly state: GroupState;
}

/** Folds described entries with the real thing, on top of a state or (null) from the beginning: what became of each. */
export function foldForReal(entries: readonly DescribedEntry[], before: GroupState | null): readonly Step[] {
  let state = before;
  return entries.map((described) => {
    const { group, item } = sealedItem(described, state);
    const applied = applyEntry(group, item, chainKeys);
    state = applied.state;
    return { verdict: applied.kind === "applied" ? "applied" : applied.reason, state: applied.state };
  });
}

const zeroes = (length: number): Uint8Array => new Uint8Array(length);
const elsewhere = seedOf("elsewhere");

function sealedItem(described: DescribedEntry, state: GroupState | null) {
  const { flaw, author, era } = described;
  const index = state?.hashes.length ?? 0;
  const groupId = state?.groupId ?? zeroes(32);
  const head = state === null ? null : headOf(state);
  const entry: Entry = {
    groupId: flaw === "group" ? elsewhere : index === 0 ? null : groupId,
    index: flaw === "index" ? index + 1 : index,
    previousHash: flaw === "previous" ? elsewhere : (head?.hash ?? zeroes(32)),
    era: flaw === "era" ? era + 1 : era,
    operations: described.operations.map((one) => operation(described, one, groupId)),
    author: identity(author).publicKey,
    device: device(author, described.device).publicKey,
    statements: statements(described.statements),
    time: described.time,
  };
  const honest = signEntry(entry, device(author, described.device));
  const signed = flaw === "signature" ? { ...honest, signature: zeroes(64) } : honest;
  const group = state ?? emptyGroup(groupIdOf(signed));
  return { group, item: sealedWith(flaw, signed, group.groupId, { index, era }) };
}

/** What `sealEntry` seals is the signed value's bytes under what the value says: a flaw is said to it as a lie about the value. */
function sealedWith(
  flaw: EntryFlaw | null,
  signed: ReturnType<typeof signEntry>,
  groupId: Uint8Array,
  place: { readonly index: number; readonly era: number },
): SealedEntry {
  const { operations } = signed.value;
  const told: Entry = {
    ...signed.value,
    index: flaw === "wire-index" ? place.index + 1 : place.index,
    era: place.era,
    operations: flaw === "starts" ? withOppositeStart(operations) : operations,
  };
  const payload = flaw === "garbage" ? elsewhere : flaw === "version" ? ofVersionTwo(signed.payload) : signed.payload;
  const key = flaw === "key" ? elsewhere : chainKey(place.era);
  const to = flaw === "wire-group" ? elsewhere : groupId;
  const item = sealEntry({ ...signed, payload, value: told }, to, key, zeroes);
  if (flaw === "changed") return { ...item, startsEra: (item.startsEra ?? 0) + 7 };
  return flaw === "size" ? { ...item, sealed: concat(item.sealed, zeroes(1024 * 1024)) } : item;
}

function withOppositeStart(operations: readonly Operation[]): readonly Operation[] {
  const last = operations.at(-1);
  if (last?.kind === "era") return operations.slice(0, -1);
  return [...operations, eraOperation({ kind: "era", number: 1, flawed: false })];
}

/** The label `unionhall/v1/entry` stands right behind the head of the array (1 byte) and its own (1). */
function ofVersionTwo(payload: Uint8Array): Uint8Array {
  return payload.with(2 + "unionhall/v".length, "2".charCodeAt(0));
}

function operation(entry: DescribedEntry, described: DescribedOperation, groupId: Uint8Array): Operation {
  switch (described.kind) {
    case "found": {
      const { history, retention, stewardKey } = described;
      const rules = { history, retentionDays: retention };
      return { kind: "found", rules, continues: null, stewardKey: steward(stewardKey).publicKey };
    }
    case "admit":
      return {
        kind: "admit",
        identityKey: identity(described.account).publicKey,
        statements: statements(described.statements),
        stewardKey: described.stewardKey === null ? null : steward(described.stewardKey).publicKey,
        role: described.role,
        invite: described.invite === null ? null : inviteId(described.invite),
        request: described.request ? requestHash(described.account) : null,
      };
    case "join":
      return {
        kind: "join",
        statements: statements(described.statements),
        stewardKey: steward(described.stewardKey).publicKey,
        invite: inviteId(described.invite),
        signature: joinSignature(described, groupId),
      };
    case "remove": {
      const { account, words } = described;
      return { kind: "remove", identityKey: identity(account).publicKey, lastWords: lastWords(account, words) };
    }
    case "leave":
      return { kind: "leave", lastWords: lastWords(entry.author, described.words) };
    case "role": {
      const { account, role, words } = described;
      const said = words === null ? null : lastWords(account, words);
      return { kind: "role", identityKey: identity(account).publicKey, role, lastWords: said };
    }
    case "rules":
      return { kind: "rules", rules: { history: described.history, retentionDays: described.retention } };
    case "account-update": {
      const { account, stewardKey, words } = described;
      return {
        kind: "account-update",
        identityKey: identity(account).publicKey,
        statements: statements(described.statements),
        stewardKey: stewardKey === null ? null : steward(stewardKey).publicKey,
        lastWords: words === null ? null : lastWords(account, words),
      };
    }
    case "invite":
      return invite(described);
    case "end-invite":
      return { kind: "end-invite", id: inviteId(described.id) };
    case "cut":
      return { kind: "cut", day: described.day };
    case "era":
      return eraOperation(described);
    default:
      return described satisfies never;
  }
}

function eraOperation({ number, flawed }: Extract<DescribedOperation, { kind: "era" }>): Operation {
  const name = `era ${number}`;
  return {
    kind: "era",
    number,
    eraCommitment: seedOf(name, "commitment"),
    contentCommitment: seedOf(name, "content"),
    passKey: keyPair("pass", name).publicKey,
    labelKey: labelPublicKey(name, flawed),
  };
}

function lastWords(account: string, words: DescribedWords) {
  return words.map(({ device: name, heads }) => ({
    device: device(account, name).publicKey,
    heads: heads.map((number) => ({ number, hash: recordHash(account, name, number) })),
  }));
}

function invite(described: Extract<DescribedOperation, { kind: "invite" }>): Operation {
  const { id, mode, role, uses, expiry, flaw } = described;
  const keys = {
    boxKey: boxPublicKey(`invite ${mode}`, flaw === "box-key"),
    labelKey: labelPublicKey(`invite ${mode}`, flaw === "label-key"),
  };
  return {
    kind: "invite",
    id: inviteId(id),
    admission: mode === "instant" ? { kind: "instant", keys } : { kind: "approval" },
    expiry,
    uses,
    presets: { role, union: null, language: null, note: null },
    requestKey: keyPair("request", id).publicKey,
    desk: {
      mailboxId: inviteId(`desk ${id}`),
      boxKey: boxPublicKey("desk", flaw === "desk-key"),
      readKey: keyPair("desk", id).publicKey,
      boxes: [],
    },
  };
}

function joinSignature(
  { claim, invite: used }: Extract<DescribedOperation, { kind: "join" }>,
  groupId: Uint8Array,
): Uint8Array {
  if (claim === null) return zeroes(64);
  const signed = joinClaim({
    groupId,
    invite: inviteId(claim.invite),
    identityKey: identity(claim.account).publicKey,
    device: device(claim.account, claim.device).publicKey,
    boxKey: boxKeyNamed(claim.account, claim.boxKey).publicKey,
  });
  return sign(signed, keyPair("request", used).secretKey);
}

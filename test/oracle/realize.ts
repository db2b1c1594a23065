/** Makes signed and sealed entries of described ones, with keys derived from the names, and folds them with `applyEntry`. */
import {
  accountOf,
  ascii,
  boxKeyHash,
  boxKeyPair,
  deriveKey,
  emptyGroup,
  type Entry,
  type GroupState,
  groupIdOf,
  groupKeys,
  headOf,
  labelKeyPair,
  type Operation,
  signDeviceStatement,
  signEntry,
  signingKeyPair,
  type SigningKeyPair,
  signRevokeStatement,
  type StatementWire,
  statementForGroups,
  toHex,
  applyEntry,
  joinClaim,
  sealEntry,
  sign,
} from "@unionhall/crypto";
import type { BoxKeyName, DescribedEntry, DescribedOperation, DescribedStatement } from "./described.ts";

const root = ascii("a fixed key of thirty-two bytes!");

/** Keys and statements are made once per name: making them anew for 10,000 chains would take most of the time. */
function remembering<T>(): (name: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (name, make) => {
    const made = known.get(name) ?? make();
    known.set(name, made);
    return made;
  };
}

const keyPairs = remembering<SigningKeyPair>();
const publicKeys = remembering<Uint8Array>();
const madeStatements = remembering<StatementWire>();

function seedOf(...names: readonly string[]): Uint8Array {
  return deriveKey(root, "oracle", ...names);
}

function keyPair(...names: readonly string[]): SigningKeyPair {
  return keyPairs(`key ${names.join(" ")}`, () => signingKeyPair(seedOf(...names)));
}

const identity = (account: string): SigningKeyPair => keyPair("identity", account);
const device = (account: string, name: string): SigningKeyPair => keyPair("device", account, name);
const id16 = (name: string): Uint8Array => seedOf("id", name).slice(0, 16);

function boxPublicKey(name: string, usable: boolean): Uint8Array {
  // 0xff in every coefficient is beyond the modulus of ML-KEM: nothing can be boxed to it.
  if (!usable) return new Uint8Array(1216).fill(0xff);
  return publicKeys(`box ${name}`, () => boxKeyPair(seedOf("box", name)).publicKey);
}

function labelPublicKey(name: string, usable: boolean): Uint8Array {
  return usable ? publicKeys(`label ${name}`, () => labelKeyPair(seedOf("label", name)).publicKey) : new Uint8Array(32);
}

function boxKey(
  account: string,
  { generation, name, usable }: BoxKeyName,
): {
  readonly generation: number;
  readonly publicKey: Uint8Array;
  readonly labelKey: Uint8Array;
} {
  const full = `${account} ${name}`;
  return { generation, publicKey: boxPublicKey(full, usable), labelKey: labelPublicKey(full, true) };
}

/** Signing key of a device, in hex, for comparison with the oracle's names. */
export function deviceKeyHex(account: string, name: string): string {
  return toHex(device(account, name).publicKey);
}

export function identityKeyHex(account: string): string {
  return toHex(identity(account).publicKey);
}

export function stewardKeyHex(name: string): string {
  return toHex(keyPair("steward", name).publicKey);
}

export function inviteIdHex(name: string): string {
  return toHex(id16(name));
}

function statement(described: DescribedStatement): StatementWire {
  return madeStatements(`statement ${JSON.stringify(described)}`, () => {
    const { account, device: name, boxKey: key, forged, kind } = described;
    const signer = forged ? identity(`nobody but ${account}`) : identity(account);
    const box = key === null ? null : boxKey(account, key);
    const signingKey = device(account, name).publicKey;
    if (kind === "revoke") {
      if (box === null) throw new RangeError("a revocation brings a box key");
      return statementForGroups(signRevokeStatement(signer, { signingKey, day: 1 }, box));
    }
    const details = { name, boxPublicKey: boxPublicKey(`${account} ${name} device`, true) };
    return statementForGroups(signDeviceStatement(signer, { signingKey, details, day: 1 }, box));
  });
}

function statements(described: readonly DescribedStatement[]): readonly StatementWire[] {
  const unique = new Map(described.map((one) => [JSON.stringify(one), statement(one)]));
  return [...unique.values()];
}

/** Chain keys of the sealed entries: what matters here is only that each era has its own. */
const keys = groupKeys(new Map(Array.from({ length: 64 }, (_, era) => [era, seedOf("chain", String(era))])));
const noWords = [] as const;

export interface Step {
  readonly counted: boolean;
  readonly state: GroupState;
}

/** Folds a described chain with the real thing: what became of each entry. */
export function foldForReal(entries: readonly DescribedEntry[]): readonly Step[] {
  let state: GroupState | null = null;
  return entries.map((described, index) => {
    const { group, item } = sealedItem(described, index, state);
    const applied = applyEntry(group, item, keys);
    state = applied.state;
    return { counted: applied.kind === "applied", state: applied.state };
  });
}

function sealedItem(described: DescribedEntry, index: number, state: GroupState | null) {
  const right = state === null ? new Uint8Array(32) : (headOf(state)?.hash ?? new Uint8Array(32));
  const entry: Entry = {
    groupId: state?.groupId ?? null,
    index,
    previousHash: described.previous === "right" ? right : seedOf("another head"),
    era: described.era,
    operations: described.operations.map((one) => operation(described, one, state)),
    author: identity(described.author).publicKey,
    device: device(described.author, described.device).publicKey,
    statements: statements(described.statements),
    time: described.time,
  };
  const honest = signEntry(entry, device(described.author, described.device));
  const signed = described.signature === "right" ? honest : { ...honest, signature: new Uint8Array(64) };
  const group = state ?? emptyGroup(groupIdOf(signed));
  const item = sealEntry(
    signed,
    group.groupId,
    seedOf("chain", String(described.era)),
    (length) => new Uint8Array(length),
  );
  return { group, item };
}

function operation(entry: DescribedEntry, described: DescribedOperation, state: GroupState | null): Operation {
  switch (described.kind) {
    case "found": {
      const rules = { history: described.history, retentionDays: null };
      return { kind: "found", rules, continues: null, stewardKey: keyPair("steward", described.stewardKey).publicKey };
    }
    case "admit":
      return {
        kind: "admit",
        identityKey: identity(described.account).publicKey,
        statements: statements(described.statements),
        stewardKey: keyPair("steward", described.stewardKey).publicKey,
        role: described.role,
        invite: described.invite === null ? null : id16(described.invite),
        request: null,
      };
    case "join":
      return {
        kind: "join",
        statements: statements(described.statements),
        stewardKey: keyPair("steward", described.stewardKey).publicKey,
        invite: id16(described.invite),
        signature: joinSignature(entry, described, state),
      };
    case "remove":
      return { kind: "remove", identityKey: identity(described.account).publicKey, lastWords: noWords };
    case "leave":
      return { kind: "leave", lastWords: noWords };
    case "role": {
      const { account, role, words } = described;
      return { kind: "role", identityKey: identity(account).publicKey, role, lastWords: words ? noWords : null };
    }
    case "rules":
      return { kind: "rules", rules: { history: described.history, retentionDays: null } };
    case "account-update":
      return accountUpdate(described);
    case "invite":
      return invite(described);
    case "end-invite":
      return { kind: "end-invite", id: id16(described.id) };
    case "cut":
      return { kind: "cut", day: described.day };
    case "era": {
      const name = `era ${described.number}`;
      return {
        kind: "era",
        number: described.number,
        eraCommitment: seedOf(name, "commitment"),
        contentCommitment: seedOf(name, "content"),
        passKey: keyPair("pass", name).publicKey,
        labelKey: labelPublicKey(name, described.usable),
      };
    }
    default:
      return described satisfies never;
  }
}

function accountUpdate(described: Extract<DescribedOperation, { kind: "account-update" }>): Operation {
  const { account, stewardKey, words } = described;
  const heads = [{ number: 1, hash: seedOf("a record") }];
  return {
    kind: "account-update",
    identityKey: identity(account).publicKey,
    statements: statements(described.statements),
    stewardKey: stewardKey === null ? null : keyPair("steward", stewardKey).publicKey,
    lastWords: words?.map((name) => ({ device: device(account, name).publicKey, heads })) ?? null,
  };
}

function invite(described: Extract<DescribedOperation, { kind: "invite" }>): Operation {
  const { id, mode, role, uses, expiry, usable } = described;
  const own = { boxKey: boxPublicKey(`invite ${id}`, usable), labelKey: labelPublicKey(`invite ${id}`, true) };
  return {
    kind: "invite",
    id: id16(id),
    admission: mode === "instant" ? { kind: "instant", keys: own } : { kind: "approval" },
    expiry,
    uses,
    presets: { role, union: null, language: null, note: null },
    requestKey: keyPair("request", id).publicKey,
    desk: {
      mailboxId: id16(`desk ${id}`),
      boxKey: boxPublicKey(`desk ${id}`, usable),
      readKey: keyPair("desk", id).publicKey,
      boxes: [],
    },
  };
}

/** Vouches for the box key that counts once the statements are added to what the chain knows. */
function joinSignature(
  entry: DescribedEntry,
  described: Extract<DescribedOperation, { kind: "join" }>,
  state: GroupState | null,
): Uint8Array {
  if (!described.vouched || state === null) return new Uint8Array(64);
  const author = identity(entry.author).publicKey;
  const brought = described.statements.map((one) => one.boxKey).find((key) => key !== null);
  const known = accountOf(state, author)?.boxKeys.at(-1);
  const offered = brought === undefined || brought === null ? null : boxKey(entry.author, brought);
  const boxKeyNow = newerKey(known?.boxKey ?? null, offered) ?? new Uint8Array(1216);
  const claim = joinClaim({
    groupId: state.groupId,
    invite: id16(described.invite),
    identityKey: author,
    device: device(entry.author, entry.device).publicKey,
    boxKey: boxKeyNow,
  });
  return sign(claim, keyPair("request", described.invite).secretKey);
}

interface Key {
  readonly generation: number;
  readonly publicKey: Uint8Array;
  readonly labelKey: Uint8Array;
}

function newerKey(known: Key | null, offered: Key | null): Uint8Array | null {
  if (known === null || offered === null) return (known ?? offered)?.publicKey ?? null;
  if (known.generation !== offered.generation)
    return (known.generation > offered.generation ? known : offered).publicKey;
  return (toHex(boxKeyHash(known)) > toHex(boxKeyHash(offered)) ? known : offered).publicKey;
}

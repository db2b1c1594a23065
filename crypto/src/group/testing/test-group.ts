/** A group for tests that holds its chain, its keys and its state, and takes valid and invalid entries alike. */
import type { StatementWire } from "../../account/statements.ts";
import type { BoxKeyPair } from "../../primitives/box.ts";
import type { Random } from "../../primitives/bytes.ts";
import type { LabelKeyPair } from "../../primitives/label-key.ts";
import { sign, type SigningKeyPair, signingKeyPair } from "../../primitives/sign.ts";
import type { Signed } from "../../primitives/signed.ts";
import { seededRandom } from "../../testing/seeded-random.ts";
import { type Entry, groupIdOf, NO_PREVIOUS_HASH, sealEntry, signEntry } from "../entry.ts";
import type { SealedEntry } from "../entry-wire.ts";
import { type EraKeys, eraOperation, firstEra, nextEra } from "../era.ts";
import { type Applied, applyEntry, type Refused } from "../group-chain.ts";
import { type GroupKeys, groupKeys } from "../group-keys.ts";
import { emptyGroup, type GroupState, headOf } from "../group-state.ts";
import { joinClaim } from "../membership.ts";
import type { InviteKeys, LastWords, Operation, OperationOf, Role, Rules } from "../operations.ts";
import { type Person, person, seedOf } from "./people.ts";

/** A Monday in 2025, milliseconds since 1970: when test groups are founded. */
export const FOUNDED_AT = 1_750_000_000_000;
export const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;

/** What an entry shall say other than a well-made one would. */
export interface EntryChanges {
  readonly device?: number;
  readonly statements?: readonly StatementWire[];
  readonly time?: number;
  readonly entry?: Partial<Entry>;
  /** Signs with another key than that of the device named. */
  readonly signer?: SigningKeyPair;
  /** Seals under the chain key of another era than the newest, and says so. */
  readonly era?: number;
}

export class TestGroup {
  readonly eras: EraKeys[] = [];
  readonly items: SealedEntry[] = [];
  readonly random: Random;
  /** Before the first entry. */
  readonly beginning: GroupState;
  state: GroupState;
  time = FOUNDED_AT;
  last: Applied | Refused;

  private constructor(random: Random, keys: EraKeys, founding: Signed<Entry>) {
    this.random = random;
    this.eras.push(keys);
    this.beginning = emptyGroup(groupIdOf(founding));
    this.state = this.beginning;
    this.last = this.take(sealEntry(founding, this.state.groupId, keys.chainKey, random));
  }

  /** Founded by this person, with everybody else of `members` admitted in the first entry. */
  static found(
    founder: Person,
    {
      rules = { history: "all", retentionDays: null },
      members = [],
      facilitators = [],
      seed = "group",
    }: {
      readonly rules?: Rules;
      readonly members?: readonly Person[];
      readonly facilitators?: readonly Person[];
      readonly seed?: string;
    } = {},
  ): TestGroup {
    const random = seededRandom(seed);
    const keys = firstEra(random);
    const operations = [
      { kind: "found", rules, continues: null, stewardKey: founder.stewardKey().publicKey } as const,
      ...facilitators.map((who) => admit(who, "facilitator")),
      ...members.map((who) => admit(who)),
      eraOperation(keys),
    ];
    return new TestGroup(random, keys, foundingEntry(founder, operations));
  }

  /** A group whose first entry is exactly this. */
  static of(founding: Signed<Entry>, keys: EraKeys, seed = "group"): TestGroup {
    return new TestGroup(seededRandom(seed), keys, founding);
  }

  get keys(): GroupKeys {
    return groupKeys(new Map(this.eras.map(({ number, chainKey }) => [number, chainKey])));
  }

  get newest(): EraKeys {
    const newest = this.eras.at(-1);
    if (newest === undefined) throw new RangeError("a group has an era");
    return newest;
  }

  /** The operation that starts the next era, whose keys are kept where the entry counts. */
  era(): OperationOf<"era"> {
    return eraOperation(this.next());
  }

  private pending: EraKeys | null = null;

  next(): EraKeys {
    this.pending ??= nextEra(this.newest, this.state.groupId, this.random);
    return this.pending;
  }

  /** Signs an entry for the next place, changed as told. */
  write(by: Person, operations: readonly Operation[], changes: EntryChanges = {}): Signed<Entry> {
    const device = by.device(changes.device ?? 0);
    const entry: Entry = {
      groupId: this.state.groupId,
      index: this.state.hashes.length,
      previousHash: headOf(this.state)?.hash ?? NO_PREVIOUS_HASH,
      era: changes.era ?? this.newest.number,
      operations,
      author: by.key,
      device: device.publicKey,
      statements: changes.statements ?? [],
      time: changes.time ?? (this.time += 1000),
      ...changes.entry,
    };
    return signEntry(entry, changes.signer ?? device);
  }

  seal(signed: Signed<Entry>): SealedEntry {
    const keys = this.eras[signed.value.era] ?? this.newest;
    return sealEntry(signed, this.state.groupId, keys.chainKey, this.random);
  }

  /** Writes, seals and applies. */
  act(by: Person, operations: readonly Operation[], changes: EntryChanges = {}): Applied | Refused {
    return this.take(this.seal(this.write(by, operations, changes)));
  }

  /** Applies an item as it is. */
  take(item: SealedEntry): Applied | Refused {
    this.last = applyEntry(this.state, item, this.keys);
    this.items.push(item);
    this.state = this.last.state;
    if (this.last.kind === "applied" && this.pending !== null && item.startsEra === this.pending.number) {
      this.eras.push(this.pending);
      this.pending = null;
    }
    return this.last;
  }

  /** The verdict in one word: `applied`, or the reason of the refusal. */
  get verdict(): string {
    return this.last.kind === "applied" ? "applied" : this.last.reason;
  }

  /** {@link act}, and its verdict in one word. */
  try(by: Person, operations: readonly Operation[], changes: EntryChanges = {}): string {
    this.act(by, operations, changes);
    return this.verdict;
  }
}

/** The signed first entry of a group. */
export function foundingEntry(
  founder: Person,
  operations: readonly Operation[],
  changes: Partial<Entry> = {},
): Signed<Entry> {
  const entry: Entry = {
    groupId: null,
    index: 0,
    previousHash: NO_PREVIOUS_HASH,
    era: 0,
    operations,
    author: founder.key,
    device: founder.device().publicKey,
    statements: [founder.certifies(0, 0)],
    time: FOUNDED_AT,
    ...changes,
  };
  return signEntry(entry, founder.device());
}

export function found(founder: Person, rules: Rules = { history: "all", retentionDays: null }): OperationOf<"found"> {
  return { kind: "found", rules, continues: null, stewardKey: founder.stewardKey().publicKey };
}

export function admit(
  who: Person,
  role: Role = "member",
  changes: Partial<OperationOf<"admit">> = {},
): OperationOf<"admit"> {
  return {
    kind: "admit",
    identityKey: who.key,
    statements: [who.certifies(0, 0)],
    stewardKey: who.stewardKey().publicKey,
    role,
    invite: null,
    request: null,
    ...changes,
  };
}

export function remove(who: Person, lastWords: LastWords = []): OperationOf<"remove"> {
  return { kind: "remove", identityKey: who.key, lastWords };
}

export function leave(lastWords: LastWords = []): OperationOf<"leave"> {
  return { kind: "leave", lastWords };
}

export function changeRole(
  who: Person,
  to: Role,
  lastWords: LastWords | null = to === "member" ? [] : null,
): OperationOf<"role"> {
  return { kind: "role", identityKey: who.key, role: to, lastWords };
}

/** Revokes a device by the account itself: with a new box key, a new steward key and last words. */
export function revoke(
  who: Person,
  device: number,
  changes: Partial<OperationOf<"account-update">> = {},
): OperationOf<"account-update"> {
  return {
    kind: "account-update",
    identityKey: who.key,
    statements: [who.revokes(device)],
    stewardKey: who.stewardKey(1).publicKey,
    lastWords: [],
    ...changes,
  };
}

export function update(
  who: Person,
  statements: readonly StatementWire[],
  changes: Partial<OperationOf<"account-update">> = {},
): OperationOf<"account-update"> {
  return { kind: "account-update", identityKey: who.key, statements, stewardKey: null, lastWords: null, ...changes };
}

/** An invite's id and keys by its number. */
export class InviteSecrets {
  readonly id: Uint8Array;
  readonly requestKey: SigningKeyPair;
  private readonly holder: Person;

  constructor(number: number) {
    this.id = seedOf("invite", number).slice(0, 16);
    this.requestKey = signingKeyPair(seedOf("request", number));
    this.holder = person(`invite ${number}`);
  }

  get boxKeyPair(): BoxKeyPair {
    return this.holder.boxKeyPair();
  }

  get labelKeyPair(): LabelKeyPair {
    return this.holder.labelKeyPair();
  }

  get keys(): InviteKeys {
    return { boxKey: this.boxKeyPair.publicKey, labelKey: this.labelKeyPair.publicKey };
  }
}

export function invite(number: number, changes: Partial<OperationOf<"invite">> = {}): OperationOf<"invite"> {
  const { id, requestKey, boxKeyPair } = new InviteSecrets(number);
  return {
    kind: "invite",
    id,
    admission: { kind: "approval" },
    expiry: FOUNDED_AT + 30 * DAY,
    uses: 2,
    presets: { role: "member", union: null, language: null, note: null },
    requestKey: requestKey.publicKey,
    desk: { mailboxId: id, boxKey: boxKeyPair.publicKey, readKey: requestKey.publicKey, boxes: [] },
    ...changes,
  };
}

export function instantInvite(number: number, changes: Partial<OperationOf<"invite">> = {}): OperationOf<"invite"> {
  const admission = { kind: "instant", keys: new InviteSecrets(number).keys } as const;
  return invite(number, { admission, expiry: FOUNDED_AT + 5 * DAY, ...changes });
}

export function endInvite(number: number): OperationOf<"end-invite"> {
  return { kind: "end-invite", id: new InviteSecrets(number).id };
}

/** Comes in by an instant invite; `claim` changes what its request key signs. */
export function join(
  group: TestGroup,
  who: Person,
  number: number,
  changes: Partial<OperationOf<"join">> = {},
  device = 0,
): OperationOf<"join"> {
  const { id, requestKey } = new InviteSecrets(number);
  const claim = joinClaim({
    groupId: group.state.groupId,
    invite: id,
    identityKey: who.key,
    device: who.device(device).publicKey,
    boxKey: who.boxKeyPair().publicKey,
  });
  return {
    kind: "join",
    statements: [who.certifies(0, 0)],
    stewardKey: who.stewardKey().publicKey,
    invite: id,
    signature: sign(claim, requestKey.secretKey),
    ...changes,
  };
}

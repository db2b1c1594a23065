/** Random chains in plain words: mostly plausible, with every kind of mischief mixed in. The same seed gives the same chain. */
import type { BoxKeyName, DescribedEntry, DescribedOperation, DescribedStatement, History, Role } from "./described.ts";
import { judge, nothingYet, type OracleGroup } from "./oracle.ts";

export const people = ["ana", "bongani", "chidi", "dolores", "emil"] as const;
const devices = ["one", "two", "three"] as const;
const day = 24 * 60 * 60 * 1000;
const start = 20_000 * day;

/** A small generator of numbers (mulberry32): nothing here is secret, and a seed must give the same chain everywhere. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One chain: its entries in order. Every sealed entry stands at the next index, whether it counts or not. */
export function describeChain(seed: number): readonly DescribedEntry[] {
  const writer = new Writer(dice(seed));
  let group = nothingYet();
  const entries: DescribedEntry[] = [];
  const length = 4 + writer.below(11);
  while (entries.length < length) {
    const entry = group.founded ? writer.entry(group) : writer.first();
    entries.push(entry);
    const after = judge(group, entry);
    if (after === null && !group.founded) return entries;
    group = after ?? group;
  }
  return entries;
}

class Writer {
  readonly roll: () => number;
  clock = start;
  made = 0;

  constructor(roll: () => number) {
    this.roll = roll;
  }

  below(limit: number): number {
    return Math.floor(this.roll() * limit);
  }

  chance(part: number): boolean {
    return this.roll() < part;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  name(prefix: string): string {
    this.made += 1;
    return `${prefix}${this.made}`;
  }

  history(): History {
    return this.chance(0.7) ? "all" : "from-joining";
  }

  roleOf(): Role {
    return this.chance(0.4) ? "facilitator" : "member";
  }

  boxKey(generation: number): BoxKeyName {
    return { generation, name: this.pick(["a", "b", "c"]) + String(generation), usable: !this.chance(0.02) };
  }

  device(account: string, device: string, generation: number | null): DescribedStatement {
    const boxKey = generation === null ? null : this.boxKey(generation);
    return { kind: "device", account, device, boxKey, forged: this.chance(0.02) };
  }

  revocation(account: string, device: string): DescribedStatement {
    return { kind: "revoke", account, device, boxKey: this.boxKey(1 + this.below(3)), forged: this.chance(0.02) };
  }

  first(): DescribedEntry {
    const operations: DescribedOperation[] = [
      { kind: "found", history: this.history(), stewardKey: "steward-ana" },
      ...(this.chance(0.3) ? [this.admit("bongani", this.roleOf(), null)] : []),
      { kind: "era", number: this.chance(0.03) ? 1 : 0, usable: !this.chance(0.02) },
    ];
    return {
      author: "ana",
      device: "one",
      statements: [this.device("ana", "one", this.chance(0.97) ? 0 : null)],
      time: this.tick(),
      era: 0,
      previous: this.chance(0.02) ? "wrong" : "right",
      signature: this.chance(0.02) ? "wrong" : "right",
      operations: this.chance(0.04) ? operations.toReversed() : operations,
    };
  }

  entry(group: OracleGroup): DescribedEntry {
    const walkIn = this.chance(0.25) ? this.walkIn(group) : null;
    const author = walkIn?.author ?? this.author(group);
    const account = group.accounts.get(author);
    const known = account?.certified ?? [];
    const device = known.length > 0 && this.chance(0.93) ? this.pick(known) : this.pick(devices);
    const brings = !known.includes(device) || this.chance(0.05);
    const operations =
      walkIn === null ? this.operations(group, author, device) : [this.join(author, device, walkIn.invite)];
    return {
      author,
      device,
      statements: brings && this.chance(0.95) ? [this.device(author, device, this.chance(0.5) ? 0 : null)] : [],
      time: this.tick(),
      era: this.chance(0.03) ? Math.max(0, group.era - 1) : group.era,
      previous: this.chance(0.02) ? "wrong" : "right",
      signature: this.chance(0.02) ? "wrong" : "right",
      operations,
    };
  }

  /** Clocks differ: mostly forwards, now and then back or days ahead. */
  tick(): number {
    this.clock += this.below(day / 2);
    if (this.chance(0.1)) return Math.max(1, this.clock - this.below(3 * day));
    return this.chance(0.05) ? this.clock + this.below(9 * day) : this.clock;
  }

  /** Somebody who is not in, and an instant invite that is open. */
  walkIn(group: OracleGroup): { readonly author: string; readonly invite: string } | null {
    const outside = people.filter((name) => (group.accounts.get(name)?.role ?? null) === null);
    const open = [...group.invites].filter(([, { mode, ended }]) => mode === "instant" && !ended).map(([id]) => id);
    return outside.length > 0 && open.length > 0 ? { author: this.pick(outside), invite: this.pick(open) } : null;
  }

  author(group: OracleGroup): string {
    const wanted: Role | null = this.chance(0.6) ? "facilitator" : this.chance(0.7) ? "member" : null;
    const fitting = [...group.accounts].filter(([, { role }]) => role === wanted).map(([name]) => name);
    return wanted !== null && fitting.length > 0 ? this.pick(fitting) : this.pick(people);
  }

  operations(group: OracleGroup, author: string, device: string): readonly DescribedOperation[] {
    const operations: DescribedOperation[] = [this.operation(group, author, device)];
    while (this.chance(0.25)) operations.push(this.operation(group, author, device));
    const wantsEra = operations.some(({ kind }) => kind === "remove" || kind === "role" || kind === "rules");
    const mayStart = group.accounts.get(author)?.role === "facilitator";
    if (this.chance(mayStart ? (wantsEra ? 0.85 : 0.45) : 0.1)) operations.push(this.era(group));
    return this.chance(0.03) ? operations.toReversed() : operations;
  }

  era(group: OracleGroup): DescribedOperation {
    const number = this.chance(0.04) ? group.era + this.below(3) : group.era + 1;
    return { kind: "era", number, usable: !this.chance(0.02) };
  }

  operation(group: OracleGroup, author: string, device: string): DescribedOperation {
    const members = [...group.accounts].filter(([, { role }]) => role !== null).map(([name]) => name);
    const someone = this.pick(people);
    const member = members.length > 0 && this.chance(0.85) ? this.pick(members) : someone;
    const open = [...group.invites].filter(([, { ended }]) => !ended).map(([id]) => id);
    const invite =
      open.length > 0 && this.chance(0.9) ? this.pick(open) : this.pick(["nowhere", ...group.invites.keys()]);
    const thrown = this.below(24);
    if (thrown < 6) return this.admit(someone, this.roleOf(), this.chance(0.5) ? null : invite);
    if (thrown < 8) return { kind: "remove", account: member };
    if (thrown < 9) return { kind: "leave" };
    if (thrown < 11) return this.role(group, this.chance(0.3) ? author : member);
    if (thrown < 12) return { kind: "rules", history: this.history() };
    if (thrown < 15) return this.accountUpdate(group, author, this.chance(0.5) ? author : member);
    if (thrown < 19) return this.invite();
    if (thrown < 20) return { kind: "end-invite", id: invite };
    if (thrown < 21) return { kind: "cut", day: Math.floor(this.clock / day) + this.below(4) - 2 };
    if (thrown < 24) return this.join(author, device, invite);
    return { kind: "found", history: "all", stewardKey: this.name("steward-") };
  }

  admit(account: string, role: Role, invite: string | null): DescribedOperation {
    const statements = [this.device(account, this.pick(devices), this.chance(0.9) ? this.below(2) : null)];
    return { kind: "admit", account, statements, stewardKey: this.steward(account), role, invite };
  }

  join(author: string, device: string, invite: string): DescribedOperation {
    const statements = [this.device(author, device, this.chance(0.9) ? 0 : null)];
    const vouched = !this.chance(0.1);
    return { kind: "join", statements, stewardKey: this.steward(author), invite, vouched };
  }

  steward(account: string): string {
    return this.chance(0.05) ? `steward-${this.pick(people)}` : this.name(`steward-${account}-`);
  }

  role(group: OracleGroup, account: string): DescribedOperation {
    const role = this.roleOf();
    const down = group.accounts.get(account)?.role === "facilitator" && role === "member";
    return { kind: "role", account, role, words: this.chance(0.05) ? !down : down };
  }

  accountUpdate(group: OracleGroup, author: string, account: string): DescribedOperation {
    const known = group.accounts.get(account)?.certified ?? [];
    const revoked = known.length > 0 && this.chance(0.7) ? this.pick(known) : this.pick(devices);
    const revokes = this.chance(0.5);
    const statement = revokes
      ? this.revocation(account, revoked)
      : this.device(account, this.pick(devices), this.chance(0.3) ? 1 + this.below(2) : null);
    const words = revokes ? (this.chance(0.9) ? [revoked] : null) : this.chance(0.1) ? [revoked] : null;
    const replaces = account === author ? (revokes ? 0.85 : 0.2) : 0.1;
    const stewardKey = this.chance(replaces) ? this.steward(account) : null;
    return { kind: "account-update", account, statements: [statement], stewardKey, words };
  }

  invite(): DescribedOperation {
    const mode = this.chance(0.6) ? "instant" : "approval";
    return {
      kind: "invite",
      id: this.chance(0.05) ? "invite1" : this.name("invite"),
      mode,
      role: mode === "approval" && this.chance(0.4) ? "facilitator" : this.chance(0.05) ? "facilitator" : "member",
      uses: this.chance(0.05) ? 51 : 1 + this.below(2),
      expiry: this.clock + Math.floor((this.roll() * (mode === "instant" ? 6 : 20) - 0.3) * day),
      usable: !this.chance(0.02),
    };
  }
}

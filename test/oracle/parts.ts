/** What entries are made of: names, statements, words, steward keys, invites. */
import type { BoxKeyName, DescribedStatement, DescribedWords, EntryFlaw, History } from "./described.ts";
import type { Dice } from "./dice.ts";
import { boxKeyLetters } from "./keys.ts";
import type { OracleGroup } from "./oracle-group.ts";

export const people = ["ana", "bongani", "chidi", "dolores", "emil"] as const;
export const devices = ["one", "two", "three", "four", "five"] as const;
const hour = 60 * 60 * 1000;
export const day = 24 * hour;
/** When the first entry of every chain is proposed, at the earliest. */
export const start = 20_000 * day;

const flaws: readonly EntryFlaw[] = [
  "wire-group",
  "wire-index",
  "group",
  "index",
  "era",
  "starts",
  "changed",
  "previous",
  "signature",
  "key",
  "version",
  "garbage",
  "size",
];

/** Makes parts by chance, fitting more or less what the group is. */
export class Parts {
  readonly dice: Dice;
  clock: number;
  /** How many names were given. */
  made: number;

  constructor(dice: Dice, clock: number, made: number) {
    this.dice = dice;
    this.clock = clock;
    this.made = made;
  }

  name(prefix: string): string {
    this.made += 1;
    return `${prefix}${this.made}`;
  }

  history(): History {
    return this.dice.chance(0.75) ? "all" : "from-joining";
  }

  retention(): number | null {
    return this.dice.chance(0.5) ? null : 30;
  }

  boxKey(generation: number): BoxKeyName {
    const { dice } = this;
    const flaw = dice.chance(0.02) ? dice.pick(["box-key", "label-key"] as const) : null;
    return { generation, name: dice.pick(boxKeyLetters) + String(generation), flaw };
  }

  certifies(account: string, device: string, generation: number | null): DescribedStatement {
    const boxKey = generation === null ? null : this.boxKey(generation);
    return { kind: "device", account, device, boxKey, forged: this.dice.chance(0.01) };
  }

  revokes(account: string, device: string): DescribedStatement {
    const boxKey = this.boxKey(1 + this.dice.below(3));
    return { kind: "revoke", account, device, boxKey, forged: this.dice.chance(0.01) };
  }

  words(names: readonly string[]): DescribedWords {
    return names.map((device) => ({ device, heads: this.dice.chance(0.2) ? [3, 4] : [1 + this.dice.below(9)] }));
  }

  someWords(): DescribedWords {
    return this.words(devices.filter(() => this.dice.chance(0.2)));
  }

  flaw(part: number): EntryFlaw | null {
    return this.dice.chance(part) ? this.dice.pick(flaws) : null;
  }

  /** Clocks differ: mostly forwards, now and then back or days ahead. */
  tick(): number {
    const { dice } = this;
    this.clock += dice.below(8 * hour);
    if (dice.chance(0.1)) return Math.max(1, this.clock - dice.below(3 * day));
    return dice.chance(0.03) ? this.clock + dice.below(5 * day) : this.clock;
  }

  member(group: OracleGroup): string {
    const { dice } = this;
    return dice.chance(0.9)
      ? dice.pickFirst(
          people.filter((name) => isIn(group, name)),
          people,
        )
      : dice.pick(people);
  }

  knownInvite(group: OracleGroup): string {
    const all = [...group.invites.keys()];
    const open = [...group.invites].filter(([, { ended }]) => ended === null).map(([id]) => id);
    if (this.dice.chance(0.05)) return "nowhere";
    return this.dice.chance(0.8) ? this.dice.pickFirst(open, all, ["nowhere"]) : this.dice.pickFirst(all, ["nowhere"]);
  }

  /** Mostly one certified device with a box key, now and then more. */
  statementsOfComing(account: string): readonly DescribedStatement[] {
    const { dice } = this;
    const device = this.certifies(account, dice.pick(devices), dice.chance(0.92) ? dice.below(3) : null);
    const more = dice.chance(0.1) ? [this.revokes(account, dice.pick(devices))] : [];
    return dice.chance(0.006) ? this.crowd(account) : [device, ...more];
  }

  /** More devices than an account may have. */
  crowd(account: string): readonly DescribedStatement[] {
    return Array.from({ length: 33 }, (_, at) => ({
      kind: "device" as const,
      account,
      device: `crowd-${at}`,
      boxKey: at === 0 ? { generation: 0, name: "a0", flaw: null } : null,
      forged: false,
    }));
  }

  /** Mostly a new one; now and then one that somebody has or had, the account itself included. */
  steward(group: OracleGroup, account: string): string {
    const { dice } = this;
    if (dice.chance(0.85)) return this.name(`steward-${account}-`);
    const used = [...group.accounts.values()].flatMap(({ steward, spentStewards }) => [
      ...(steward === null ? [] : [steward]),
      ...spentStewards,
    ]);
    const own = group.accounts.get(account)?.steward ?? "steward-ana";
    return dice.chance(0.4) ? own : dice.pickFirst(used, ["steward-ana"]);
  }

  statementsOfUpdate(account: string, live: readonly string[]): readonly DescribedStatement[] {
    const { dice } = this;
    if (dice.chance(0.004)) return this.crowd(account);
    if (dice.chance(0.1)) return [];
    if (dice.chance(0.6)) {
      const device = dice.pick(devices);
      return [this.certifies(account, device, dice.chance(0.4) ? dice.below(3) : null)];
    }
    const more = dice.chance(0.2) ? [this.certifies(account, dice.pick(devices), null)] : [];
    return [this.revokes(account, dice.chance(0.8) ? dice.pickFirst(live, devices) : dice.pick(devices)), ...more];
  }
}

/** Whether somebody is in the group. */
export function isIn(group: OracleGroup, name: string): boolean {
  return (group.accounts.get(name)?.role ?? null) !== null;
}

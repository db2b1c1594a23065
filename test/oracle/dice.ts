/** Repeatable chance (mulberry32): nothing here is secret, and a seed must give the same chain everywhere. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  roll(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
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

  /** From the first list that holds anything. */
  pickFirst<T>(...lists: readonly (readonly T[])[]): T {
    return this.pick(lists.find((items) => items.length > 0) ?? []);
  }

  /** Each choice as often as its number says. */
  weighted<T>(choices: readonly (readonly [number, T])[]): T {
    let left = this.roll() * choices.reduce((total, [weight]) => total + weight, 0);
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return this.pick(choices)[1];
  }
}

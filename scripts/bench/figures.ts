import { cpus, freemem, loadavg, release, totalmem } from "node:os";

/** One measured number. `budget` is what the product asks for, in the same unit, as an upper bound unless it says "at least". */
export interface Figure {
  readonly part: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly budget?: string;
}

/** How much is measured: `quick` is for trying the benchmarks out, not for quoting. */
export type Size = "full" | "quick";

/** Says how far a long measurement is. Goes to standard error. */
export type Say = (line: string) => void;

/** One part of `npm run bench`. */
export type Part = (size: Size, say: Say) => Promise<readonly Figure[]>;

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that the share `q` of all does not exceed; of an even number's middle the mean. @throws {RangeError} on nothing */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) throw new RangeError("nothing was measured");
  return low + (high - low) * (place - Math.floor(place));
}

/** Milliseconds that `work` takes. */
export async function milliseconds(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** What something took: on the clock, and of this process's processor time, which other programs on the machine disturb less. */
export interface Taken {
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
}

export async function taken(work: () => unknown): Promise<Taken> {
  const before = process.cpuUsage();
  const passed = await milliseconds(work);
  const { user, system } = process.cpuUsage(before);
  return { milliseconds: passed, processorMilliseconds: (user + system) / 1000 };
}

/** The machine and what else went on on it: figures without this say nothing. */
export function machine(): Readonly<Record<string, string | number>> {
  const [first] = cpus();
  return {
    processor: first?.model ?? "unknown",
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    freeMemoryGigabytes: Math.round(freemem() / 2 ** 30),
    system: `${process.platform} ${process.arch} ${release()}`,
    node: process.version,
    /** Processes that wanted a core in the last minute, on average; above the number of cores the figures are too low. */
    loadBefore: load(),
  };
}

/** Over the last minute. */
export function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

export function inWords({ what, value, unit, budget }: Figure): string {
  const number = value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
  const asked = budget === undefined ? "" : `   (budget ${budget})`;
  return `  ${what.padEnd(64)} ${number.padStart(10)} ${unit}${asked}`;
}

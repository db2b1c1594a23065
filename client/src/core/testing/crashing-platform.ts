import type { Platform } from "../platform.ts";

/** The program died here. Whatever it does afterwards dies too. */
export class Crash extends Error {
  override readonly name = "Crash";
}

export interface CrashingPlatform {
  readonly platform: Platform;
  /** How many steps were taken: calls that leave the program, each before and after. */
  steps(): number;
  crashed(): boolean;
}

/**
 * A platform on which the program dies at its `step`-th step (from 0): every call to network, storage and key store is two steps, one before
 * it has its effect and one after it, so that "done, but the answer never came" is met too.
 */
export function crashingPlatform(platform: Platform, step: number): CrashingPlatform {
  let taken = 0;
  let dead = false;
  const tick = (): void => {
    if (dead || taken++ === step) {
      dead = true;
      throw new Crash("the program died");
    }
  };
  const guarded = <T extends object>(port: T, names: readonly (keyof T)[]): T =>
    new Proxy(port, {
      get(target, name) {
        const found: unknown = Reflect.get(target, name, target);
        if (typeof found !== "function") return found;
        if (!names.some((one) => one === name)) return found.bind(target) as unknown;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          tick();
          const result: unknown = await Reflect.apply(found, target, args);
          tick();
          return result;
        };
      },
    });
  return {
    platform: {
      ...platform,
      http: guarded(platform.http, ["send"]),
      storage: guarded(platform.storage, ["read", "readMany", "range", "write", "erase"]),
      keys: guarded(platform.keys, ["load", "save", "erase", "seal", "open"]),
    },
    steps: () => taken,
    crashed: () => dead,
  };
}

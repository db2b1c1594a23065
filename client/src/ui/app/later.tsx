import { type ComponentType, lazy } from "react";
import { NotFetched } from "./not-fetched.tsx";
import { restOfWords } from "./language.ts";

type Screen<Props> = () => Promise<{ readonly default: ComponentType<Props> }>;

const screens: (() => Promise<unknown>)[] = [];

/** A screen that comes after the first paint, with its words. Cannot fail: without the network it says so. */
export function later<Props>(load: Screen<Props>) {
  screens.push(load);
  return lazy(async () => {
    try {
      const [screen] = await Promise.all([load(), restOfWords()]);
      return screen;
    } catch {
      return { default: NotFetched };
    }
  });
}

/** Fetches every screen while the device has nothing to do, so that all of them open when the network is gone. */
export async function fetchAllScreens(): Promise<void> {
  for (const load of screens) {
    await idle();
    // One that cannot be fetched now is fetched when it is opened.
    await load().catch(() => undefined);
  }
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: 5000 });
    else setTimeout(resolve, 500);
  });
}

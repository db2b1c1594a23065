// Where the browser for tests is. Plain JavaScript without dependencies, because it runs before anything is installed, on Node 18 or newer.
import { existsSync } from "node:fs";

/** Chromium without windows: the same engine, for two thirds of the processor time (docs/decisions/0015). */
export const headlessShell = "/usr/bin/chromium-headless-shell";

const usual = [headlessShell, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function findChromium() {
  const named = process.env.CHROMIUM;
  return named ? [named].find(existsSync) : usual.find(existsSync);
}

export function chromiumPath() {
  const found = findChromium();
  if (found === undefined)
    throw new Error("there is no Chromium: run `node scripts/prepare.mjs chromium`, or `npm test`, which does");
  return found;
}

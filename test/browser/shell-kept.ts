import type { Page } from "playwright-core";
import type { Person } from "./person.ts";

/** Addresses below the hall that the browser's caches hold, with what stands after `?` and `#`. */
export async function keptPaths(page: Page): Promise<readonly string[]> {
  return await page.evaluate(async () => {
    const paths: string[] = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) paths.push(url.slice(location.origin.length));
    return paths;
  });
}

/** Resolves when the whole program is kept in this browser, its service worker serves the page, and no newer one is on its way. */
export async function shellKept({ page }: Person): Promise<void> {
  await page.waitForFunction(async () => {
    const { installing, waiting, active } = await navigator.serviceWorker.ready;
    const isSettled = installing === null && waiting === null && active?.state === "activated";
    return isSettled && navigator.serviceWorker.controller !== null;
  });
}

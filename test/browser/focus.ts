import { expect } from "vitest";
import type { Locator } from "playwright-core";

/** The keyboard's focus comes to this place. */
export async function expectFocused(place: Locator): Promise<void> {
  await place.waitFor();
  await expect.poll(async () => await place.evaluate((element) => element === document.activeElement)).toBe(true);
}

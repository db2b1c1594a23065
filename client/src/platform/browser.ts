import type { Platform } from "../core/platform.ts";
import { browserKeys, type Marker } from "./browser/browser-keys.ts";
import { IdbStorage, openDatabase } from "./browser/idb-storage.ts";
import { timerClock } from "./web/timer-clock.ts";
import { webHttp } from "./web/web-http.ts";
import { webSockets } from "./web/web-sockets.ts";

export type { Marker } from "./browser/browser-keys.ts";
export { webLock } from "./browser/web-lock.ts";

/** The name of the Web Lock that whoever opens {@link browserPlatform} must hold. */
export const deviceLockName = "unionhall-device";

/**
 * This browser as a device, for the tab that holds the device's lock (`worker/tabs.ts` sees to that). Takes the storage over from whoever had it
 * before.
 */
export async function browserPlatform({
  origin,
  marker,
}: {
  readonly origin: string;
  readonly marker: Marker;
}): Promise<Platform> {
  const database = await openDatabase();
  const storage = await IdbStorage.open(database, crypto.randomUUID());
  return {
    origin,
    deviceName: browserName(navigator.userAgent),
    http: webHttp(),
    sockets: webSockets((url) => new WebSocket(url)),
    storage,
    keys: browserKeys(database, marker),
    lock: { take: async () => ({ release: async () => {} }) },
    clock: timerClock,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}

const browsers = ["Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari"];
const systems = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux"];

/** Enough for a person to tell one device from another in a list. */
function browserName(userAgent: string): string {
  const browser = browsers.find((name) => userAgent.includes(name)) ?? "Browser";
  const system = systems.find((name) => userAgent.includes(name));
  return system === undefined ? browser : `${browser}, ${system}`;
}

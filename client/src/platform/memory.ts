import type { Clock, Http, Platform, Random, Sockets, StoredEntry } from "../core/platform.ts";
import { timerClock } from "./web/timer-clock.ts";
import { MemoryKeys } from "./memory/memory-keys.ts";
import { MemoryLock } from "./memory/memory-lock.ts";
import { MemoryStorage } from "./memory/memory-storage.ts";

/** What stays when a program ends: one device of a test. Open it again with another {@link memoryPlatform}. */
export class MemoryDevice {
  readonly entries: StoredEntry[] = [];
  readonly keys = new MemoryKeys();
  lock = new MemoryLock();

  /** The program on it has died: the lock is free, what was written is there. */
  reboot(): void {
    this.lock = new MemoryLock();
  }
}

/** A platform in memory, for tests. What is not given is not there: a network that never answers, sockets that never open. */
export function memoryPlatform(parts: {
  readonly origin: string;
  readonly device: MemoryDevice;
  readonly http: Http;
  readonly random: Random;
  readonly sockets?: Sockets;
  readonly clock?: Clock;
}): Platform {
  const { origin, device, http, random } = parts;
  return {
    origin,
    deviceName: "memory",
    http,
    random,
    sockets: parts.sockets ?? closedSockets,
    storage: new MemoryStorage(device.entries),
    keys: device.keys,
    lock: device.lock,
    clock: parts.clock ?? timerClock,
  };
}

const closedSockets: Sockets = {
  open: (_, { closed }) => {
    queueMicrotask(() => closed(1006, "there is no network"));
    return { bufferedBytes: 0, send: () => {}, close: () => {} };
  },
};

import { StorageFull, type Platform } from "../platform.ts";

/** A platform on whose storage nothing can be written while it is full. */
export function fillablePlatform(platform: Platform, isFull: () => boolean): Platform {
  const { storage } = platform;
  return {
    ...platform,
    storage: {
      read: (key) => storage.read(key),
      readMany: (keys) => storage.readMany(keys),
      range: (range) => storage.range(range),
      write: async (changes) => {
        if (isFull()) throw new StorageFull("there is no room");
        await storage.write(changes);
      },
      erase: () => storage.erase(),
      close: () => storage.close(),
    },
  };
}

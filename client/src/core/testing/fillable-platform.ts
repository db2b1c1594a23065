import { StorageFull, type Platform } from "../platform.ts";

/** A platform on whose storage nothing can be put while it is full; what is there can be deleted. */
export function fillablePlatform(platform: Platform, isFull: () => boolean): Platform {
  const { storage } = platform;
  return {
    ...platform,
    storage: {
      read: (key) => storage.read(key),
      readMany: (keys) => storage.readMany(keys),
      range: (range) => storage.range(range),
      write: async (changes) => {
        if (isFull() && changes.some(({ kind }) => kind === "put")) throw new StorageFull("there is no room");
        await storage.write(changes);
      },
      erase: () => storage.erase(),
      close: () => storage.close(),
    },
  };
}

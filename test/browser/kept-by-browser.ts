import type { Page } from "playwright-core";

/**
 * Everything that the hall's pages have left in this browser, as one heap of bytes for each thing: databases (keys and values), local and
 * session storage, caches, cookies, registered workers, the tab's address, title and history.
 */
export async function keptByBrowser(page: Page): Promise<readonly Buffer[]> {
  const things = await page.evaluate(async () => {
    const found: string[] = [];
    const keepBytes = (bytes: Uint8Array): void => {
      found.push(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
    };
    const keep = async (thing: unknown): Promise<void> => {
      if (typeof thing === "string") keepBytes(new TextEncoder().encode(thing));
      else if (thing instanceof ArrayBuffer) keepBytes(new Uint8Array(thing));
      else if (ArrayBuffer.isView(thing)) keepBytes(new Uint8Array(thing.buffer, thing.byteOffset, thing.byteLength));
      else if (thing instanceof CryptoKey) {
        if (thing.extractable) keepBytes(new Uint8Array(await crypto.subtle.exportKey("raw", thing)));
      } else if (typeof thing === "object" && thing !== null)
        for (const part of Object.entries(thing).flat()) await keep(part);
    };
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- all of this runs in the page
    const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(new Error("the database does not answer")));
      });
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await answerOf(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const entries = database.transaction(store).objectStore(store);
        await keep(await answerOf(entries.getAllKeys()));
        await keep(await answerOf(database.transaction(store).objectStore(store).getAll()));
      }
      database.close();
    }
    for (const storage of [localStorage, sessionStorage]) await keep(Object.entries(storage));
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        await keep(request.url);
        await keep(await (await cache.match(request))?.arrayBuffer());
      }
    }
    for (const worker of await navigator.serviceWorker.getRegistrations()) await keep(worker.scope);
    await keep([document.cookie, document.title, location.href, document.referrer, JSON.stringify(history.state)]);
    return found;
  });
  return things.map((hex) => Buffer.from(hex, "hex"));
}

/** Which of these texts stand somewhere in the heaps: as UTF-8, UTF-16, hex or base64. */
export function textsIn(heaps: readonly Buffer[], texts: readonly string[]): readonly string[] {
  return texts.filter((text) => formsOf(Buffer.from(text)).some((form) => heaps.some((heap) => heap.includes(form))));
}

/** The forms in which bytes can stand somewhere; base64 at each of its three offsets, without the characters at the edges. */
export function formsOf(bytes: Buffer): readonly Buffer[] {
  const wide = Buffer.from(bytes.toString("latin1"), "utf16le");
  const hex = bytes.toString("hex");
  const shifted = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .slice(offset === 0 ? 0 : 4, -4),
  );
  const texts = [
    hex,
    hex.toUpperCase(),
    ...shifted,
    ...shifted.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
  ];
  return [bytes, wide, ...texts.map((text) => Buffer.from(text))];
}

import { browserKeys } from "../browser/browser-keys.ts";
import { IdbStorage, openDatabase } from "../browser/idb-storage.ts";
import { webLock } from "../browser/web-lock.ts";
import { storageLaws } from "./storage-laws.ts";

/** Runs in a page of `browser.test.ts`: what of the browser's platform can only be seen there. Each gives a name and what went wrong. */
interface Outcome {
  readonly name: string;
  readonly fault: string | null;
}

let databases = 0;
const newDatabase = () => openDatabase(`test-${databases++}`);

const checks: readonly { readonly name: string; readonly holds: () => Promise<void> }[] = [
  ...storageLaws.map(({ name, holds }) => ({
    name,
    holds: () => holds(async () => IdbStorage.open(await newDatabase(), "owner")),
  })),
  {
    name: "whoever opened the storage last owns it: an earlier owner cannot write any more",
    holds: async () => {
      const database = await newDatabase();
      const change = { kind: "put", key: Uint8Array.of(1), value: Uint8Array.of(1) } as const;
      const first = await IdbStorage.open(database, "first");
      await first.write([change]);
      const second = await IdbStorage.open(database, "second");
      const refused = await first.write([{ ...change, value: Uint8Array.of(9) }]).then(
        () => "written",
        (error: unknown) => (error instanceof Error ? error.name : "?"),
      );
      expectThat(refused === "DeviceLost", `the first owner's write ended with ${refused}`);
      expectThat((await second.read(change.key))?.[0] === 1, "the refused write was stored");
      await second.write([{ ...change, value: Uint8Array.of(2) }]);
    },
  },
  {
    name: "the device's key seals and opens, cannot be read out, and is gone once erased",
    holds: async () => {
      const database = await newDatabase();
      const marks: boolean[] = [];
      const marker = { wasHere: false, set: (here: boolean) => void marks.push(here) };
      const keys = browserKeys(database, marker);
      const plain = crypto.getRandomValues(new Uint8Array(32));
      const sealed = await keys.seal(plain);
      expectThat((await keys.open(sealed))?.join() === plain.join(), "what was sealed did not open");
      expectThat((await keys.open(sealed.with(20, (sealed[20] ?? 0) ^ 1))) === null, "a changed text opened");
      const key: unknown = await database.get("device", "wrapping-key");
      expectThat(key instanceof CryptoKey && !key.extractable, "the key can be read out");
      await keys.save(Uint8Array.of(1, 2));
      const kept = await keys.load();
      expectThat(kept.kind === "kept" && kept.slot.join() === "1,2", "the slot was not kept");
      await keys.erase();
      expectThat((await keys.load()).kind === "empty", "the slot is still there");
      expectThat((await keys.open(sealed)) === null, "the erased key still opens");
      expectThat(marks.join() === "true,false", `the marker was set to ${marks.join()}`);
      const evicted = await browserKeys(database, { ...marker, wasHere: true }).load();
      expectThat(evicted.kind === "evicted", "a slot that is missing where there was one is not told");
    },
  },
  {
    name: "a lock is for one, waits, and can be stolen from who does not answer",
    holds: async () => {
      const lock = webLock("test-lock");
      const events: string[] = [];
      const first = await lock.take({ wait: null, lost: () => void events.push("first lost") });
      expectThat(first !== null, "a free lock was not given");
      expectThat((await lock.take({ wait: 0, lost: () => {} })) === null, "a held lock was given");
      expectThat((await lock.take({ wait: 20, lost: () => {} })) === null, "a held lock was given after waiting");
      const waiting = lock.take({ wait: null, lost: () => void events.push("second lost") });
      await first?.release();
      expectThat((await waiting) !== null, "who waited did not get the lock");
      const thief = await lock.take({ wait: null, steal: true, lost: () => {} });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expectThat(events.join() === "second lost", `told: ${events.join()}`);
      await thief?.release();
    },
  },
];

function expectThat(holds: boolean, fault: string): void {
  if (!holds) throw new Error(fault);
}

async function outcomes(): Promise<readonly Outcome[]> {
  const all: Outcome[] = [];
  for (const { name, holds } of checks) {
    const fault = await holds().then(
      () => null,
      (error: unknown) => String(error),
    );
    all.push({ name, fault });
  }
  return all;
}

Object.assign(globalThis, { outcomes: outcomes() });

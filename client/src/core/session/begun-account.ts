import type { StatementWire } from "@unionhall/crypto";
import type { Platform } from "../platform.ts";
import { HallError } from "../problems.ts";
import { SealedStore } from "../storage/sealed-store.ts";
import { clearShelf, readShelf, stageChange } from "./device-shelf.ts";
import { makeKeySlot, openKeySlot, openRoot, type KeySlotContent } from "./key-slot.ts";
import type { Lock, WordLanguage } from "./session-door.ts";
import {
  only,
  storedAccount,
  storedPending,
  storedVault,
  type Pending,
  type StoredAccount,
  type StoredVault,
} from "./session-store.ts";

/**
 * An account on its way onto this device: made or recovered, and not settled yet. All that it will ever be lies in the sealed store before the
 * network is asked, so that after a crash at any point the same account goes on (threat model 34).
 */
export interface Begun {
  readonly store: SealedStore;
  readonly deviceId: Uint8Array;
  readonly localKey: Uint8Array;
  readonly account: StoredAccount;
  readonly pending: Pending;
  /** Null where neither the device nor the passphrase holds it: recovering without a lock. */
  readonly root: Uint8Array | null;
}

export interface Beginning {
  readonly lock: Lock;
  /** 16 bytes */
  readonly root: Uint8Array;
  readonly identityKey: Uint8Array;
  readonly device: {
    readonly deviceSeed: Uint8Array;
    readonly deviceBoxSeed: Uint8Array;
    readonly statement: StatementWire;
  };
  readonly wordLanguage: WordLanguage;
  readonly pending: Pending;
  readonly vault: StoredVault;
}

/** Puts an account on this device that was never here; what an earlier attempt left is cleared away. */
export async function begin(platform: Platform, beginning: Beginning): Promise<Begun> {
  const { lock, root, pending } = beginning;
  const deviceId = platform.random(16);
  const localKey = platform.random(32);
  await clearShelf(platform);
  await platform.storage.write([stageChange(deviceId, "begun")]);
  await platform.keys.save(await makeKeySlot(platform, lock, { deviceId, localKey, root }));
  const store = new SealedStore(platform.storage, localKey, platform.random);
  const account = accountOf(beginning);
  await store.transaction(async (tx) => {
    await tx.map(storedAccount).put(only, account);
    await tx.map(storedVault).put(only, beginning.vault);
    await tx.map(storedPending).put(only, pending);
  });
  return { store, deviceId, localKey, account, pending, root };
}

/**
 * What an interrupted attempt left; null when there is none of this kind.
 *
 * @throws HallError `account-begun` when something was begun under another passphrase: what it was cannot be seen without that
 */
export async function resume(platform: Platform, doing: Pending["doing"], lock: Lock): Promise<Begun | null> {
  const shelf = await readShelf(platform);
  if (shelf.kind !== "kept" || shelf.stage !== "begun") return null;
  const { slot } = shelf;
  const passphrase = lock.kind === "passphrase" ? lock.passphrase : null;
  const localKey = await openBegun(platform, slot, passphrase);
  const store = new SealedStore(platform.storage, localKey, platform.random);
  const [account, pending] = await Promise.all([
    store.map(storedAccount).get(only),
    store.map(storedPending).get(only),
  ]);
  if (account === null || pending?.doing !== doing) return null;
  const root = slot.lock.kind === "passphrase" ? openRoot(slot, passphrase) : account.root;
  const begun = { store, deviceId: slot.deviceId, localKey, account, pending, root };
  return slot.lock.kind === lock.kind ? begun : relock(platform, begun, lock);
}

async function openBegun({ keys }: Platform, slot: KeySlotContent, passphrase: string | null): Promise<Uint8Array> {
  try {
    return await openKeySlot(keys, slot, passphrase);
  } catch (error) {
    if (!(error instanceof HallError) || !(error.problem === "wrong-passphrase" || error.problem === "locked"))
      throw error;
    throw new HallError("account-begun", "an account was begun here under another passphrase and not finished");
  }
}

/** Begun without a lock, and now one is wanted: the same local key goes under the passphrase, the root with it. */
async function relock(platform: Platform, begun: Begun, lock: Lock): Promise<Begun | null> {
  const { store, deviceId, localKey, root } = begun;
  if (root === null) return null;
  await platform.keys.save(await makeKeySlot(platform, lock, { deviceId, localKey, root }));
  const account = { ...begun.account, lock: lock.kind, root: null };
  await store.map(storedAccount).put(only, account);
  return { ...begun, account };
}

/** The account is on this device from here on: one write, after which it is never "begun" again. */
export async function settle({ store, deviceId }: Begun): Promise<void> {
  await store.transaction((tx) => tx.map(storedPending).delete(only), [stageChange(deviceId, "settled")]);
}

function accountOf({ identityKey, device, lock, root, wordLanguage, pending }: Beginning): StoredAccount {
  const isNew = pending.doing === "registering";
  return {
    identityKey,
    deviceSeed: device.deviceSeed,
    deviceBoxSeed: device.deviceBoxSeed,
    statement: device.statement,
    lock: lock.kind,
    wordLanguage,
    root: isNew && lock.kind === "none" ? root : null,
    wordsUnconfirmed: isNew,
  };
}

import {
  bytes,
  calibrateLock,
  decode,
  encode,
  makeDeviceLock,
  openDeviceLock,
  openLockedRoot,
  struct,
  structure,
  variant,
  type ValueOf,
} from "@unionhall/crypto";
import type { Clock, KeyStore, Random } from "../platform.ts";
import { HallError } from "../problems.ts";
import type { Lock } from "./session-door.ts";

/**
 * What lies in the platform's key slot: the local key, wrapped by a passphrase (with the root beside it), or by the device's own key where
 * there is no lock. `deviceId` ties it to the storage it opens: one without the other was evicted.
 */
const keySlotStructure = structure("key-slot", 4096, {
  deviceId: bytes(16),
  lock: variant({
    passphrase: struct({ wrapped: bytes({ max: 512 }) }),
    none: struct({ wrapped: bytes({ max: 2048 }) }),
  }),
});
export type KeySlotContent = ValueOf<typeof keySlotStructure>;

/** Null for what is no slot of this version. */
export function readKeySlot(slot: Uint8Array): KeySlotContent | null {
  try {
    return decode(keySlotStructure, slot);
  } catch {
    return null;
  }
}

/** Wraps the local key as `lock` says; the root goes along only under a passphrase. Takes about half a second with one. */
export async function makeKeySlot(
  parts: { readonly keys: KeyStore; readonly clock: Clock; readonly random: Random },
  lock: Lock,
  secrets: { readonly deviceId: Uint8Array; readonly localKey: Uint8Array; readonly root: Uint8Array },
): Promise<Uint8Array> {
  const { deviceId, localKey, root } = secrets;
  if (lock.kind === "none") {
    const wrapped = await parts.keys.seal(localKey);
    return encode(keySlotStructure, { deviceId, lock: { kind: "none", wrapped } });
  }
  const cost = calibrateLock(() => parts.clock.now());
  const wrapped = makeDeviceLock(lock.passphrase, { localKey, root }, cost, parts.random);
  return encode(keySlotStructure, { deviceId, lock: { kind: "passphrase", wrapped } });
}

/**
 * The local key (32 bytes).
 *
 * @param passphrase null opens only a slot without a lock
 * @throws HallError `locked` when a passphrase is needed, `wrong-passphrase`, `storage-evicted` when the device's own key is gone
 */
export async function openKeySlot(
  keys: KeyStore,
  slot: KeySlotContent,
  passphrase: string | null,
): Promise<Uint8Array> {
  if (slot.lock.kind === "none") {
    const localKey = await keys.open(slot.lock.wrapped);
    if (localKey === null) throw new HallError("storage-evicted", "the key of this device is gone");
    return localKey;
  }
  if (passphrase === null) throw new HallError("locked", "this device is locked");
  const verdict = openDeviceLock(slot.lock.wrapped, passphrase);
  if (verdict.kind === "opened") return verdict.secret;
  throw lockError(verdict.reason);
}

/**
 * The root (16 bytes) of a device with a passphrase.
 *
 * @throws HallError `wrong-passphrase`, `words-not-here` on a device without a lock
 */
export function openRoot(slot: KeySlotContent, passphrase: string | null): Uint8Array {
  if (slot.lock.kind === "none")
    throw new HallError("words-not-here", "a device without a lock does not keep the words");
  if (passphrase === null) throw new HallError("wrong-passphrase", "the words ask for the passphrase");
  const verdict = openLockedRoot(slot.lock.wrapped, passphrase);
  if (verdict.kind === "opened") return verdict.secret;
  throw lockError(verdict.reason);
}

function lockError(reason: "malformed" | "wrong-passphrase" | "no-root"): HallError {
  if (reason === "wrong-passphrase") return new HallError("wrong-passphrase", "the passphrase is another one");
  if (reason === "no-root") return new HallError("words-not-here", "this device does not keep the words");
  return new HallError("storage-evicted", "the lock of this device is damaged");
}

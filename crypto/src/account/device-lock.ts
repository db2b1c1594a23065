/**
 * A device's lock: the local key, under which everything at rest is sealed, and the root, each wrapped under a key of
 * its own from one passphrase (protocol section 3). Unlocking gives the local key; the root only when it is asked for.
 */
import type { Random } from "../primitives/bytes.ts";
import { bytes, decode, encode, encodeWithin, nullable, struct, structure, uint } from "../primitives/encoding.ts";
import { EncodingError, KeyError, OpenError } from "../primitives/errors.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { open, seal, SEAL_NONCE_BYTES, SEAL_OVERHEAD_BYTES } from "../primitives/seal.ts";
import { toUtf8 } from "../primitives/utf8.ts";
import { argon2id, PWHASH_INTERACTIVE } from "../sodium.ts";
import { ROOT_BYTES } from "./root.ts";

/** Bytes of the local key. */
export const LOCAL_KEY_BYTES = 32;

/** What one guess at the passphrase costs: never under libsodium's INTERACTIVE (2 passes, 64 MiB). */
export interface LockCost {
  readonly passes: number;
  readonly memoryBytes: number;
}

const costFields = {
  salt: bytes(16),
  passes: uint({ min: PWHASH_INTERACTIVE.passes, max: 1024 }),
  memoryBytes: uint({ min: PWHASH_INTERACTIVE.memoryBytes, max: 1024 ** 3 }),
} as const;
const headerForm = struct(costFields);

export const deviceLockStructure = structure("device-lock", 512, {
  ...costFields,
  localKey: bytes(LOCAL_KEY_BYTES + SEAL_OVERHEAD_BYTES),
  root: nullable(bytes(ROOT_BYTES + SEAL_OVERHEAD_BYTES)),
});

export type LockRefusal = "malformed" | "wrong-passphrase" | "no-root";
export type LockVerdict =
  /** The local key (32) or the root (16). */
  { readonly kind: "opened"; readonly secret: Uint8Array } | { readonly kind: "refused"; readonly reason: LockRefusal };

/**
 * How many passes over 64 MiB take about half a second here, by the clock handed in (milliseconds).
 * Takes about 0.1 s on a fast machine, a second on a slow one.
 */
export function calibrateLock(clock: () => number): LockCost {
  const { passes, memoryBytes } = PWHASH_INTERACTIVE;
  const began = clock();
  argon2id(32, new Uint8Array(16), new Uint8Array(16), passes, memoryBytes);
  const perPass = Math.max((clock() - began) / passes, 1);
  return { passes: Math.min(Math.max(Math.round(500 / perPass), passes), 64), memoryBytes };
}

/**
 * Wraps the local key (32) and the root (16; null on a device that keeps none) under a passphrase.
 *
 * @throws {KeyError} when either has another length
 * @throws {EncodingError} `wrong-shape` when the cost is under INTERACTIVE
 */
export function makeDeviceLock(
  passphrase: string,
  secrets: { readonly localKey: Uint8Array; readonly root: Uint8Array | null },
  cost: LockCost,
  random: Random,
): Uint8Array {
  const { localKey, root } = secrets;
  if (localKey.length !== LOCAL_KEY_BYTES || (root !== null && root.length !== ROOT_BYTES)) throw new KeyError();
  const parameters = { ...cost, salt: random(16) };
  const header = encodeWithin(headerForm, parameters, 64);
  const lockKey = lockKeyOf(passphrase, parameters);
  const wrap = (secret: Uint8Array, purpose: WrapPurpose): Uint8Array =>
    seal(secret, header, wrapKeyOf(lockKey, purpose), random(SEAL_NONCE_BYTES));
  return encode(deviceLockStructure, {
    ...parameters,
    localKey: wrap(localKey, "lock-local-key"),
    root: root === null ? null : wrap(root, "lock-root"),
  });
}

/** The local key. */
export function openDeviceLock(lock: Uint8Array, passphrase: string): LockVerdict {
  return openLockWith(lock, "localKey", (parameters) => lockKeyOf(passphrase, parameters));
}

/** The root, for the moment that needs it. Refused with `no-root` where the device keeps none. */
export function openLockedRoot(lock: Uint8Array, passphrase: string): LockVerdict {
  return openLockWith(lock, "root", (parameters) => lockKeyOf(passphrase, parameters));
}

/** What the passphrase becomes, slowly: the key (32) from which both wrapping keys derive. */
export type LockKeyOf = (parameters: LockCost & { readonly salt: Uint8Array }) => Uint8Array;

/** {@link openDeviceLock} and {@link openLockedRoot} below Argon2id. */
export function openLockWith(lock: Uint8Array, part: "localKey" | "root", keyOf: LockKeyOf): LockVerdict {
  try {
    const fields = decode(deviceLockStructure, lock);
    const wrapped = fields[part];
    if (wrapped === null) return { kind: "refused", reason: "no-root" };
    const key = wrapKeyOf(keyOf(fields), part === "root" ? "lock-root" : "lock-local-key");
    return { kind: "opened", secret: open(wrapped, encodeWithin(headerForm, fields, 64), key) };
  } catch (error) {
    if (error instanceof EncodingError) return { kind: "refused", reason: "malformed" };
    if (error instanceof OpenError) return { kind: "refused", reason: "wrong-passphrase" };
    throw error;
  }
}

type WrapPurpose = "lock-local-key" | "lock-root";

/** The key under which one of the two secrets is wrapped. */
function wrapKeyOf(lockKey: Uint8Array, purpose: WrapPurpose): Uint8Array {
  return deriveKey(lockKey, purpose);
}

/** 32 bytes. NFKC, so that the same letters typed on another keyboard are the same passphrase. */
export function lockKeyOf(passphrase: string, parameters: LockCost & { readonly salt: Uint8Array }): Uint8Array {
  const { salt, passes, memoryBytes } = parameters;
  return argon2id(32, toUtf8(passphrase.toWellFormed().normalize("NFKC")), salt, passes, memoryBytes);
}

import { createHash, timingSafeEqual } from "node:crypto";

/** `length` unpredictable bytes. */
export type Random = (length: number) => Uint8Array;

/** What is stored of a secret that stands for a right: nobody who reads the table can use it. 32 bytes. */
export function hashOfSecret(secret: Uint8Array): Buffer {
  return createHash("sha256").update("unionhall/v1/server-secret").update(secret).digest();
}

/** Whether `secret` has this hash, in constant time. */
export function isSecretOf(hash: Uint8Array, secret: Uint8Array): boolean {
  const own = hashOfSecret(secret);
  return hash.length === own.length && timingSafeEqual(own, hash);
}

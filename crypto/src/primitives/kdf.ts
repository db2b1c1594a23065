import { blake2b } from "../sodium.ts";
import { type Data, encodeData } from "./cbor.ts";
import { label } from "./encoding.ts";
import { KeyError } from "./errors.ts";

/**
 * `KDF(key, purpose, …context)`: BLAKE2b-256 keyed with `key` (16 to 64 bytes) over CBOR
 * `["unionhall/v1/" + purpose, …context]`; 32 bytes (protocol section 2).
 *
 * @throws {KeyError} when the key has another length
 */
export function deriveKey(key: Uint8Array, purpose: string, ...context: readonly Data[]): Uint8Array {
  if (key.length < 16 || key.length > 64) throw new KeyError();
  return blake2b(encodeData([label(purpose), ...context]), key);
}

import { blake2b } from "../sodium.ts";
import { type Data, encodeData } from "./cbor.ts";
import { label } from "./encoding.ts";

/**
 * BLAKE2b-256 of CBOR `["unionhall/v1/" + purpose, …context]`: 32 bytes (protocol section 2).
 * The lengths stand in the CBOR, so no two contexts run into each other.
 */
export function labelledHash(purpose: string, ...context: readonly Data[]): Uint8Array {
  return blake2b(encodeData([label(purpose), ...context]), null);
}

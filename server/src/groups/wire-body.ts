import { anyData, decodeWithin, EncodingError } from "@unionhall/crypto/verify";
import type { Static, TSchema } from "typebox";
import { groupLimits } from "../contract/group-limits.ts";
import { fromWire, WireError } from "../contract/wire.ts";
import { refuse } from "./refusal.ts";

/**
 * A structure of the contract from its CBOR bytes, strictly.
 *
 * @throws {RefusedError} `malformed-request`; `body-too-large` where a byte string or list of it is longer than the contract takes
 */
export function decodeStructure<const S extends TSchema>(schema: S, bytes: unknown, maxBytes: number): Static<S> {
  if (!(bytes instanceof Uint8Array)) return refuse("malformed-request");
  try {
    return fromWire(schema, decodeWithin(anyData(), bytes, maxBytes, groupLimits.itemsPerRequest));
  } catch (error) {
    if (error instanceof WireError && error.isTooLong) return refuse("body-too-large");
    if (error instanceof EncodingError || error instanceof WireError) return refuse("malformed-request");
    throw error;
  }
}

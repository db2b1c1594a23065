import { anyData, decodeWithin, encodeWithin } from "@unionhall/crypto";
import { fromWire, groupLimits, toWire } from "@unionhall/server/contract";
import { HallError } from "../problems.ts";
import type { ValueOf } from "./api.ts";

type Schema = Parameters<typeof fromWire>[0];

/** Longer than anything the contract allows; the schema's own limits judge. */
const maxBytes = 16 * 1024 * 1024;

/** The CBOR bytes of a structure of the contract. @throws {EncodingError} for a value that CBOR cannot hold */
export function encodeWire<const S extends Schema>(schema: S, value: Parameters<typeof toWire<S>>[1]): Uint8Array {
  return encodeWithin(anyData(), toWire(schema, value), maxBytes, groupLimits.itemsPerRequest);
}

/**
 * Reads a structure of the contract from its CBOR bytes.
 *
 * @throws HallError `server-lies` when it has another form
 */
export function decodeWire<const S extends Schema>(schema: S, bytes: Uint8Array): ValueOf<S> {
  try {
    return fromWire(schema, decodeWithin(anyData(), bytes, maxBytes, groupLimits.itemsPerAnswer));
  } catch {
    throw new HallError("server-lies", "the hall answered in a form that this program does not know");
  }
}

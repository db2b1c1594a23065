import { type Data, decodeData, encodeData, isArray, MAX_ITEMS } from "./cbor.ts";
import { EncodingError } from "./errors.ts";
import { type Codec, type FieldValues, struct } from "./fields.ts";

export type { Data } from "./cbor.ts";
export {
  anyData,
  bool,
  bytes,
  day,
  list,
  mapped,
  nullable,
  sortedSet,
  struct,
  text,
  time,
  uint,
  variant,
  where,
  word,
} from "./fields.ts";
export type { Codec, FieldValues, ValueOf, VariantValue } from "./fields.ts";

/** A labelled, limited structure: what is signed or sealed. `[label, …fields]` in deterministic CBOR. */
export interface Structure<T> extends Codec<T> {
  /** `unionhall/v1/<purpose>` */
  readonly label: string;
  /** The longest encoding that is written or read. */
  readonly maxBytes: number;
  /** The most values it may consist of, arrays counted too. */
  readonly maxItems: number;
}

/** `unionhall/v1/<purpose>` (protocol section 2). */
export function label(purpose: string): string {
  return `unionhall/v1/${purpose}`;
}

/**
 * Defines a structure: its purpose, its greatest length, its fields in the order in which they are written. `maxItems` only where its own
 * limits allow more than {@link MAX_ITEMS} values.
 */
export function structure<const F extends Readonly<Record<string, Codec<unknown>>>>(
  purpose: string,
  maxBytes: number,
  fields: F,
  maxItems: number = MAX_ITEMS,
): Structure<FieldValues<F>> {
  const inner = struct(fields);
  const ownLabel = label(purpose);
  return {
    label: ownLabel,
    maxBytes,
    maxItems,
    toData: (value) => {
      const data = inner.toData(value);
      return isArray(data) ? [ownLabel, ...data] : data;
    },
    fromData: (data) => {
      const [first, ...rest] = isArray(data) ? data : [];
      checkLabel(first, purpose);
      return inner.fromData(rest);
    },
  };
}

function checkLabel(found: Data | undefined, purpose: string): void {
  if (found === label(purpose)) return;
  const parts = typeof found === "string" ? /^unionhall\/v[1-9][0-9]*\/(.*)$/s.exec(found) : null;
  throw new EncodingError(parts?.[1] === purpose ? "unknown-version" : "wrong-label");
}

/** @throws {EncodingError} `wrong-shape`, or `too-large`, `too-many-items` over the structure's limits */
export function encode<T>(definition: Structure<T>, value: T): Uint8Array {
  return encodeWithin(definition, value, definition.maxBytes, definition.maxItems);
}

/**
 * Reads what {@link encode} wrote, and nothing else.
 *
 * @throws {EncodingError} `too-large`, `too-deep`, `too-many-items`, `malformed`, `not-canonical`, `wrong-label`,
 *   `unknown-version`, `wrong-shape`
 */
export function decode<T>(definition: Structure<T>, encoded: Uint8Array): T {
  return decodeWithin(definition, encoded, definition.maxBytes, definition.maxItems);
}

/** {@link encode} for a form without a label, under limits given here. */
export function encodeWithin<T>(codec: Codec<T>, value: T, maxBytes: number, maxItems?: number): Uint8Array {
  const encoded = encodeData(codec.toData(value), maxItems);
  if (encoded.length > maxBytes) throw new EncodingError("too-large");
  return encoded;
}

/** {@link decode} for a form without a label, under limits given here. */
export function decodeWithin<T>(codec: Codec<T>, encoded: Uint8Array, maxBytes: number, maxItems?: number): T {
  return codec.fromData(decodeData(encoded, maxBytes, maxItems));
}

import { Type, type Static, type TObject, type TSchema } from "typebox";

/**
 * Structures of the group plane travel as CBOR, each as an array of its members in the order in which its schema names them; absent is null.
 * The schemas are data; {@link toWire} and {@link fromWire} walk them, and the strict CBOR codec of `@unionhall/crypto` stands below.
 */

/** A byte string of exactly `length` bytes. */
export function WireBytes(length: number) {
  return Type.Unsafe<Uint8Array>({ bytes: { minimum: length, maximum: length } });
}

/** A byte string of `minimum` to `maximum` bytes. */
export function WireBytesUpTo(maximum: number, minimum = 1) {
  return Type.Unsafe<Uint8Array>({ bytes: { minimum, maximum } });
}

/** A whole number from 0 to `maximum`. */
export function WireCount(maximum: number = Number.MAX_SAFE_INTEGER) {
  return Type.Integer({ minimum: 0, maximum });
}

export function WireText(maxCharacters: number) {
  return Type.String({ maxLength: maxCharacters });
}

export function WireNullable<const S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

export function WireList<const S extends TSchema>(of: S, maximum: number) {
  return Type.Unsafe<readonly Static<S>[]>(Type.Array(of, { maxItems: maximum }));
}

/** A value has not the form of its schema. `at` says where, in names of the schema only, never with a value. */
export class WireError extends Error {
  override readonly name = "WireError";
  /** Whether it would be one, were it shorter. */
  readonly isTooLong: boolean;
  constructor(at: string, isTooLong = false) {
    super(`${isTooLong ? "too long" : "malformed"} at ${at}`);
    this.isTooLong = isTooLong;
  }
}

/** What of a schema {@link toWire} and {@link fromWire} look at. */
interface Form {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Form>>;
  readonly items?: Form;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly anyOf?: readonly Form[];
  readonly bytes?: { readonly minimum: number; readonly maximum: number };
}

/** What a value becomes before it is encoded as CBOR. */
export type WireData = number | boolean | null | string | Uint8Array | readonly WireData[];

/** The value as arrays of plain values. @throws {WireError} where it is none of its schema */
export function toWire<const S extends TSchema>(schema: S, value: Static<S>): WireData {
  return flatten(schema, value);
}

/**
 * The value whose {@link toWire} form `wire` is.
 *
 * @throws {WireError} where `wire` has another form, length or range than the schema allows
 */
export function fromWire<const S extends TSchema>(schema: S, wire: unknown): Static<S> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member has just been checked against the schema
  return unfold(schema, wire, "top") as Static<S>;
}

/** A union of structures that are told apart by their first member, `kind`. */
export function WireVariant<const S extends TObject[]>(...structures: readonly [...S]) {
  return Type.Union([...structures]);
}

function flatten(form: Form, value: unknown): WireData {
  if (value === null) return null;
  if (form.anyOf !== undefined) return flatten(branchOfValue(form.anyOf, value), value);
  if (form.properties !== undefined) {
    return Object.entries(form.properties).map(([name, member]) => flatten(member, memberOf(value, name)));
  }
  const { items } = form;
  if (items === undefined) return plain(value);
  if (!Array.isArray(value)) throw new WireError("list");
  return value.map((item: unknown) => flatten(items, item));
}

function plain(value: unknown): WireData {
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Uint8Array) return value;
  throw new WireError("value");
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Nullable has one branch besides null; a variant is told apart by `kind`. */
function branchOfValue(branches: readonly Form[], value: unknown): Form {
  const kind = memberOf(value, "kind");
  const branch =
    branches.length === 2 && branches[1]?.type === "null"
      ? branches[0]
      : branches.find((candidate) => candidate.properties?.["kind"]?.const === kind);
  if (branch === undefined) throw new WireError("kind");
  return branch;
}

function unfold(form: Form, wire: unknown, at: string): unknown {
  if (form.anyOf !== undefined) return unfoldBranch(form.anyOf, wire, at);
  if (form.properties !== undefined) return unfoldStructure(form.properties, wire, at);
  if (form.items !== undefined) return unfoldList(form.items, form.maxItems ?? 0, wire, at);
  if (form.bytes !== undefined) {
    if (!(wire instanceof Uint8Array)) throw new WireError(at);
    const { minimum, maximum } = form.bytes;
    if (wire.length < minimum || wire.length > maximum)
      throw new WireError(at, minimum < maximum && wire.length > maximum);
    return wire;
  }
  return unfoldPlain(form, wire, at);
}

function unfoldPlain(form: Form, wire: unknown, at: string): unknown {
  if (form.const !== undefined) {
    if (wire !== form.const) throw new WireError(at);
    return wire;
  }
  if (!isOf(form, wire)) throw new WireError(at);
  return wire;
}

function isOf(form: Form, wire: unknown): boolean {
  if (form.enum !== undefined) return form.enum.includes(wire);
  if (form.type === "string") return typeof wire === "string" && wire.length <= (form.maxLength ?? 0);
  if (form.type === "boolean") return typeof wire === "boolean";
  if (form.type !== "integer" || typeof wire !== "number" || !Number.isSafeInteger(wire)) return false;
  return wire >= (form.minimum ?? 0) && wire <= (form.maximum ?? 0);
}

function unfoldBranch(branches: readonly Form[], wire: unknown, at: string): unknown {
  const [first, second] = branches;
  if (first !== undefined && second?.type === "null") return wire === null ? null : unfold(first, wire, at);
  const kind: unknown = Array.isArray(wire) ? wire[0] : undefined;
  const branch = branches.find((candidate) => candidate.properties?.["kind"]?.const === kind);
  if (branch === undefined) throw new WireError(`${at}.kind`);
  return unfold(branch, wire, at);
}

function unfoldStructure(members: Readonly<Record<string, Form>>, wire: unknown, at: string): unknown {
  const names = Object.keys(members);
  if (!Array.isArray(wire) || wire.length !== names.length) throw new WireError(at);
  const value: Record<string, unknown> = {};
  let place = 0;
  for (const name of names) {
    const member = members[name];
    if (member !== undefined) value[name] = unfold(member, wire[place], `${at}.${name}`);
    place += 1;
  }
  return value;
}

function unfoldList(items: Form, maximum: number, wire: unknown, at: string): unknown {
  if (!Array.isArray(wire)) throw new WireError(at);
  if (wire.length > maximum) throw new WireError(at, true);
  return wire.map((item: unknown) => unfold(items, item, at));
}

/**
 * Stands in for typebox in the built client. The contract's schemas are JSON schemas, and core reads them with checks of its own; of typebox it
 * needs only the functions that write them, not the 120 KB that compile and check. Same names, same schemas: the test beside this file compares.
 */

type Schema = Readonly<Record<string, unknown>>;
type Options = Schema | undefined;

/** Marks a member that need not be there; typebox keeps the same mark out of sight too. */
const optional = Symbol("optional");

function schema(own: Record<string, unknown>, options: Options): Schema {
  return { ...own, ...options };
}

function literalType(value: unknown): string {
  return typeof value;
}

export const Type = {
  Array: (items: Schema, options?: Options) => schema({ type: "array", items }, options),
  Boolean: (options?: Options) => schema({ type: "boolean" }, options),
  Integer: (options?: Options) => schema({ type: "integer" }, options),
  Literal: (value: unknown, options?: Options) => schema({ type: literalType(value), const: value }, options),
  Null: (options?: Options) => schema({ type: "null" }, options),
  Object: (properties: Readonly<Record<string, Schema>>, options?: Options) => {
    const required = Object.keys(properties).filter((name) => !isOptional(properties[name]));
    const own = required.length > 0 ? { type: "object", required, properties } : { type: "object", properties };
    return schema(own, options);
  },
  Optional: (inner: Schema) => Object.defineProperty({ ...inner }, optional, { value: true }),
  Record: (_key: Schema, value: Schema, options?: Options) =>
    schema({ type: "object", patternProperties: { "^.*$": value } }, options),
  String: (options?: Options) => schema({ type: "string" }, options),
  Union: (anyOf: readonly Schema[], options?: Options) => schema({ anyOf }, options),
  Unsafe: (inner: Schema) => ({ ...inner }),
};

function isOptional(inner: Schema | undefined): boolean {
  return inner !== undefined && optional in inner;
}

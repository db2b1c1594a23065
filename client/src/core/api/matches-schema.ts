/** The parts of a JSON schema that the contract's endpoints use. */
interface Form {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Form>>;
  readonly items?: Form;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly anyOf?: readonly Form[];
}

/**
 * Whether `value`, parsed from JSON, has the form of a schema of the contract. Members that the schema does not name are let through: a newer
 * hall may say more.
 */
export function matchesSchema(schema: unknown, value: unknown): boolean {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every schema of the contract is a JSON schema
  return matches(schema as Form, value);
}

function matches(form: Form, value: unknown): boolean {
  if (form.anyOf !== undefined) return form.anyOf.some((branch) => matches(branch, value));
  if (form.const !== undefined) return value === form.const;
  if (form.enum !== undefined) return form.enum.includes(value);
  switch (form.type) {
    case "null":
      return value === null;
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isSafeInteger(value) && between(value, form.minimum, form.maximum);
    case "number":
      return Number.isFinite(value) && between(value, form.minimum, form.maximum);
    case "string":
      return matchesText(form, value);
    case "array":
      return matchesList(form, value);
    case "object":
      return matchesObject(form, value);
    case undefined:
    default:
      return false;
  }
}

function between(value: unknown, minimum = -Infinity, maximum = Infinity): boolean {
  return typeof value === "number" && value >= minimum && value <= maximum;
}

function matchesText(form: Form, value: unknown): boolean {
  if (typeof value !== "string" || !between(value.length, form.minLength, form.maxLength)) return false;
  return form.pattern === undefined || new RegExp(form.pattern, "u").test(value);
}

function matchesList({ items, minItems, maxItems }: Form, value: unknown): boolean {
  if (!Array.isArray(value) || !between(value.length, minItems, maxItems)) return false;
  return items === undefined || value.every((item) => matches(items, item));
}

function matchesObject({ properties = {}, required = [], patternProperties = {} }: Form, value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  if (!required.every((name) => members.has(name))) return false;
  const named = Object.entries(properties).every(
    ([name, form]) => !members.has(name) || matches(form, members.get(name)),
  );
  const [anyNamed] = Object.values(patternProperties);
  return named && (anyNamed === undefined || [...members.values()].every((member) => matches(anyNamed, member)));
}

import { readdirSync, readFileSync } from "node:fs";
import { Type as Real } from "typebox";
import { expect, test } from "vitest";
import { Type as Own } from "./schema-builders.ts";

const contract = new URL("../../server/src/contract/", import.meta.url);
const sources = readdirSync(contract)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => readFileSync(new URL(name, contract), "utf8"));

test("every builder that the contract uses is here", () => {
  const used = new Set(
    sources.flatMap((source) => [...source.matchAll(/\bType\.([A-Z][A-Za-z]*)/g)].map(([, name]) => name)),
  );
  expect(used.size).toBeGreaterThan(8);
  expect([...used].filter((name) => name === undefined || !(name in Own))).toEqual([]);
});

type Builders = typeof Own;

/** One of everything, nested, with and without options. */
function examples(type: Builders): readonly unknown[] {
  const text = type.String({ maxLength: 3, pattern: "^a$" });
  const members = { name: text, count: type.Optional(type.Integer({ minimum: 0 })), kind: type.Literal("x") };
  return [
    text,
    type.Boolean(),
    type.Null(),
    type.Literal(3),
    type.Array(text, { maxItems: 4 }),
    type.Object(members, { additionalProperties: false }),
    type.Object({}),
    type.Object({ only: type.Optional(text) }),
    type.Union([type.Object(members), type.Null()]),
    type.Record(type.String(), type.Integer()),
    type.Unsafe({ bytes: { minimum: 1, maximum: 2 } }),
    type.Unsafe(type.Array(text)),
  ];
}

test("the schemas are those of typebox, to the letter", () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same calls, made with both
  const real = examples(Real as unknown as Builders);
  expect(examples(Own).map((one) => JSON.stringify(one))).toEqual(real.map((one) => JSON.stringify(one)));
});

/** Arbitrary operations of every kind, within their limits; what they say need not make sense. */
import * as fc from "fast-check";
import type { StatementWire } from "../../account/statements.ts";
import { bytesOf, textOf } from "../../testing/codec-laws.ts";
import type {
  Admission,
  Desk,
  LastWords,
  Operation,
  OperationKind,
  OperationOf,
  Presets,
  Rules,
} from "../operations.ts";

const key = bytesOf(32);
const id = bytesOf(16);
const role = fc.constantFrom("member", "facilitator");
const moment = fc.integer({ min: 0, max: 8_640_000_000_000_000 });

const boxKey = fc.record({ generation: fc.nat(), publicKey: bytesOf(1216), labelKey: key });

const statement: fc.Arbitrary<StatementWire> = fc.record({
  payload: bytesOf({ min: 0, max: 300 }),
  signature: bytesOf(64),
  boxKey: fc.option(boxKey),
  details: fc.constant(null),
});

const statements = fc.array(statement, { maxLength: 2 });

const rules: fc.Arbitrary<Rules> = fc.record({
  history: fc.constantFrom("all", "from-joining"),
  retentionDays: fc.option(fc.integer({ min: 1, max: 3_650 })),
});

const wordsHead = fc.record({ number: fc.integer({ min: 1, max: 2 ** 40 }), hash: key });
const lastWords: fc.Arbitrary<LastWords> = fc.array(
  fc.record({ device: key, heads: fc.array(wordsHead, { minLength: 1, maxLength: 3 }) }),
  { maxLength: 3 },
);

const presets: fc.Arbitrary<Presets> = fc.record({
  role,
  union: fc.option(textOf(480).filter((text) => text !== "")),
  language: fc.option(fc.constantFrom("en", "fr", "pt-BR")),
  note: fc.option(textOf(2_000).filter((text) => text !== "")),
});

const admission: fc.Arbitrary<Admission> = fc.oneof(
  fc.constant({ kind: "approval" } as const),
  fc.record({ kind: fc.constant("instant"), keys: fc.record({ boxKey: bytesOf(1216), labelKey: key }) }),
);

const desk: fc.Arbitrary<Desk> = fc.record({
  mailboxId: id,
  boxKey: bytesOf(1216),
  readKey: key,
  boxes: fc.array(fc.record({ facilitator: key, box: bytesOf({ min: 1, max: 40 }) }), { maxLength: 3 }),
});

const operations: { readonly [K in OperationKind]: fc.Arbitrary<Omit<OperationOf<K>, "kind">> } = {
  found: fc.record({
    rules,
    continues: fc.option(fc.record({ groupId: key, headIndex: fc.nat(), headHash: key })),
    stewardKey: key,
  }),
  admit: fc.record({
    identityKey: key,
    statements,
    stewardKey: fc.option(key),
    role,
    invite: fc.option(id),
    request: fc.option(key),
  }),
  join: fc.record({ statements, stewardKey: key, invite: id, signature: bytesOf(64) }),
  remove: fc.record({ identityKey: key, lastWords }),
  leave: fc.record({ lastWords }),
  role: fc.record({ identityKey: key, role, lastWords: fc.option(lastWords) }),
  rules: fc.record({ rules }),
  "account-update": fc.record({
    identityKey: key,
    statements,
    stewardKey: fc.option(key),
    lastWords: fc.option(lastWords),
  }),
  invite: fc.record({
    id,
    admission,
    expiry: moment,
    uses: fc.integer({ min: 1, max: 5_000 }),
    presets,
    requestKey: key,
    desk,
  }),
  "end-invite": fc.record({ id }),
  cut: fc.record({ day: fc.integer({ min: 0, max: 100_000_000 }) }),
  era: fc.record({
    number: fc.nat(),
    eraCommitment: key,
    contentCommitment: key,
    passKey: key,
    labelKey: key,
  }),
};

/** One arbitrary per kind, with its name, so that every kind is tried. */
export const operationArbitraries: readonly (readonly [string, fc.Arbitrary<Operation>])[] = Object.entries(
  operations,
).map(([kind, fields]) => [
  kind,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table above pairs each kind with its fields
  fields.map((values: object) => ({ kind, ...values }) as Operation),
]);

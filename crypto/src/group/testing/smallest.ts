/** The smallest operation and steward operation of each kind, for the laws that try every byte. */
import type { Operation, OperationKind, OperationOf } from "../operations.ts";
import type { StewardOperation } from "../steward-command.ts";

const key = new Uint8Array(32);
const id = new Uint8Array(16);
const boxKey = new Uint8Array(1216);
const rules = { history: "all", retentionDays: null } as const;
const presets = { role: "member", union: null, language: null, note: null } as const;
const desk = { mailboxId: id, boxKey, readKey: key, boxes: [] };

const operations: { readonly [K in OperationKind]: OperationOf<K> } = {
  found: { kind: "found", rules, continues: null, stewardKey: key },
  admit: {
    kind: "admit",
    identityKey: key,
    statements: [],
    stewardKey: null,
    role: "member",
    invite: null,
    request: null,
  },
  join: { kind: "join", statements: [], stewardKey: key, invite: id, signature: new Uint8Array(64) },
  remove: { kind: "remove", identityKey: key, lastWords: [] },
  leave: { kind: "leave", lastWords: [] },
  role: { kind: "role", identityKey: key, role: "member", lastWords: null },
  rules: { kind: "rules", rules },
  "account-update": { kind: "account-update", identityKey: key, statements: [], stewardKey: null, lastWords: null },
  invite: {
    kind: "invite",
    id,
    admission: { kind: "approval" },
    expiry: 0,
    uses: 1,
    presets,
    requestKey: key,
    desk,
  },
  "end-invite": { kind: "end-invite", id },
  cut: { kind: "cut", day: 0 },
  era: { kind: "era", number: 0, eraCommitment: key, contentCommitment: key, passKey: key, labelKey: key },
};

/** One of each kind, and those with the parts that the smallest leaves out. */
export const smallestOperations: readonly Operation[] = [
  ...Object.values(operations),
  { ...operations.found, continues: { groupId: key, headIndex: 0, headHash: key } },
  { ...operations.leave, lastWords: [{ device: key, heads: [{ number: 1, hash: key }] }] },
  { ...operations.admit, statements: [{ payload: id, signature: new Uint8Array(64), boxKey: null, details: null }] },
  { ...operations.invite, admission: { kind: "instant", keys: { boxKey, labelKey: key } } },
];

const stewardOperations: { readonly [K in StewardOperation["kind"]]: Extract<StewardOperation, { kind: K }> } = {
  chain: { kind: "chain", entryHash: key, era: null, stewards: null },
  stewards: { kind: "stewards", stewards: [key] },
  limits: { kind: "limits", limits: [{ name: "record-bytes", value: null }] },
  erase: { kind: "erase", recordId: id, recordHash: key },
  "erase-blob": { kind: "erase-blob", blobId: id },
  cut: { kind: "cut", day: 0, firstEraKept: 0 },
  delete: { kind: "delete" },
  box: { kind: "box", era: 0, boxLabel: id, hash: key },
  link: { kind: "link", era: 0, hash: key },
};

export const smallestStewardOperations: readonly StewardOperation[] = Object.values(stewardOperations);

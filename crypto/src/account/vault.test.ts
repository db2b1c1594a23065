import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareBytes } from "../primitives/bytes.ts";
import { encodeData } from "../primitives/cbor.ts";
import { bytes, type Codec, decode, encode, encodeWithin, struct } from "../primitives/encoding.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { pad } from "../primitives/padding.ts";
import { seal } from "../primitives/seal.ts";
import { signToWire } from "../primitives/sign.ts";
import { testAccount, testBoxKey, testDevice, testRevocation, stateWith } from "../testing/accounts.ts";
import { bytesOf, testCodec, testStructure, testTamperProof, textOf } from "../testing/codec-laws.ts";
import { frozenVectors } from "../testing/frozen-vectors.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { emptyAccount } from "./account-state.ts";
import { mergeVaults } from "./merge-vaults.ts";
import {
  type OpenedVault,
  openVault,
  sealedVaultStructure,
  sealVault,
  vaultHash,
  type VaultRefusal,
  vaultStructure,
  type VaultVerdict,
} from "./vault.ts";
import {
  boxSecretsForm,
  emptyVaultContent,
  pendingJoinForm,
  settingForm,
  type VaultContent,
  vaultContentForm,
  type VaultGroup,
  vaultGroupForm,
  vaultInviteForm,
} from "./vault-content.ts";
import { addVaultRecipient, newVaultKey, vaultBoxesForm, type VaultKey, vaultKeyStructure } from "./vault-key.ts";

const ana = testAccount("ana");
const bongani = testAccount("bongani");
const blank = emptyAccount(ana.keys.identity.publicKey);
const second = testDevice(ana.keys, "ana/second", null);
const vaultKey = newVaultKey(ana.keys, 0, [ana.device.box.publicKey], seededRandom("vault key"));

const group: VaultGroup = {
  groupId: new Uint8Array(32).fill(1),
  kind: "working-group",
  era: 4,
  eraKey: new Uint8Array(32).fill(2),
  stewardSeed: new Uint8Array(32).fill(3),
  standing: "member",
  continuedBy: null,
  changed: 1000,
  extra: [],
};
const content: VaultContent = {
  ...emptyVaultContent,
  statements: [ana.device.statement.wire],
  boxSecrets: [ana.boxKey.secrets],
  groups: [group],
};

function sealed(version = 7, changes: Partial<VaultContent> = {}, key: VaultKey = vaultKey): Uint8Array {
  const vault = { version, previousHash: null, content: { ...content, ...changes } };
  return sealVault(vault, ana.device.signing, key, seededRandom(`vault ${version}`));
}

const expected = { account: blank, key: ana.device.box, seen: null, minKeyGeneration: 0 };

function opened(verdict: VaultVerdict): OpenedVault {
  if (verdict.kind === "refused") throw new Error(verdict.reason);
  return verdict.vault;
}
function reason(verdict: VaultVerdict): VaultRefusal | "opened" {
  return verdict.kind === "refused" ? verdict.reason : "opened";
}

const frozen = frozenVectors("vault", {
  "vault key statement": () => vaultKey.statement,
  "sealed vault": () => sealed(),
  "vault hash": () => vaultHash(sealed()),
});

test("a frozen vault still opens, with the recovery key and with the device's", () => {
  for (const key of [ana.keys.recovery, ana.device.box]) {
    const vault = opened(openVault(frozen.bytes("sealed vault"), { ...expected, key }));
    expect(vault.content).toStrictEqual(content);
    expect(vault.version).toBe(7);
    expect(vault.hash).toStrictEqual(frozen.bytes("vault hash"));
    expect(vault.account.devices.size).toBe(1);
  }
});

/** A vault with nothing in it, for the recovery key alone, by a device that the reader knows already. */
const bareKey = newVaultKey(ana.keys, 0, [], seededRandom("bare vault key"));
const bareVault = { version: 1, previousHash: null, content: emptyVaultContent };
const smallest = sealVault(bareVault, ana.device.signing, bareKey, seededRandom("bare vault"));
const recovering = { ...expected, account: ana.state, key: ana.keys.recovery };

testTamperProof("a sealed vault", {
  example: () => smallest,
  open: (wire) => openVault(wire, recovering),
  isRefusal: (verdict) => verdict.kind === "refused",
});

const bareFields = { identityKey: bareKey.identityKey, device: ana.device.signing.publicKey };
const signedVault = signToWire(vaultStructure, { ...bareVault, ...bareFields }, ana.device.signing);
const vaultHeader = struct({ identityKey: bytes(32), keyStatement: bytes({ max: 328 }), boxes: vaultBoxesForm });

/** The smallest vault with this, which may be no signed vault at all, sealed in it by a holder of the vault key. */
function withSignedVault(signed: Uint8Array): Uint8Array {
  const { sealed: _, ...outer } = decode(sealedVaultStructure, smallest);
  const header = encodeWithin(vaultHeader, outer, 10_000);
  const text = seal(pad(signed), header, deriveKey(bareKey.key, "vault-seal"), new Uint8Array(24));
  return encode(sealedVaultStructure, { ...outer, sealed: text });
}

testTamperProof("a signed vault inside its seal", {
  example: () => signedVault,
  open: (signed) => openVault(withSignedVault(signed), recovering),
  isRefusal: (verdict) => verdict.kind === "refused",
});

testStructure("a sealed vault", sealedVaultStructure, {
  values: fc.record({
    identityKey: bytesOf(32),
    keyStatement: bytesOf({ min: 0, max: 328 }),
    boxes: fc.uniqueArray(fc.record({ recipient: bytesOf(16), box: bytesOf(1224) }), {
      minLength: 1,
      maxLength: 2,
      selector: ({ recipient }) => recipient.join(),
    }),
    sealed: bytesOf({ min: 0, max: 400 }),
  }),
  smallest: {
    identityKey: new Uint8Array(32),
    keyStatement: new Uint8Array(),
    boxes: [{ recipient: new Uint8Array(16), box: new Uint8Array(1224) }],
    sealed: new Uint8Array(),
  },
  normal: (value) => ({ ...value, boxes: value.boxes.toSorted((a, b) => compareBytes(a.recipient, b.recipient)) }),
  runs: 20,
});

const extra = fc.uniqueArray(
  fc.record({
    name: textOf(16).filter((name) => name !== ""),
    value: fc.constantFrom<(null | number | readonly number[])[]>(null, 7, [1, 2]),
  }),
  { maxLength: 2, selector: ({ name }) => name },
);
const changed = fc.nat(5);
const groups = fc.record({
  groupId: fc.constantFrom(1, 2, 3).map((byte) => new Uint8Array(32).fill(byte)),
  kind: fc.constantFrom("working-group" as const, "notebook" as const),
  era: fc.nat(3),
  eraKey: fc.constantFrom(1, 2).map((byte) => new Uint8Array(32).fill(byte)),
  stewardSeed: bytesOf(32),
  standing: fc.constantFrom("member" as const, "left" as const, "removed" as const),
  continuedBy: fc.option(bytesOf(32)),
  changed,
  extra,
});
const secrets = fc.constantFrom(1, 2, 3).map((byte) => new Uint8Array(16).fill(byte));
const contents: fc.Arbitrary<VaultContent> = fc.record({
  statements: fc.subarray([ana.device.statement.wire, second.statement.wire]),
  boxSecrets: fc.subarray([ana.boxKey.secrets, testBoxKey("other", 1).secrets]),
  groups: fc.uniqueArray(groups, { maxLength: 3, selector: ({ groupId }) => groupId[0] }),
  invites: fc.uniqueArray(
    fc.record({ groupId: bytesOf(32), secret: secrets, expires: fc.nat(), ended: fc.boolean(), changed, extra }),
    { maxLength: 3, selector: ({ secret }) => secret[0] },
  ),
  pendingJoins: fc.uniqueArray(
    fc.record({
      groupId: bytesOf(32),
      secret: secrets,
      requestId: fc.option(bytesOf(32)),
      stewardSeed: bytesOf(32),
      state: fc.constantFrom("waiting" as const, "done" as const, "given-up" as const),
      changed,
      extra,
    }),
    { maxLength: 3, selector: ({ secret }) => secret[0] },
  ),
  profile: fc.option(
    fc.record({
      name: textOf(80),
      union: fc.option(textOf(80)),
      country: fc.option(textOf(80)),
      languages: fc.array(textOf(16), { maxLength: 3 }),
      changed,
      extra,
    }),
  ),
  settings: fc.uniqueArray(
    fc.record({ name: fc.constantFrom("theme", "language", "later"), value: fc.nat(3), changed }),
    { selector: ({ name }) => name },
  ),
  extra,
});

function sorted<T>(codec: Codec<T>, items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => compareBytes(encodeData(codec.toData(a)), encodeData(codec.toData(b))));
}
function extraBytes({ name, value }: VaultContent["extra"][number]): Uint8Array {
  return encodeData([name, value]);
}
function normalExtra<T extends { readonly extra: VaultContent["extra"] }>(item: T): T {
  return { ...item, extra: item.extra.toSorted((a, b) => compareBytes(extraBytes(a), extraBytes(b))) };
}
function normal(value: VaultContent): VaultContent {
  return normalExtra({
    ...value,
    boxSecrets: sorted(boxSecretsForm, value.boxSecrets),
    groups: sorted(vaultGroupForm, value.groups.map(normalExtra)),
    invites: sorted(vaultInviteForm, value.invites.map(normalExtra)),
    pendingJoins: sorted(pendingJoinForm, value.pendingJoins.map(normalExtra)),
    profile: value.profile === null ? null : normalExtra(value.profile),
    settings: sorted(settingForm, value.settings),
  });
}

testCodec("a vault's content", vaultContentForm, 65_536, { values: contents, smallest: emptyVaultContent, normal });
testStructure("a vault", vaultStructure, {
  values: fc.record({
    identityKey: bytesOf(32),
    version: fc.maxSafeNat(),
    previousHash: fc.option(bytesOf(32)),
    device: bytesOf(32),
    content: fc.constant(emptyVaultContent),
  }),
  smallest: {
    identityKey: new Uint8Array(32),
    version: 0,
    previousHash: null,
    device: new Uint8Array(32),
    content: emptyVaultContent,
  },
});
testStructure("a vault key's statement", vaultKeyStructure, {
  values: fc.record({ identityKey: bytesOf(32), generation: fc.nat(), commitment: bytesOf(32) }),
  smallest: { identityKey: new Uint8Array(32), generation: 0, commitment: new Uint8Array(32) },
});

test("a vault of another account, or sealed for other devices, is refused", () => {
  expect(reason(openVault(sealed(), { ...expected, account: bongani.state, key: bongani.device.box }))).toBe(
    "other-account",
  );
  expect(reason(openVault(sealed(), { ...expected, key: second.box }))).toBe("not-for-this-key");
});

test("an older vault, or one under an older vault key, is refused", () => {
  const seen = (version: number) => ({ ...expected, seen: { version, hash: vaultHash(sealed(version)) } });
  expect(reason(openVault(sealed(7), seen(8)))).toBe("older");
  expect(reason(openVault(sealed(7), seen(7)))).toBe("opened");
  expect(reason(openVault(sealed(9), { ...expected, minKeyGeneration: 1 }))).toBe("older");
});

test("a vault written by a device that is revoked, here or in the vault itself, is refused", () => {
  const revocation = testRevocation(ana.keys, ana.device, testBoxKey("ana/one", 1).public);
  const told = { statements: [ana.device.statement.wire, revocation.wire] };
  expect(reason(openVault(sealed(7, told), expected))).toBe("not-a-live-device");
  expect(reason(openVault(sealed(7), { ...expected, account: stateWith(blank, revocation) }))).toBe(
    "not-a-live-device",
  );
  expect(reason(openVault(sealed(7, { statements: [] }), expected))).toBe("not-a-live-device");
});

test("a holder of the vault key who signs in another device's name is refused", () => {
  const disguised = { publicKey: ana.device.signing.publicKey, secretKey: second.signing.secretKey };
  const vault = { version: 7, previousHash: null, content };
  expect(reason(openVault(sealVault(vault, disguised, vaultKey, seededRandom("disguised")), expected))).toBe("forged");
});

test("a key that the identity key did not sign for is refused, though boxed to the right device", () => {
  const slipped = { ...vaultKey, key: new Uint8Array(32).fill(9), boxes: [] };
  const boxed = addVaultRecipient(slipped, ana.device.box.publicKey, seededRandom("slipped"));
  expect(reason(openVault(sealed(7, {}, boxed), expected))).toBe("forged");
});

test("a vault that holds another account's statement is refused", () => {
  const statements = [ana.device.statement.wire, bongani.device.statement.wire];
  expect(reason(openVault(sealed(7, { statements }), expected))).toBe("forged");
});

test("boxes, key statement or seal taken from another vault of the same account are refused", () => {
  const other = newVaultKey(ana.keys, 1, [ana.device.box.publicKey], seededRandom("another vault key"));
  const [one, two] = [sealed(7), sealed(8, {}, other)].map((wire) => decode(sealedVaultStructure, wire));
  if (one === undefined || two === undefined) throw new Error("two vaults");
  const mixed = [
    { ...one, boxes: two.boxes },
    { ...one, keyStatement: two.keyStatement },
    { ...one, sealed: two.sealed },
    { ...one, boxes: one.boxes.slice(0, 1) },
  ];
  for (const parts of mixed) {
    const key = parts.boxes.length === 1 ? ana.keys.recovery : ana.device.box;
    expect(["forged", "not-for-this-key"]).toContain(
      reason(openVault(encode(sealedVaultStructure, parts), { ...expected, key })),
    );
  }
});

test("a linked device opens the next vault; after a revocation's new vault key the revoked one does not", () => {
  const linked = addVaultRecipient(vaultKey, second.box.publicKey, seededRandom("link"));
  expect(addVaultRecipient(linked, second.box.publicKey, seededRandom("again"))).toBe(linked);
  const statements = [ana.device.statement.wire, second.statement.wire];
  expect(reason(openVault(sealed(8, { statements }, linked), { ...expected, key: second.box }))).toBe("opened");

  const renewed = newVaultKey(ana.keys, 1, [ana.device.box.publicKey], seededRandom("renewed"));
  expect(reason(openVault(sealed(9, { statements }, renewed), { ...expected, key: second.box }))).toBe(
    "not-for-this-key",
  );
  expect(reason(openVault(sealed(9, { statements }, renewed), expected))).toBe("opened");
});

test("the next vault goes under the key of the one that was opened", () => {
  const first = opened(openVault(sealed(7), expected));
  const next = { version: 8, previousHash: first.hash, content: first.content };
  const wire = sealVault(next, ana.device.signing, first.vaultKey, seededRandom("next"));
  expect(opened(openVault(wire, { ...expected, key: ana.keys.recovery })).version).toBe(8);
});

test("a vault in the place of the one seen last, or after another one, is a fork; one further ahead cannot be told", () => {
  const first = opened(openVault(sealed(7), expected));
  const after = (version: number, previousHash: Uint8Array | null): boolean => {
    const wire = sealVault({ version, previousHash, content }, ana.device.signing, vaultKey, seededRandom("fork"));
    return opened(openVault(wire, { ...expected, seen: first })).forked;
  };
  expect(opened(openVault(sealed(7), { ...expected, seen: first })).forked).toBe(false);
  expect(after(7, first.hash)).toBe(true);
  expect(after(8, first.hash)).toBe(false);
  expect(after(8, null)).toBe(true);
  expect(after(8, new Uint8Array(32))).toBe(true);
  expect(after(9, new Uint8Array(32))).toBe(false);
  expect(first.forked).toBe(false);
});

function merged(a: VaultContent, b: VaultContent): VaultContent {
  const merge = mergeVaults(ana.keys.identity.publicKey, a, b);
  if (merge.kind === "refused") throw new Error(merge.reason);
  return merge.content;
}
function written(value: VaultContent): string {
  return Buffer.from(encodeWithin(vaultContentForm, value, 1_000_000)).toString("hex");
}

test("merging does not depend on order or grouping, and a vault merged with itself stays", () => {
  const property = fc.property(contents, contents, contents, (a, b, c) => {
    expect(written(merged(a, b))).toBe(written(merged(b, a)));
    expect(written(merged(merged(a, b), c))).toBe(written(merged(a, merged(b, c))));
    expect(written(merged(merged(a, b), b))).toBe(written(merged(a, b)));
  });
  fc.assert(property, { seed: 1, numRuns: 25 });
});

test("merging keeps the highest era with its key, and what was changed last otherwise", () => {
  const older: VaultGroup = { ...group, era: 3, eraKey: new Uint8Array(32).fill(9), standing: "left", changed: 2000 };
  const both = merged({ ...content, groups: [group] }, { ...content, groups: [older] });
  expect(both.groups).toStrictEqual([{ ...group, standing: "left", changed: 2000 }]);
  const fromA = { name: "theme", value: "dark", changed: 1 };
  const fromB = { name: "later", value: ["unknown", [1]], changed: 2 };
  const settings = merged({ ...content, settings: [fromA] }, { ...content, settings: [fromB] }).settings;
  expect(settings).toStrictEqual([fromB, fromA]);
});

test("merging refuses statements of another account", () => {
  const foreign = { ...content, statements: [bongani.device.statement.wire] };
  const merge = mergeVaults(ana.keys.identity.publicKey, content, foreign);
  expect(merge).toStrictEqual({ kind: "refused", reason: "other-account" });
});

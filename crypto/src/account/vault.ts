/** Sealing and opening an account's vault (protocol section 3). */
import type { BoxKeyPair } from "../primitives/box.ts";
import { equalBytes, type Random } from "../primitives/bytes.ts";
import {
  bytes,
  decode,
  encode,
  encodeWithin,
  nullable,
  struct,
  structure,
  uint,
  type ValueOf,
} from "../primitives/encoding.ts";
import { EncodingError, OpenError, SignatureError } from "../primitives/errors.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { pad, unpad } from "../primitives/padding.ts";
import { open, seal, SEAL_NONCE_BYTES } from "../primitives/seal.ts";
import { type SigningKeyPair, signToWire } from "../primitives/sign.ts";
import { isSignedBy, openSigned, parseSigned, SIGNED_OVERHEAD_BYTES } from "../primitives/signed.ts";
import { type AccountState, addStatements, isLiveDevice, type AccountUpdate } from "./account-state.ts";
import { verifyAll } from "./merge-vaults.ts";
import { type VaultContent, vaultContentForm } from "./vault-content.ts";
import { openVaultKey, vaultBoxesForm, type VaultKey, vaultKeyStructure } from "./vault-key.ts";

/** The most bytes of a vault as the server keeps it. */
export const VAULT_MAX_BYTES = 4 * 1024 * 1024;
const CONTENT_MAX_BYTES = 3 * 1024 * 1024;
/** 4,096 groups and as many invites, with their members, are 70,000. */
const CONTENT_MAX_ITEMS = 262_144;

/** What a live device signs. */
export const vaultStructure = structure(
  "vault",
  CONTENT_MAX_BYTES,
  {
    identityKey: bytes(32),
    /** Grows with every vault written. */
    version: uint(),
    /** {@link vaultHash} of the vault this one follows; null for the first. */
    previousHash: nullable(bytes(32)),
    /** The signing key of the device that wrote it, 32 bytes. */
    device: bytes(32),
    content: vaultContentForm,
  },
  CONTENT_MAX_ITEMS,
);

/** What the server keeps. All of it but `sealed` is the header under which `sealed` is sealed. */
export const sealedVaultStructure = structure("sealed-vault", VAULT_MAX_BYTES, {
  identityKey: bytes(32),
  /** The vault key's generation and commitment, signed by the identity key. */
  keyStatement: bytes({ max: 256 + SIGNED_OVERHEAD_BYTES }),
  boxes: vaultBoxesForm,
  sealed: bytes({ max: VAULT_MAX_BYTES }),
});

/** A vault that was opened and found good. */
export interface OpenedVault {
  readonly version: number;
  /** Of its sealed bytes: what the next vault names as the one before. */
  readonly hash: Uint8Array;
  /**
   * Whether it cannot follow the vault seen last: it stands in that one's place, or names another as the one before.
   * The server replaces a vault only by who names it, so it went back to an older one meanwhile, or shows each device
   * another. What stands in it is the account's all the same.
   */
  readonly forked: boolean;
  readonly content: VaultContent;
  /** Everything known of the account: what the caller knew and what the vault holds. */
  readonly account: AccountState;
  /** To seal the next vault under. */
  readonly vaultKey: VaultKey;
}

export type VaultRefusal =
  | "malformed"
  /** A signature, a box or the seal is not what it claims to be. */
  | "forged"
  | "other-account"
  /** There is no box for this key: this device is not among those the vault was sealed for. */
  | "not-for-this-key"
  /** Signed by a device that is not certified, or is revoked. */
  | "not-a-live-device"
  /** Older than one this client has seen, or under an older vault key. */
  | "older";
export type VaultVerdict =
  | { readonly kind: "opened"; readonly vault: OpenedVault }
  | { readonly kind: "refused"; readonly reason: VaultRefusal };

/** A vault that this client read or wrote. */
export interface SeenVault {
  readonly version: number;
  /** {@link vaultHash}, 32 bytes. */
  readonly hash: Uint8Array;
}

/** What an opener knows beforehand. */
export interface VaultExpectation {
  /** Of this account, with every statement that is known: a revocation known here counts, whatever the vault says. */
  readonly account: AccountState;
  /** The recovery key, or the device's own X-Wing key. */
  readonly key: BoxKeyPair;
  /** The newest vault seen; null on an empty device. */
  readonly seen: SeenVault | null;
  /** The greatest key generation seen; 0 on an empty device. */
  readonly minKeyGeneration: number;
}

/** The hash (32 bytes) by which the next vault names this one: of the sealed bytes as the server keeps them. */
export function vaultHash(sealedVault: Uint8Array): Uint8Array {
  return labelledHash("vault-hash", sealedVault);
}

/**
 * Signs with a live device and seals under the vault key.
 *
 * @throws {EncodingError} `too-large` over 3 MiB of content
 */
export function sealVault(
  vault: { readonly version: number; readonly previousHash: Uint8Array | null; readonly content: VaultContent },
  device: SigningKeyPair,
  vaultKey: VaultKey,
  random: Random,
): Uint8Array {
  const { identityKey, statement: keyStatement, boxes } = vaultKey;
  const signed = signToWire(vaultStructure, { ...vault, identityKey, device: device.publicKey }, device);
  const outer = { identityKey, keyStatement, boxes };
  const sealed = seal(pad(signed), headerOf(outer), sealKeyOf(vaultKey.key), random(SEAL_NONCE_BYTES));
  return encode(sealedVaultStructure, { ...outer, sealed });
}

/** Opens what {@link sealVault} made (at most 4 MiB) and judges it. */
export function openVault(sealedVault: Uint8Array, expected: VaultExpectation): VaultVerdict {
  try {
    return judge(sealedVault, expected);
  } catch (error) {
    if (error instanceof EncodingError) return refused("malformed");
    if (error instanceof OpenError || error instanceof SignatureError) return refused("forged");
    throw error;
  }
}

function judge(sealedVault: Uint8Array, expected: VaultExpectation): VaultVerdict {
  const { sealed, ...outer } = decode(sealedVaultStructure, sealedVault);
  const { identityKey } = expected.account;
  if (!equalBytes(outer.identityKey, identityKey)) return refused("other-account");
  const keySigned = openSigned(vaultKeyStructure, outer.keyStatement, () => identityKey).value;
  if (!equalBytes(keySigned.identityKey, identityKey)) return refused("other-account");
  if (keySigned.generation < expected.minKeyGeneration) return refused("older");
  const key = openVaultKey(outer.boxes, keySigned, expected.key);
  if (key === null) return refused("not-for-this-key");

  const signed = parseSigned(vaultStructure, unpad(open(sealed, headerOf(outer), sealKeyOf(key))));
  const { version, device, content } = signed.value;
  if (!isSignedBy(signed, device)) return refused("forged");
  if (!equalBytes(signed.value.identityKey, identityKey)) return refused("other-account");
  const update = accountWith(expected.account, content);
  if (update === null || update.kind === "refused") return refused("forged");
  if (!isLiveDevice(update.account, device)) return refused("not-a-live-device");
  const { seen } = expected;
  if (seen !== null && version < seen.version) return refused("older");
  const hash = vaultHash(sealedVault);
  const vaultKey = {
    identityKey,
    generation: keySigned.generation,
    key,
    statement: outer.keyStatement,
    boxes: outer.boxes,
  };
  return {
    kind: "opened",
    vault: {
      version,
      hash,
      forked: seen !== null && isForked({ version, hash, previousHash: signed.value.previousHash }, seen),
      content,
      account: update.account,
      vaultKey,
    },
  };
}

/** Further ahead than the next one, nothing is known of those between. */
function isForked(
  { version, hash, previousHash }: SeenVault & { readonly previousHash: Uint8Array | null },
  seen: SeenVault,
): boolean {
  if (version === seen.version) return !equalBytes(hash, seen.hash);
  return version === seen.version + 1 && (previousHash === null || !equalBytes(previousHash, seen.hash));
}

function accountWith(known: AccountState, content: VaultContent): AccountUpdate | null {
  const verified = verifyAll(content.statements);
  return Array.isArray(verified) ? addStatements(known, verified) : null;
}

const outerForm = struct({
  identityKey: bytes(32),
  keyStatement: bytes({ max: 256 + SIGNED_OVERHEAD_BYTES }),
  boxes: vaultBoxesForm,
});

/** Every byte outside the seal is sealed to it: nothing of a vault can be changed alone. */
function headerOf(outer: ValueOf<typeof outerForm>): Uint8Array {
  return encodeWithin(outerForm, outer, VAULT_MAX_BYTES);
}

function sealKeyOf(vaultKey: Uint8Array): Uint8Array {
  return deriveKey(vaultKey, "vault-seal");
}

function refused(reason: VaultRefusal): VaultVerdict {
  return { kind: "refused", reason };
}

/**
 * The key under which a vault is sealed: random, signed for by the identity key, boxed to the recovery key and to each
 * device (protocol section 3). A new generation comes with each revocation, so that the revoked device reads no later vault.
 */
import { box, type BoxKeyPair, randomBoxSeed, unbox } from "../primitives/box.ts";
import { equalBytes, type Random } from "../primitives/bytes.ts";
import { bytes, encode, sortedSet, struct, structure, uint, type ValueOf } from "../primitives/encoding.ts";
import { OpenError } from "../primitives/errors.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { signToWire } from "../primitives/sign.ts";
import { MAX_PER_ACCOUNT } from "./account-state.ts";
import type { RootKeys } from "./root.ts";

/** Signed by the identity key: this is the vault key of that generation. */
export const vaultKeyStructure = structure("vault-key", 256, {
  identityKey: bytes(32),
  generation: uint({ max: 0xffff_ffff }),
  /** Labelled hash of the key, 32 bytes. */
  commitment: bytes(32),
});

/** The vault key for one recipient. `recipient`: first 16 bytes of the labelled hash of its X-Wing key. */
export const vaultBoxesForm = sortedSet(struct({ recipient: bytes(16), box: bytes(1192 + 32) }), {
  min: 1,
  max: MAX_PER_ACCOUNT + 1,
});
export type VaultBoxes = ValueOf<typeof vaultBoxesForm>;

const boxHeader = structure("vault-box", 128, { identityKey: bytes(32), generation: uint() });

/** A vault key with everything needed to seal another vault under it. */
export interface VaultKey {
  readonly identityKey: Uint8Array;
  readonly generation: number;
  /** 32 bytes */
  readonly key: Uint8Array;
  /** {@link vaultKeyStructure}, signed, as it travels. */
  readonly statement: Uint8Array;
  /** For the recovery key and for each device; carried along from vault to vault. */
  readonly boxes: VaultBoxes;
}

/**
 * A vault key of a new generation, boxed to the recovery key and these devices. Needs the root.
 *
 * @param devices X-Wing keys (1216) of the live devices, from their details
 * @throws {KeyError} when one of them is unusable
 */
export function newVaultKey(
  rootKeys: Pick<RootKeys, "identity" | "recovery">,
  generation: number,
  devices: readonly Uint8Array[],
  random: Random,
): VaultKey {
  const { identity, recovery } = rootKeys;
  const key = random(32);
  const content = { identityKey: identity.publicKey, generation, commitment: commitmentOf(key) };
  const statement = signToWire(vaultKeyStructure, content, identity);
  const empty = { identityKey: identity.publicKey, generation, key, statement, boxes: [] };
  return [recovery.publicKey, ...devices].reduce<VaultKey>(
    (made, recipientKey) => addVaultRecipient(made, recipientKey, random),
    empty,
  );
}

/** The same key, also boxed to this X-Wing key (1216): a device that was just linked. No change if it was already. */
export function addVaultRecipient(vaultKey: VaultKey, recipientKey: Uint8Array, random: Random): VaultKey {
  const recipient = recipientOf(recipientKey);
  if (vaultKey.boxes.some((one) => equalBytes(one.recipient, recipient))) return vaultKey;
  const boxed = box("vault", vaultKey.key, headerOf(vaultKey), recipientKey, randomBoxSeed(random));
  return { ...vaultKey, boxes: [...vaultKey.boxes, { recipient, box: boxed }] };
}

/**
 * The vault key out of the box made for this key pair.
 *
 * @returns null where there is no box for it
 * @throws {OpenError} `forged` where the box does not open, or holds another key than the one signed for
 */
export function openVaultKey(
  boxes: VaultBoxes,
  signed: ValueOf<typeof vaultKeyStructure>,
  recipient: BoxKeyPair,
): Uint8Array | null {
  const tag = recipientOf(recipient.publicKey);
  const mine = boxes.find((one) => equalBytes(one.recipient, tag));
  if (mine === undefined) return null;
  const key = unbox("vault", mine.box, headerOf(signed), recipient);
  if (!equalBytes(commitmentOf(key), signed.commitment)) throw new OpenError("forged");
  return key;
}

function recipientOf(publicKey: Uint8Array): Uint8Array {
  return labelledHash("vault-recipient", publicKey).slice(0, 16);
}

function commitmentOf(key: Uint8Array): Uint8Array {
  return labelledHash("vault-key-commitment", key);
}

function headerOf({
  identityKey,
  generation,
}: {
  readonly identityKey: Uint8Array;
  readonly generation: number;
}): Uint8Array {
  return encode(boxHeader, { identityKey, generation });
}

import {
  addStatements,
  addVaultRecipient,
  bareStatement,
  boxKeyPair,
  emptyAccount,
  equalBytes,
  fromBase64Url,
  nextGeneration,
  openVault,
  parseRecoveryPhrase,
  rootKeys,
  statementsOf,
  toBase64Url,
  verifyStatement,
  type OpenedVault,
  type PhraseLanguage,
  type PhraseVerdict,
  type Random,
  type RootKeys,
} from "@unionhall/crypto";
import { AddStatements, GetVault } from "@unionhall/server/contract";
import type { Api } from "../api/api.ts";
import type { Platform } from "../platform.ts";
import { HallError } from "../problems.ts";
import { begin, resume, type Begun } from "./begun-account.ts";
import { newDevice } from "./new-device.ts";
import type { Lock, RecoverInput, WordsVerdict } from "./session-door.ts";
import type { StoredVault } from "./session-store.ts";
import { vaultError } from "./vault-sync.ts";

/** Whether words belong together. Asks nobody. */
export async function verdictOnWords(words: string): Promise<WordsVerdict> {
  const verdict = await parseRecoveryPhrase(words);
  if (verdict.kind === "root") return { kind: "good" };
  switch (verdict.reason) {
    case "word-count":
      return { kind: "count", count: verdict.count };
    case "unknown-word":
      return { kind: "unknown", places: verdict.positions };
    case "checksum":
      return { kind: "mixed" };
  }
}

export interface TypedRoot {
  readonly root: Uint8Array;
  readonly keys: RootKeys;
  readonly language: PhraseLanguage;
}

/** @throws HallError `words-wrong` */
export async function rootOfWords(words: string): Promise<TypedRoot> {
  const verdict = await parseRecoveryPhrase(words);
  if (verdict.kind === "root") return { root: verdict.root, keys: rootKeys(verdict.root), language: verdict.language };
  throw new HallError("words-wrong", whatIsWrong(verdict));
}

function whatIsWrong(refusal: Extract<PhraseVerdict, { readonly kind: "refused" }>): string {
  if (refusal.reason === "word-count") return `12 words are needed, these are ${refusal.count}`;
  if (refusal.reason === "checksum") return "one of the words is another one, or their order is";
  return `not in the list: word ${refusal.positions.map((at) => at + 1).join(", ")}`;
}

/**
 * Makes this device one of an account that exists, or goes on where that was interrupted (protocol section 3, "Recover"): opens the vault with the
 * recovery key, adds a device with a new box key to it, and keeps all that here. Nothing is written to the hall yet.
 *
 * @param api with a session by the sign-in key
 * @throws HallError `no-account`, `server-lies` (a vault that is not this account's)
 */
export async function beginRecovering(
  platform: Platform,
  api: Api,
  { root, keys, language }: TypedRoot,
  { lock }: RecoverInput,
): Promise<Begun> {
  const begun = await resumeIfOpened(platform, lock);
  if (begun !== null && equalBytes(begun.account.identityKey, keys.identity.publicKey)) return begun;

  const { found, tag } = await vaultOfWords(api, keys);
  const device = newDevice(
    keys,
    { name: platform.deviceName, generation: nextGeneration(found.account), now: platform.clock.now() },
    platform.random,
  );
  return begin(platform, {
    lock,
    root,
    identityKey: keys.identity.publicKey,
    device: { ...device, statement: device.statement.wire },
    wordLanguage: language,
    pending: { doing: "recovering", registration: null, admissions: [] },
    vault: vaultWith(device, found, tag, platform.random),
  });
}

/** What was begun under another passphrase is begun anew: nothing is lost by it, with the words in hand. */
async function resumeIfOpened(platform: Platform, lock: Lock): Promise<Begun | null> {
  try {
    return await resume(platform, "recovering", lock);
  } catch (error) {
    if (error instanceof HallError && error.problem === "account-begun") return null;
    throw error;
  }
}

/**
 * The account's vault as the hall has it, opened by the words.
 *
 * @param api with a session by the sign-in key
 * @throws HallError `no-account`, `server-lies` (a vault that is not this account's)
 */
export async function vaultOfWords(
  api: Api,
  keys: RootKeys,
): Promise<{ readonly found: OpenedVault; readonly tag: string | null }> {
  const { body } = await api.call(GetVault, {});
  // A vault is on the server before anybody is shown the 12 words of its account.
  if (body.vault === null) throw new HallError("server-lies", "the hall says that this account has no vault");
  return { found: openRecovered(fromBase64Url(body.vault), keys), tag: body.tag };
}

function openRecovered(sealed: Uint8Array, keys: RootKeys): OpenedVault {
  const verdict = openVault(sealed, {
    account: emptyAccount(keys.identity.publicKey),
    key: keys.recovery,
    seen: null,
    minKeyGeneration: 0,
  });
  if (verdict.kind === "refused") throw vaultError(verdict.reason);
  return verdict.vault;
}

/** The vault as it will be written: with the new device certified in it, and its key boxed to that device too. */
function vaultWith(
  device: ReturnType<typeof newDevice>,
  found: OpenedVault,
  tag: string | null,
  random: Random,
): StoredVault {
  const update = addStatements(found.account, [device.statement]);
  if (update.kind === "refused")
    throw new HallError("server-refused", `the account takes no further device: ${update.reason}`);
  const { content, vaultKey, version, hash } = found;
  const boxKey = boxKeyPair(device.deviceBoxSeed).publicKey;
  return {
    content: {
      ...content,
      statements: statementsOf(update.account),
      boxSecrets: [...content.boxSecrets, device.boxSecrets],
    },
    vaultKey: addVaultRecipient(vaultKey, boxKey, random),
    version,
    hash,
    tag,
    dueAt: null,
    recoveredFrom: version,
    rolledBackAt: null,
  };
}

/** Tells the hall of the new device. What it knows already changes nothing. */
export async function listDevice(api: Api, { account }: Begun): Promise<void> {
  const verdict = verifyStatement(account.statement);
  if (verdict.kind === "refused") throw new HallError("storage-evicted", "what certifies this device is damaged");
  await api.call(AddStatements, { body: { statements: [toBase64Url(bareStatement(verdict.statement))] } });
}

import {
  bareStatement,
  boxKeyPair,
  emptyVaultContent,
  newRoot,
  newVaultKey,
  registrationStructure,
  rootKeys,
  signToWire,
  toBase64Url,
} from "@unionhall/crypto";
import { RegisterAccount } from "@unionhall/server/contract";
import type { Api } from "../api/api.ts";
import type { Platform, Random } from "../platform.ts";
import { HallError } from "../problems.ts";
import { begin, resume, type Begun } from "./begun-account.ts";
import { newDevice } from "./new-device.ts";
import { withProfile } from "./preferences.ts";
import type { Profile, RegisterInput } from "./session-door.ts";
import { only, storedPending, storedVault, type StoredAdmission } from "./session-store.ts";

/**
 * Makes a new account on this device, or finds the one whose registration was interrupted, with this profile and these admissions.
 *
 * @throws HallError `account-begun` when one was begun here under another passphrase: signing out clears it away
 */
export async function beginRegistering(
  platform: Platform,
  input: Pick<RegisterInput, "lock" | "wordLanguage">,
  profile: Profile,
  admissions: readonly StoredAdmission[],
): Promise<Begun> {
  const begun = await resume(platform, "registering", input.lock);
  if (begun === null) return beginNew(platform, input, profile, admissions);
  const pending = { ...begun.pending, admissions };
  await begun.store.transaction(async (tx) => {
    await tx.map(storedPending).put(only, pending);
    const vault = await tx.map(storedVault).get(only);
    const now = platform.clock.now();
    if (vault !== null)
      await tx.map(storedVault).put(only, { ...vault, content: withProfile(vault.content, profile, now) });
  });
  return { ...begun, pending };
}

async function beginNew(
  platform: Platform,
  { lock, wordLanguage }: Pick<RegisterInput, "lock" | "wordLanguage">,
  profile: Profile,
  admissions: readonly StoredAdmission[],
): Promise<Begun> {
  const { random, origin } = platform;
  const now = platform.clock.now();
  const root = newRoot(random);
  const keys = rootKeys(root);
  const device = newDevice(keys, { name: platform.deviceName, generation: 0, now }, random);
  const registration = signToWire(
    registrationStructure,
    {
      origin,
      identityKey: keys.identity.publicKey,
      signInKey: keys.signIn.publicKey,
      deviceStatement: bareStatement(device.statement),
    },
    keys.identity,
  );
  const content = {
    ...emptyVaultContent,
    statements: [device.statement.wire],
    boxSecrets: [device.boxSecrets],
  };
  const vaultKey = newVaultKey(keys, 0, [boxKeyPair(device.deviceBoxSeed).publicKey], random);
  return begin(platform, {
    lock,
    root,
    identityKey: keys.identity.publicKey,
    device: { ...device, statement: device.statement.wire },
    wordLanguage,
    pending: { doing: "registering", registration, admissions },
    vault: {
      content: withProfile(content, profile, now),
      vaultKey,
      version: 0,
      hash: null,
      tag: null,
      dueAt: null,
      recoveredFrom: null,
      rolledBackAt: null,
    },
  });
}

/**
 * Asks the hall to take the account, with one admission after the other. The same registration again is answered as the first time.
 *
 * @throws HallError `setup-link-used`, `invite-spent` when no admission is left
 */
export async function register(api: Api, { registration, admissions }: Begun["pending"]): Promise<void> {
  for (const { kind, secret } of admissions) {
    const text = toBase64Url(secret);
    const admission = kind === "setup" ? { kind, secret: text } : { kind, ticket: text };
    const body = { registration: toBase64Url(registration ?? new Uint8Array()), admission };
    const reply = await api.call(RegisterAccount, { body }, ["setup-refused", "ticket-refused"]);
    if (reply.kind === "ok") return;
  }
  throw admissions[0]?.kind === "setup"
    ? new HallError("setup-link-used", "the setup link is not the newest, or was used already")
    : new HallError("invite-spent", "everybody this invite had room for has used it to register");
}

/** Tickets in random order: guests of one invite start at different ones, and seldom meet. */
export function ticketAdmissions(tickets: readonly Uint8Array[], random: Random): readonly StoredAdmission[] {
  return tickets
    .map((secret) => ({ secret, order: random(4).reduce((value, byte) => value * 256 + byte, 0) }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ secret }) => ({ kind: "ticket", secret }));
}

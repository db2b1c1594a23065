import type { RegisteredAccount, StatementFact } from "@unionhall/crypto/verify";
import { limits } from "../contract/limits.ts";
import type { AccountDatabase } from "../database/schema.ts";
import { ProblemError } from "../http/problem.ts";
import { spendRegisterTicket } from "../tickets/register-ticket-store.ts";
import { spendSetup } from "./setup.ts";

/** What lets somebody in: the bytes of the contract's `Admission`. */
export interface Entitlement {
  readonly kind: "setup" | "ticket";
  readonly secret: Uint8Array;
}

/**
 * Makes an account and spends what lets it in, or neither. Where the very same account is there already it is `known` and nothing is spent.
 *
 * @throws {ProblemError} `account-exists`, `setup-refused`, `ticket-refused`
 */
export async function register(
  db: AccountDatabase,
  account: RegisteredAccount,
  entitlement: Entitlement,
): Promise<"made" | "known"> {
  return await db.transaction().execute(async (trx) => {
    // First the row: the second of two equal requests waits here and then finds the account of the first.
    if (!(await insertAccount(trx, account, entitlement))) {
      if (await isSameAccount(trx, account)) return "known";
      throw new ProblemError("account-exists");
    }
    await spend(trx, entitlement);
    return "made";
  });
}

async function insertAccount(
  trx: AccountDatabase,
  { accountId, identityKey, signInKey, deviceKey }: RegisteredAccount,
  { kind }: Entitlement,
): Promise<boolean> {
  const operator = kind === "setup";
  const row = {
    id: accountId,
    identity_key: identityKey,
    sign_in_key: signInKey,
    operator,
    vault: null,
    vault_tag: null,
  };
  const inserted = await trx
    .insertInto("account")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (inserted === undefined) return false;
  await trx.insertInto("device").values({ account_id: accountId, signing_key: deviceKey, revoked: false }).execute();
  return true;
}

async function isSameAccount(
  trx: AccountDatabase,
  { identityKey, signInKey, deviceKey }: RegisteredAccount,
): Promise<boolean> {
  const row = await trx
    .selectFrom("account")
    .innerJoin("device", "device.account_id", "account.id")
    .select("account.id")
    .where("identity_key", "=", identityKey)
    .where("sign_in_key", "=", signInKey)
    .where("signing_key", "=", deviceKey)
    .executeTakeFirst();
  return row !== undefined;
}

async function spend(trx: AccountDatabase, { kind, secret }: Entitlement): Promise<void> {
  if (kind === "setup") {
    if (!(await spendSetup(trx, secret))) throw new ProblemError("setup-refused");
    return;
  }
  if (!(await spendRegisterTicket(trx, secret))) throw new ProblemError("ticket-refused");
}

export interface StoredAccount {
  readonly operator: boolean;
  readonly devices: readonly { readonly signingKey: Uint8Array; readonly revoked: boolean }[];
}

export async function readAccount(db: AccountDatabase, accountId: Uint8Array): Promise<StoredAccount> {
  const { operator } = await db
    .selectFrom("account")
    .select("operator")
    .where("id", "=", accountId)
    .executeTakeFirstOrThrow();
  const devices = await db
    .selectFrom("device")
    .select(["signing_key as signingKey", "revoked"])
    .where("account_id", "=", accountId)
    .orderBy("signing_key")
    .execute();
  return { operator, devices };
}

/** The key whose statements count for this account. */
export async function identityKeyOf(db: AccountDatabase, accountId: Uint8Array): Promise<Uint8Array> {
  const row = await db
    .selectFrom("account")
    .select("identity_key")
    .where("id", "=", accountId)
    .executeTakeFirstOrThrow();
  return row.identity_key;
}

/**
 * Takes statements of the account's identity key, all or none, in any order and as often as one likes: a revoked key stays revoked. What a
 * revoked key had signed in ends with it.
 *
 * @throws {ProblemError} `too-many-devices`
 */
export async function applyStatements(
  db: AccountDatabase,
  accountId: Uint8Array,
  facts: readonly StatementFact[],
): Promise<StoredAccount> {
  return await db.transaction().execute(async (trx) => {
    // Two requests for one account one after the other: neither overlooks the other's keys. Sign-ins wait too.
    await trx.selectFrom("account").select("id").where("id", "=", accountId).forUpdate().executeTakeFirstOrThrow();
    for (const fact of facts) await applyFact(trx, accountId, fact);
    const account = await readAccount(trx, accountId);
    if (account.devices.length > limits.deviceKeysPerAccount) throw new ProblemError("too-many-devices");
    return account;
  });
}

async function applyFact(trx: AccountDatabase, accountId: Uint8Array, fact: StatementFact): Promise<void> {
  const { kind, signingKey } = fact;
  const revoked = kind === "revoke";
  await trx
    .insertInto("device")
    .values({ account_id: accountId, signing_key: signingKey, revoked })
    .onConflict((conflict) =>
      revoked ? conflict.columns(["account_id", "signing_key"]).doUpdateSet({ revoked }) : conflict.doNothing(),
    )
    .execute();
  if (!revoked) return;
  await trx.deleteFrom("session").where("account_id", "=", accountId).where("signing_key", "=", signingKey).execute();
}

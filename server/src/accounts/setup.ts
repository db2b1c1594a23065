import type { AccountDatabase } from "../database/schema.ts";
import { hashOfSecret, isSecretOf, type Random } from "../random.ts";

const onlyRow = 1;

/** A new setup secret (32 bytes), which replaces the one before; null once the hall has an account. */
export async function renewSetup(db: AccountDatabase, random: Random): Promise<Uint8Array | null> {
  return await db.transaction().execute(async (trx) => {
    if (await hasAccount(trx)) return null;
    const secret = random(32);
    const hash = hashOfSecret(secret);
    await trx
      .insertInto("hall_setup")
      .values({ id: onlyRow, hash })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ hash }))
      .execute();
    return secret;
  });
}

export async function isSetupOpen(db: AccountDatabase): Promise<boolean> {
  return (await db.selectFrom("hall_setup").select("id").executeTakeFirst()) !== undefined;
}

/** Spends the setup secret within the transaction that makes the first account. False when it is not the newest or was spent. */
export async function spendSetup(trx: AccountDatabase, secret: Uint8Array): Promise<boolean> {
  const row = await trx.selectFrom("hall_setup").select("hash").forUpdate().executeTakeFirst();
  if (row === undefined || !isSecretOf(row.hash, secret)) return false;
  await trx.deleteFrom("hall_setup").execute();
  return true;
}

async function hasAccount(db: AccountDatabase): Promise<boolean> {
  return (await db.selectFrom("account").select("id").limit(1).executeTakeFirst()) !== undefined;
}

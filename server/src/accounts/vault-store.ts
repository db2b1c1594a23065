import type { AccountDatabase } from "../database/schema.ts";
import type { Random } from "../random.ts";

export interface VaultAndTag {
  readonly vault: Uint8Array | null;
  /** 16 random bytes. */
  readonly tag: Uint8Array | null;
}

export async function readVault(db: AccountDatabase, accountId: Uint8Array): Promise<VaultAndTag> {
  return await db
    .selectFrom("account")
    .select(["vault", "vault_tag as tag"])
    .where("id", "=", accountId)
    .executeTakeFirstOrThrow();
}

export type VaultPut =
  | { readonly kind: "put"; readonly tag: Uint8Array }
  /** Another vault stands there, with this tag. */
  | { readonly kind: "changed"; readonly tag: Uint8Array | null };

/** Replaces the vault that has the tag `replaces` (null: none yet). The very bytes that are there already keep their tag. */
export async function putVault(
  db: AccountDatabase,
  accountId: Uint8Array,
  { vault, replaces }: { readonly vault: Uint8Array; readonly replaces: Uint8Array | null },
  random: Random,
): Promise<VaultPut> {
  return await db.transaction().execute(async (trx) => {
    const there = await trx
      .selectFrom("account")
      .select(["vault", "vault_tag"])
      .where("id", "=", accountId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (there.vault_tag !== null && isEqual(there.vault, vault)) return { kind: "put", tag: there.vault_tag };
    if (!isEqual(there.vault_tag, replaces)) return { kind: "changed", tag: there.vault_tag };
    const tag = random(16);
    await trx.updateTable("account").set({ vault, vault_tag: tag }).where("id", "=", accountId).execute();
    return { kind: "put", tag };
  });
}

function isEqual(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return Buffer.compare(a, b) === 0;
}

import type { FastifyRequest, preParsingAsyncHookHandler } from "fastify";
import type { Clock } from "../clock.ts";
import { authorizationSchemes } from "../contract/endpoint.ts";
import { limits } from "../contract/limits.ts";
import type { AccountDatabase } from "../database/schema.ts";
import { authorizationOf } from "../http/plane.ts";
import { ProblemError } from "../http/problem.ts";
import { hashOfSecret, type Random } from "../random.ts";

/** Who asks, as a live session says. */
export interface Session {
  readonly accountId: Uint8Array;
  /** Of the session's token. */
  readonly hash: Uint8Array;
}

const sessionMilliseconds = limits.sessionHours * 3_600_000;
const sessionsPerAccount = 64;

/**
 * Opens a session for a key that just signed in, if it still counts, and returns its token (32 bytes); null when the key is none of this
 * account's or was revoked. A revocation at the same moment either comes first and is seen here, or ends this session too.
 */
export async function openSession(
  db: AccountDatabase,
  { accountId, key }: { readonly accountId: Uint8Array; readonly key: Uint8Array },
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<Uint8Array | null> {
  return await db.transaction().execute(async (trx) => {
    const account = await trx
      .selectFrom("account")
      .select("sign_in_key")
      .where("id", "=", accountId)
      .forUpdate()
      .executeTakeFirst();
    if (account === undefined) throw new ProblemError("unknown-account");
    const device = await trx
      .selectFrom("device")
      .select("revoked")
      .where("account_id", "=", accountId)
      .where("signing_key", "=", key)
      .executeTakeFirst();
    const isSignInKey = Buffer.compare(account.sign_in_key, key) === 0;
    if (!isSignInKey && device?.revoked !== false) return null;
    const token = random(32);
    await trx
      .insertInto("session")
      .values({
        hash: hashOfSecret(token),
        account_id: accountId,
        signing_key: key,
        expires: clock() + sessionMilliseconds,
      })
      .execute();
    await keepNewest(trx, accountId);
    return token;
  });
}

async function keepNewest(db: AccountDatabase, accountId: Uint8Array): Promise<void> {
  const newest = db
    .selectFrom("session")
    .select("hash")
    .where("account_id", "=", accountId)
    .orderBy("expires", "desc")
    .limit(sessionsPerAccount);
  await db.deleteFrom("session").where("account_id", "=", accountId).where("hash", "not in", newest).execute();
}

/**
 * The live session that the request carries.
 *
 * @throws {ProblemError} `session-required` without one, `session-ended` when it is unknown or past its 24 hours
 */
export async function requireSession(db: AccountDatabase, clock: Clock, request: FastifyRequest): Promise<Session> {
  const token = authorizationOf(request, authorizationSchemes.session);
  if (token === null) throw new ProblemError("session-required");
  // Found by the hash of 32 random bytes: how long the search takes tells nothing about a token.
  const hash = hashOfSecret(token);
  const row = await db
    .selectFrom("session")
    .select("account_id")
    .where("hash", "=", hash)
    .where("expires", ">", clock())
    .executeTakeFirst();
  if (row === undefined) throw new ProblemError("session-ended");
  return { accountId: row.account_id, hash };
}

/** For routes that take a long body: of somebody without a live session it is not read. After the limit by address, which counts them. */
export function sessionBeforeBody(
  db: AccountDatabase,
  clock: Clock,
): { readonly preParsing: preParsingAsyncHookHandler } {
  return {
    preParsing: async (request, _reply, payload) => {
      await requireSession(db, clock, request);
      return payload;
    },
  };
}

/** Ends this session and every other that the same key opened: a device makes one each time its program begins. */
export async function endSession(db: AccountDatabase, { accountId, hash }: Session): Promise<void> {
  const key = db.selectFrom("session").select("signing_key").where("hash", "=", hash);
  await db.deleteFrom("session").where("account_id", "=", accountId).where("signing_key", "=", key).execute();
}

/** Forgets sessions that are past their time. */
export async function sweepSessions(db: AccountDatabase, now: number): Promise<void> {
  await db.deleteFrom("session").where("expires", "<=", now).execute();
}

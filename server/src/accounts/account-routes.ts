import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type StatementFact, verifyBareStatement, verifyRegistration } from "@unionhall/crypto/verify";
import type { Clock } from "../clock.ts";
import { type Account, AddStatements, type Admission, GetAccount, RegisterAccount } from "../contract/accounts.ts";
import { toBase64url } from "../contract/base64url.ts";
import type { AccountDatabase } from "../database/schema.ts";
import { decoded } from "../http/decoded.ts";
import { ProblemError } from "../http/problem.ts";
import { limited } from "../http/rate-limit.ts";
import { described } from "../http/route.ts";
import {
  applyStatements,
  type Entitlement,
  identityKeyOf,
  readAccount,
  register,
  type StoredAccount,
} from "./account-store.ts";
import { requireSession, sessionBeforeBody } from "./sessions.ts";

export interface AccountRouteDeps {
  readonly db: AccountDatabase;
  readonly origin: string;
  readonly clock: Clock;
}

/** Accounts and their devices (protocol section 3). */
export const accountRoutes: FastifyPluginAsyncTypebox<AccountRouteDeps> = async (app, { db, origin, clock }) => {
  app.route({
    ...described(RegisterAccount, limited("signing")),
    handler: async ({ body }, reply) => {
      const verdict = verifyRegistration(decoded(body.registration), origin);
      if (verdict.kind === "refused")
        throw new ProblemError(verdict.reason === "malformed" ? "malformed-request" : "signature-refused", {
          detail: `the registration is ${verdict.reason}`,
        });
      const { account } = verdict;
      const made = await register(db, account, entitlementOf(body.admission));
      await reply.code(made === "made" ? 201 : 200).send({ accountId: toBase64url(account.accountId) });
    },
  });

  app.route({
    ...described(GetAccount, limited("signing")),
    handler: async (request) => {
      const { accountId } = await requireSession(db, clock, request);
      return shown(accountId, await readAccount(db, accountId));
    },
  });

  app.route({
    ...described(AddStatements, limited("signing")),
    ...sessionBeforeBody(db, clock),
    handler: async (request) => {
      const { accountId } = await requireSession(db, clock, request);
      const identityKey = await identityKeyOf(db, accountId);
      const facts = request.body.statements.map((statement) => factOf(decoded(statement), identityKey));
      return shown(accountId, await applyStatements(db, accountId, facts));
    },
  });
};

function entitlementOf(admission: Admission): Entitlement {
  const secret = admission.kind === "setup" ? admission.secret : admission.ticket;
  return { kind: admission.kind, secret: decoded(secret) };
}

/** @throws {ProblemError} `statement-refused` unless it is signed by just this identity key */
function factOf(statement: Uint8Array, identityKey: Uint8Array): StatementFact {
  const verdict = verifyBareStatement(statement);
  if (verdict.kind === "refused")
    throw new ProblemError("statement-refused", { detail: `a statement is ${verdict.reason}` });
  if (Buffer.compare(verdict.statement.identityKey, identityKey) !== 0)
    throw new ProblemError("statement-refused", { detail: "a statement is of another account" });
  return verdict.statement.fact;
}

function shown(accountId: Uint8Array, { operator, devices }: StoredAccount): Account {
  return {
    accountId: toBase64url(accountId),
    operator,
    devices: devices.map(({ signingKey, revoked }) => ({ signingKey: toBase64url(signingKey), revoked })),
  };
}

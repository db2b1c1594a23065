import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { Clock } from "../clock.ts";
import { toBase64url } from "../contract/base64url.ts";
import { GetVault, PutVault } from "../contract/vault.ts";
import type { AccountDatabase } from "../database/schema.ts";
import { decoded } from "../http/decoded.ts";
import { ProblemError } from "../http/problem.ts";
import { limited } from "../http/rate-limit.ts";
import { described } from "../http/route.ts";
import type { Random } from "../random.ts";
import { requireSession, sessionBeforeBody } from "./sessions.ts";
import { putVault, readVault } from "./vault-store.ts";

export interface VaultRouteDeps {
  readonly db: AccountDatabase;
  readonly clock: Clock;
  readonly random: Random;
}

/** The account's sealed vault: kept, never understood. */
export const vaultRoutes: FastifyPluginAsyncTypebox<VaultRouteDeps> = async (app, { db, clock, random }) => {
  app.route({
    ...described(GetVault, limited("signing")),
    handler: async (request) => {
      const { accountId } = await requireSession(db, clock, request);
      const { vault, tag } = await readVault(db, accountId);
      return { vault: textOf(vault), tag: textOf(tag) };
    },
  });

  app.route({
    ...described(PutVault, limited("signing")),
    ...sessionBeforeBody(db, clock),
    handler: async (request) => {
      const { accountId } = await requireSession(db, clock, request);
      const vault = decoded(request.body.vault);
      const replaces = request.body.replaces === null ? null : decoded(request.body.replaces);
      const put = await putVault(db, accountId, { vault, replaces }, random);
      if (put.kind === "put") return { tag: toBase64url(put.tag) };
      throw new ProblemError("vault-changed", put.tag === null ? {} : { members: { tag: toBase64url(put.tag) } });
    },
  });
};

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : toBase64url(bytes);
}

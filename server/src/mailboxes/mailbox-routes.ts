import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { verifyMailboxRead } from "@unionhall/crypto/verify";
import type { FastifyRequest } from "fastify";
import { type Clock, dayOf } from "../clock.ts";
import { toBase64url } from "../contract/base64url.ts";
import { authorizationSchemes } from "../contract/endpoint.ts";
import {
  CreateMailbox,
  CreateMailboxToken,
  DeleteMailbox,
  DeleteMailboxItem,
  GetPreview,
  ReadMailboxItems,
  WriteMailboxItem,
} from "../contract/mailboxes.ts";
import type { GroupDatabase } from "../database/schema.ts";
import type { Challenges } from "../http/challenges.ts";
import { decoded } from "../http/decoded.ts";
import { authorizationOf } from "../http/plane.ts";
import { ProblemError } from "../http/problem.ts";
import { limited } from "../http/rate-limit.ts";
import { described } from "../http/route.ts";
import type { DeskNews } from "./desk-news.ts";
import { isAllowedExpiry } from "./mailbox-rules.ts";
import {
  createMailbox,
  deleteItem,
  deleteMailbox,
  readItems,
  readKeyOf,
  readPreview,
  writeItem,
} from "./mailbox-store.ts";
import { mailboxTokenSeconds, type MailboxTokens } from "./mailbox-tokens.ts";

export interface MailboxRouteDeps {
  readonly db: GroupDatabase;
  readonly origin: string;
  readonly clock: Clock;
  readonly challenges: Challenges;
  readonly tokens: MailboxTokens;
  readonly deskNews: DeskNews;
  /** Spends a ticket for a mailbox within the transaction; false when it is none. */
  readonly spendTicket: (trx: GroupDatabase, ticket: Uint8Array) => Promise<boolean>;
}

const itemsPerPage = 100;

/** Mailboxes: who knows the write token leaves sealed items, who holds the read key takes them out (protocol section 4). */
export const mailboxRoutes: FastifyPluginAsyncTypebox<MailboxRouteDeps> = async (app, deps) => {
  const today = (): number => dayOf(deps.clock());
  makingRoutes(app, deps, today);
  writingRoutes(app, deps, today);
  readingRoutes(app, deps, today);
};

type App = Parameters<typeof mailboxRoutes>[0];

function makingRoutes(app: App, { db, spendTicket }: MailboxRouteDeps, today: () => number): void {
  app.route({
    ...described(CreateMailbox, limited("signing")),
    handler: async ({ params, body }, reply) => {
      if (!isAllowedExpiry(body.expiryDay, today()))
        throw new ProblemError("malformed-request", { detail: "body/expiryDay is past or too far away" });
      const ticket = decoded(body.ticket);
      const mailbox = {
        id: decoded(params.mailboxId),
        readKey: decoded(body.readKey),
        writeToken: decoded(body.writeToken),
        expiryDay: body.expiryDay,
        itemLimit: body.itemLimit,
        preview: body.preview === null ? null : decoded(body.preview),
      };
      const made = await createMailbox(db, mailbox, async (trx) => await spendTicket(trx, ticket));
      await reply.code(made === "made" ? 201 : 200).send(null);
    },
  });

  app.route({
    ...described(GetPreview, limited("anonymous")),
    handler: async ({ params }) => {
      const preview = await readPreview(db, decoded(params.mailboxId), today());
      return { preview: preview === null ? null : toBase64url(preview) };
    },
  });
}

function writingRoutes(app: App, { db, deskNews }: MailboxRouteDeps, today: () => number): void {
  app.route({
    ...described(WriteMailboxItem, limited("signing")),
    handler: async (request, reply) => {
      const token = authorizationOf(request, authorizationSchemes["mailbox-write"]);
      if (token === null) throw new ProblemError("token-required");
      const id = decoded(request.params.mailboxId);
      const sealed = decoded(request.body.sealed);
      const seq = await writeItem(db, { id, token, sealed }, today());
      deskNews.tell(id);
      await reply.code(201).send({ seq });
    },
  });
}

function readingRoutes(app: App, deps: MailboxRouteDeps, today: () => number): void {
  const { db, origin, challenges, tokens } = deps;

  /** The mailbox that the request's token reads. */
  const mailboxOf = (request: FastifyRequest, mailboxId: string): Uint8Array => {
    const token = authorizationOf(request, authorizationSchemes["mailbox-read"]);
    if (token === null) throw new ProblemError("token-required");
    const id = decoded(mailboxId);
    if (!tokens.isGood(token, id)) throw new ProblemError("token-ended");
    return id;
  };

  app.route({
    ...described(CreateMailboxToken, limited("signing")),
    handler: async ({ params, body }, reply) => {
      const [mailboxId, challenge] = [decoded(params.mailboxId), decoded(body.challenge)];
      if (!challenges.spend(challenge)) throw new ProblemError("challenge-refused");
      const readKey = await readKeyOf(db, mailboxId, today());
      if (!verifyMailboxRead({ origin, mailboxId, challenge }, readKey, decoded(body.signature)))
        throw new ProblemError("signature-refused");
      const token = toBase64url(tokens.issue(mailboxId));
      await reply.code(201).send({ token, expiresInSeconds: mailboxTokenSeconds });
    },
  });

  app.route({
    ...described(ReadMailboxItems, limited("signing")),
    handler: async (request) => {
      const id = mailboxOf(request, request.params.mailboxId);
      const page = { after: request.query.after ?? 0, limit: itemsPerPage + 1, today: today() };
      const items = await readItems(db, id, page);
      const shown = items.slice(0, itemsPerPage).map(({ seq, sealed }) => ({ seq, sealed: toBase64url(sealed) }));
      return { items: shown, more: items.length > itemsPerPage };
    },
  });

  app.route({
    ...described(DeleteMailboxItem, limited("signing")),
    handler: async (request, reply) => {
      await deleteItem(db, mailboxOf(request, request.params.mailboxId), request.params.seq, today());
      await reply.code(204).send(null);
    },
  });

  app.route({
    ...described(DeleteMailbox, limited("signing")),
    handler: async (request, reply) => {
      await deleteMailbox(db, mailboxOf(request, request.params.mailboxId), today());
      await reply.code(204).send(null);
    },
  });
}

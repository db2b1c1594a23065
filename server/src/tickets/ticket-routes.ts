import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { requireSession } from "../accounts/sessions.ts";
import { type Clock, dayOf } from "../clock.ts";
import { toBase64url } from "../contract/base64url.ts";
import { CreateTickets, type TicketPurpose } from "../contract/tickets.ts";
import type { Databases } from "../database/schema.ts";
import { ProblemError } from "../http/problem.ts";
import { limited } from "../http/rate-limit.ts";
import { described } from "../http/route.ts";
import type { Random } from "../random.ts";
import { keepRegisterTickets } from "./register-ticket-store.ts";
import { createTicketQuota } from "./ticket-quota.ts";
import { keepTickets } from "./ticket-store.ts";

export interface TicketRouteDeps {
  readonly databases: Databases;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Tickets let the planes touch without a name: an account gets them within its quota, and whoever shows one to the group plane opens something
 * with it. Each is kept where it will be spent, so that spending and opening are one transaction.
 */
export const ticketRoutes: FastifyPluginAsyncTypebox<TicketRouteDeps> = async (app, { databases, clock, random }) => {
  const quota = createTicketQuota(clock);
  const keep = async (purpose: TicketPurpose, tickets: readonly Uint8Array[]): Promise<void> => {
    const day = dayOf(clock());
    if (purpose === "register") await keepRegisterTickets(databases.accounts, tickets, day);
    else await keepTickets(databases.groups, purpose, tickets, day);
  };

  app.route({
    ...described(CreateTickets, limited("signing")),
    handler: async (request, reply) => {
      const { accountId } = await requireSession(databases.accounts, clock, request);
      const { purpose, count } = request.body;
      if (!quota.take(accountId, purpose, count)) throw new ProblemError("quota-spent");
      const tickets = Array.from({ length: count }, () => random(32));
      await keep(purpose, tickets);
      await reply.code(201).send({ tickets: tickets.map(toBase64url) });
    },
  });
};

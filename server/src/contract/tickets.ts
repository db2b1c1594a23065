import { type Static, Type } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { Exact, Secret } from "./shapes.ts";

/** What a ticket opens: an account, a group, a mailbox. Each ticket once. */
export const TicketPurpose = Type.Union([Type.Literal("register"), Type.Literal("group"), Type.Literal("mailbox")]);
export type TicketPurpose = Static<typeof TicketPurpose>;

/** Issues tickets to this session, within a daily quota of its account. What is kept of them names no owner. */
export const CreateTickets = {
  method: "POST",
  path: "/api/tickets",
  plane: "account",
  authorization: "session",
  body: Exact({ purpose: TicketPurpose, count: Type.Integer({ minimum: 1, maximum: limits.ticketsAtOnce }) }),
  response: {
    201: Exact({ tickets: Type.Array(Secret) }),
    400: Problem("malformed-request"),
    401: Problem("session-required", "session-ended"),
    429: Problem("quota-spent"),
  },
} as const satisfies Endpoint;

import type { FastifyInstance } from "fastify";
import { sendProblem } from "./problem.ts";

/** While the hall stops, what was begun is finished and what comes new is told to come again. */
export function installClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
  });
  app.addHook("onRequest", async (_request, reply) => {
    if (!closing) return;
    reply.header("connection", "close");
    await sendProblem(reply, "hall-closing", { retryAfterSeconds: 5 });
  });
}

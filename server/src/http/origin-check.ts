import type { FastifyInstance, FastifyRequest } from "fastify";
import { ProblemError } from "./problem.ts";

/**
 * Refuses requests, and websockets with them, that a page of another origin makes. Browsers always say where a websocket and a writing
 * request come from; for the others `Sec-Fetch-Site` tells. Programs that are no browsers say neither and pass: they carry no one's rights.
 */
export function installOriginCheck(app: FastifyInstance, origin: string): void {
  app.addHook("onRequest", async (request) => {
    if (isForeign(request, origin)) throw new ProblemError("origin-refused");
  });
}

function isForeign({ headers, url }: FastifyRequest, own: string): boolean {
  if (headers.origin !== undefined) return headers.origin !== own;
  const site = headers["sec-fetch-site"];
  return url.startsWith("/api/") && site !== undefined && site !== "same-origin" && site !== "none";
}

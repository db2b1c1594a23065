import type { FastifyInstance, FastifyRequest } from "fastify";
import { authorizationSchemes } from "../contract/endpoint.ts";
import { ProblemError } from "./problem.ts";

/**
 * The secret of an `Authorization` header with this scheme, as bytes; null when there is no header or it has another scheme.
 *
 * @throws {ProblemError} `malformed-request` when what follows the scheme is not canonical base64url of 32 bytes
 */
export function authorizationOf(request: FastifyRequest, scheme: string): Buffer | null {
  const header = request.headers.authorization;
  if (header === undefined || !hasScheme(header, scheme)) return null;
  const text = header.slice(scheme.length + 1);
  const secret = Buffer.from(text, "base64url");
  if (secret.length !== 32 || secret.toString("base64url") !== text)
    throw new ProblemError("malformed-request", { detail: "the authorization header holds no 32 bytes" });
  return secret;
}

function hasScheme(header: string, scheme: string): boolean {
  return header.slice(0, scheme.length + 1).toLowerCase() === `${scheme.toLowerCase()} `;
}

/** A session must never stand in a request about a group: the server would learn which account is in it. Refused unread. */
export function installPlaneCheck(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    const { authorization } = request.headers;
    const isGroupPlane = request.routeOptions.config.plane === "group";
    if (isGroupPlane && authorization !== undefined && hasScheme(authorization, authorizationSchemes.session))
      throw new ProblemError("session-unwelcome");
  });
}

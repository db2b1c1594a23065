import { Type } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { Problem } from "./problem.ts";
import { Bytes, Exact, Id16, Secret, SigningKey } from "./shapes.ts";

/**
 * Signs in: `signature` by `key` over `{origin, challenge, account id}` as `crypto/src/account/sign-in.ts` writes it. `key` is a device's that
 * is listed and not revoked, or the account's sign-in key.
 */
export const CreateSession = {
  method: "POST",
  path: "/api/sessions",
  plane: "account",
  authorization: "none",
  body: Exact({ accountId: Id16, key: SigningKey, challenge: Bytes(32), signature: Bytes(64) }),
  response: {
    201: Exact({ session: Secret, expiresInSeconds: Type.Integer({ minimum: 1 }) }),
    400: Problem("malformed-request"),
    403: Problem("challenge-refused", "signature-refused", "key-refused"),
    404: Problem("unknown-account"),
    429: Problem("too-many-requests"),
  },
} as const satisfies Endpoint;

/** Signs out: the session, and every other that the same key opened, is worth nothing from the answer on. */
export const EndSession = {
  method: "DELETE",
  path: "/api/sessions/current",
  plane: "account",
  authorization: "session",
  response: { 204: Type.Null(), 401: Problem("session-required", "session-ended") },
} as const satisfies Endpoint;

import { Type } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { Problem } from "./problem.ts";
import { Bytes } from "./shapes.ts";

/** A challenge for one signature: to sign in, for a group token, to read a mailbox. Single use, 60 s. */
export const CreateChallenge = {
  method: "POST",
  path: "/api/challenges",
  plane: "open",
  authorization: "none",
  response: { 201: Type.Object({ challenge: Bytes(32) }), 429: Problem("too-many-requests") },
} as const satisfies Endpoint;

import { type Static, Type } from "typebox";
import type { Endpoint } from "./endpoint.ts";

/** What a client may know of a hall before it is known there. */
export const Hall = Type.Object({
  /** Number of the contract: see `contract-history.ts`. */
  contract: Type.Integer({ minimum: 1 }),
  /** True while the hall has no account and waits for its setup link. */
  setupOpen: Type.Boolean(),
  limits: Type.Record(Type.String(), Type.Union([Type.Integer(), Type.Record(Type.String(), Type.Integer())])),
});
export type Hall = Static<typeof Hall>;

export const GetHall = {
  method: "GET",
  path: "/api/hall",
  plane: "open",
  authorization: "none",
  response: { 200: Hall },
} as const satisfies Endpoint;

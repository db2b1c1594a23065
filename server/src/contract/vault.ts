import { type Static, Type } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { limits } from "./limits.ts";
import { AnyProblem, Problem } from "./problem.ts";
import { Bytes, BytesUpTo, Exact } from "./shapes.ts";

/** Random, another one for every vault that is put. */
export const VaultTag = Bytes(16);

/** The account's sealed vault and the tag that whoever replaces it must name; both null before the first. */
export const StoredVault = Exact({
  vault: Type.Union([BytesUpTo(limits.vaultBytes), Type.Null()]),
  tag: Type.Union([VaultTag, Type.Null()]),
});
export type StoredVault = Static<typeof StoredVault>;

export const GetVault = {
  method: "GET",
  path: "/api/account/vault",
  plane: "account",
  authorization: "session",
  response: { 200: StoredVault, 401: Problem("session-required", "session-ended") },
} as const satisfies Endpoint;

/** 409 where the vault is not the one that `replaces` names, with the tag of the one that is there. */
export const VaultChanged = Type.Object({
  ...AnyProblem.properties,
  code: Type.Literal("vault-changed"),
  tag: Type.Optional(VaultTag),
});

/** Compare-and-swap. The very bytes that are there already answer with their tag, whatever `replaces` says: an answer may have been lost. */
export const PutVault = {
  method: "PUT",
  path: "/api/account/vault",
  plane: "account",
  authorization: "session",
  body: Exact({ vault: BytesUpTo(limits.vaultBytes, 1), replaces: Type.Union([VaultTag, Type.Null()]) }),
  bodyLimit: Math.ceil((limits.vaultBytes * 4) / 3) + 1_024,
  response: {
    200: Exact({ tag: VaultTag }),
    400: Problem("malformed-request"),
    401: Problem("session-required", "session-ended"),
    409: VaultChanged,
    413: Problem("body-too-large"),
  },
} as const satisfies Endpoint;

import { type Static, Type } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { BytesUpTo, Exact, Id16, Secret, SigningKey } from "./shapes.ts";

/** What lets somebody make an account: the secret of the setup link, or a ticket for `register` that an invite carries. */
export const Admission = Type.Union([
  Exact({ kind: Type.Literal("setup"), secret: Secret }),
  Exact({ kind: Type.Literal("ticket"), ticket: Secret }),
]);
export type Admission = Static<typeof Admission>;

/**
 * Makes an account. `registration` is CBOR `[payload, signature (64)]` as `crypto/src/account/registration.ts` writes it: signed by the
 * identity key, with the hall's origin, the sign-in key and the first device's statement. The same registration again answers 200 and costs
 * no second ticket.
 */
export const RegisterAccount = {
  method: "POST",
  path: "/api/accounts",
  plane: "account",
  authorization: "none",
  body: Exact({ registration: BytesUpTo(2_120, 1), admission: Admission }),
  response: {
    200: Exact({ accountId: Id16 }),
    201: Exact({ accountId: Id16 }),
    400: Problem("malformed-request"),
    403: Problem("signature-refused", "setup-refused", "ticket-refused"),
    409: Problem("account-exists"),
    413: Problem("body-too-large"),
    429: Problem("too-many-requests"),
  },
} as const satisfies Endpoint;

/** A device key of an account as the server holds it. */
export const ListedDevice = Exact({ signingKey: SigningKey, revoked: Type.Boolean() });
export type ListedDevice = Static<typeof ListedDevice>;

/** What the server holds of the account of this session, its vault apart. */
export const Account = Exact({
  accountId: Id16,
  /** Whether it is the account that the setup link made: the hall's operator. */
  operator: Type.Boolean(),
  devices: Type.Array(ListedDevice),
});
export type Account = Static<typeof Account>;

export const GetAccount = {
  method: "GET",
  path: "/api/account",
  plane: "account",
  authorization: "session",
  response: { 200: Account, 401: Problem("session-required", "session-ended") },
} as const satisfies Endpoint;

/**
 * Hands over statements of the account's identity key, each CBOR `[payload, signature (64)]`; all are taken or none. `device` adds a device
 * key; `revoke` strikes one for ever and ends its sessions at once. What is known already changes nothing.
 */
export const AddStatements = {
  method: "POST",
  path: "/api/account/statements",
  plane: "account",
  authorization: "session",
  body: Exact({
    statements: Type.Array(BytesUpTo(limits.statementBytes, 1), { minItems: 1, maxItems: limits.deviceKeysPerAccount }),
  }),
  bodyLimit: 128 * 1024,
  response: {
    200: Account,
    400: Problem("malformed-request"),
    401: Problem("session-required", "session-ended"),
    403: Problem("statement-refused"),
    409: Problem("too-many-devices"),
    413: Problem("body-too-large"),
  },
} as const satisfies Endpoint;

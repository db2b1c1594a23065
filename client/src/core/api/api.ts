import type { Endpoint, fromWire, ProblemCode } from "@unionhall/server/contract";
import type { StopSignal } from "../stop.ts";

type Schema = Parameters<typeof fromWire>[0];
/** The values a schema of the contract describes. */
export type ValueOf<S extends Schema> = ReturnType<typeof fromWire<S>>;

/** Calls the contract's endpoints. Two planes: what carries a session is never sent about groups (protocol section 4). */
export interface Api {
  /**
   * Sends one request. Account endpoints get this account's session by themselves, which is made or renewed when needed; group and mailbox
   * tokens are given with the call.
   *
   * ```ts
   * const reply = await api.call(CreateGroupToken, { params: { groupId }, body }, ["pass-refused", "unknown-era"]);
   * if (reply.kind === "problem") return reply.code;
   * use(reply.body.token);
   * ```
   *
   * @param expected problem codes that come back as values; any other is thrown
   * @throws HallError `offline` (nothing is known about what the server did), `server-busy` (429 and 503), `quota-spent`, `server-refused` (any
   * other code), `server-lies` (a reply that is none of the contract's)
   */
  call<E extends Endpoint, const C extends ProblemCode = never>(
    endpoint: E,
    request: CallOf<E>,
    expected?: readonly C[],
  ): Promise<Reply<E, C>>;
}

/** What an endpoint takes. Numbers and booleans of a query are written as text. */
export type CallOf<E extends Endpoint> = Part<E, "params"> &
  Part<E, "query"> &
  Part<E, "body"> &
  TokenPart<E> & { readonly stop?: StopSignal };

type Part<E, Name extends "params" | "query" | "body"> =
  E extends Readonly<Record<Name, infer S extends Schema>> ? { readonly [K in Name]: ValueOf<S> } : unknown;

/** Of group tokens and mailbox tokens the bytes; of the session nothing. */
type TokenPart<E extends Endpoint> = E["authorization"] extends "group-token" | "mailbox-write" | "mailbox-read"
  ? { readonly token: Uint8Array }
  : unknown;

export type Reply<E extends Endpoint, C extends ProblemCode> = Replied<E> | ([C] extends [never] ? never : Problem<C>);

export interface Replied<E extends Endpoint> {
  readonly kind: "ok";
  readonly status: number;
  readonly body: SuccessOf<E["response"]>;
}

type SuccessOf<R> = {
  [K in keyof R]: K extends 200 | 201 | 202 | 204 ? (R[K] extends Schema ? ValueOf<R[K]> : never) : never;
}[keyof R];

export interface Problem<C extends ProblemCode> {
  readonly kind: "problem";
  readonly code: C;
  readonly retryAfterSeconds: number | null;
}

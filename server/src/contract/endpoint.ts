import type { TObject, TSchema } from "typebox";

/**
 * Which of the two planes answers (protocol section 4). `account`: carries a session, except to get one. `group`: refuses a session.
 * `open`: about the hall itself, takes neither.
 */
export type Plane = "account" | "group" | "open";

/**
 * How a request says who asks, in its `Authorization` header: `Bearer` and a session, `Group` and a group token, `Mailbox` and a mailbox's
 * write or read token.
 */
export type Authorization = "session" | "group-token" | "mailbox-write" | "mailbox-read" | "none";

/** An endpoint is data: the route and the API client are made from the same one. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Parameters as `:name`. */
  readonly path: `/api/${string}`;
  readonly plane: Plane;
  readonly authorization: Authorization;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** Content type of a body of raw bytes; `application/cbor` where it is not said. */
  readonly bodyType?: "application/octet-stream";
  /** Bytes of the longest body it takes; 16 KiB where it is not said. */
  readonly bodyLimit?: number;
  readonly response: Readonly<Record<number, TSchema>>;
}

/** How each {@link Authorization} is written in the header. */
export const authorizationSchemes = {
  session: "Bearer",
  "group-token": "Group",
  "mailbox-write": "Mailbox",
  "mailbox-read": "Mailbox",
} as const;

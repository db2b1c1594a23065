import { Kysely, PostgresDialect } from "kysely";
import { type CustomTypesConfig, Pool, types as defaultTypes } from "pg";

const int8 = 20;

/** 64-bit numbers come as JavaScript numbers; one that does not fit exactly is an error, never a rounded value. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError("a 64-bit number from the database is not a safe integer");
  return value;
}

const types: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === int8 && format !== "binary" ? parseInt8 : defaultTypes.getTypeParser(oid, format),
};

export interface ConnectOptions {
  /** Connections kept at most; 10 where it is not said. */
  readonly connections?: number;
  /** How long a connection may take to come about; 10,000 where it is not said. */
  readonly timeoutMilliseconds?: number;
}

/**
 * A pool of connections to the database at `url`, speaking the tables of `Schema`. Connects when it is first asked. `destroy()` closes it.
 * A connection that breaks while idle is dropped and replaced; the next query says what is wrong. One that breaks while it is used fails
 * what it was used for, and nothing else.
 */
export function connect<Schema>(
  url: string,
  { connections = 10, timeoutMilliseconds = 10_000 }: ConnectOptions = {},
): Kysely<Schema> {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeoutMilliseconds,
    idleTimeoutMillis: 60_000,
    application_name: "unionhall",
    // A transaction that its owner forgot must not hold a group's lock for ever.
    idle_in_transaction_session_timeout: 30_000,
    types,
  });
  pool.on("error", () => undefined);
  // The pool listens to idle connections only: one that died while somebody used it would end the process. Its query fails all the same.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

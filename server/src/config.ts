import { resolve } from "node:path";
import type { DatabaseUrls } from "./database/open.ts";
import { StartError } from "./start-error.ts";

/** How a hall runs. Secrets stand apart in {@link Secrets}: this much may be printed. */
export interface Config {
  /** 0 takes any free port. */
  readonly port: number;
  /** The address to listen on; null: both loopback addresses, of IPv4 and of IPv6. */
  readonly host: string | null;
  /** Absolute. Holds the built-in database; made when missing. */
  readonly dataFolder: string;
  /** Where people open the hall, without a slash at its end; null where it follows from the port. */
  readonly publicOrigin: string | null;
}

/** What gives access. */
export interface Secrets {
  /** Addresses with their passwords; null: the built-in PostgreSQL. */
  readonly databaseUrls: DatabaseUrls | null;
}

export interface Settings {
  readonly config: Config;
  readonly secrets: Secrets;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment, once: `PORT` (8080), `HOST` (both loopback addresses), `DATA_DIR` (data), `PUBLIC_URL` (http://localhost:PORT), `DATABASE_URL` and
 * `ACCOUNTS_DATABASE_URL` (the built-in PostgreSQL). An empty variable counts as none.
 *
 * @throws {StartError} one line for the first value that cannot be used
 */
export function readSettings(environment: Environment): Settings {
  const value = (name: string): string | null => environment[name]?.trim() || null;
  return {
    config: {
      port: portOf(value("PORT")),
      host: value("HOST"),
      dataFolder: resolve(value("DATA_DIR") ?? "data"),
      publicOrigin: originOf(value("PUBLIC_URL")),
    },
    secrets: { databaseUrls: databaseUrlsOf(value("DATABASE_URL"), value("ACCOUNTS_DATABASE_URL")) },
  };
}

const highestPort = 65_535;

function portOf(text: string | null): number {
  if (text === null) return 8080;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > highestPort)
    throw new StartError(`PORT is ${JSON.stringify(text)}; set it to a whole number from 0 to ${highestPort}`);
  return port;
}

function originOf(text: string | null): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isAddress = url !== null && (url.protocol === "https:" || url.protocol === "http:") && url.username === "";
  if (!isAddress || url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw new StartError(
      `PUBLIC_URL is ${JSON.stringify(text)}; set it to the address people open, such as https://hall.example, with nothing behind the name`,
    );
  if (url.protocol !== "https:" && !isThisMachine(url.hostname))
    throw new StartError(
      `PUBLIC_URL is ${JSON.stringify(text)}, but browsers give no cryptography to plain http; set it to an https address (behind a proxy that holds the certificate), or to http://localhost for this machine alone`,
    );
  return url.origin;
}

/** Names for which browsers treat plain http as secure. */
function isThisMachine(hostname: string): boolean {
  return /^(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

function databaseUrlsOf(groups: string | null, accounts: string | null): DatabaseUrls | null {
  if (groups === null) {
    if (accounts === null) return null;
    throw new StartError("ACCOUNTS_DATABASE_URL is set and DATABASE_URL is not; set both, or DATABASE_URL alone");
  }
  const groupsUrl = postgresUrl("DATABASE_URL", groups);
  const accountsUrl = accounts === null ? besides(groupsUrl) : postgresUrl("ACCOUNTS_DATABASE_URL", accounts);
  if (sameDatabase(groupsUrl, accountsUrl))
    throw new StartError(
      "DATABASE_URL and ACCOUNTS_DATABASE_URL name the same database; accounts and groups lie in two, so that neither tells about the other",
    );
  return { groups: groupsUrl.href, accounts: accountsUrl.href };
}

function postgresUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPostgres = url !== null && (url.protocol === "postgres:" || url.protocol === "postgresql:");
  // The value itself may hold a password: it is not repeated.
  if (!isPostgres || url.pathname.length < 2)
    throw new StartError(
      `${name} is no address of a database; write it as postgres://user:password@host:5432/name, the password in PGPASSWORD if it holds other characters than letters and digits`,
    );
  return url;
}

/** With one address given, accounts lie beside it in the same cluster: `name_accounts`. */
function besides(groups: URL): URL {
  const url = new URL(groups);
  url.pathname = `${url.pathname}_accounts`;
  return url;
}

function sameDatabase(a: URL, b: URL): boolean {
  return a.hostname === b.hostname && a.port === b.port && a.pathname === b.pathname;
}

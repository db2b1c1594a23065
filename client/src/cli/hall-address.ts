import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseLink } from "@unionhall/crypto";
import { HallError } from "../core/index.ts";
import { UsageError } from "./usage.ts";

const fileName = "server";

/**
 * The hall that a home belongs to: the one it was used with, else the link's, else the one that was given.
 *
 * @throws {UsageError} when nothing says which, or they contradict each other
 * @throws {HallError} `link-malformed` when the link should say it and is none
 */
export function hallAddress(home: string, server: string | null, link: string | null): string {
  const kept = keptAddress(home);
  if (kept !== null && server !== null && server !== kept)
    throw new UsageError(`this home belongs to ${kept}, not to ${server}: use another --home`);
  const address = kept ?? linkOrigin(link) ?? server;
  if (address !== null) return address;
  if (link !== null)
    throw new HallError(
      "link-malformed",
      "this link is not whole; nothing was done: copy it again from its beginning to its end",
    );
  throw new UsageError("which hall? Give --server URL");
}

/** Belongs to a home from the first use on that reached the hall. */
export function keepAddress(home: string, address: string): void {
  if (keptAddress(home) === address) return;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, fileName), `${address}\n`, { mode: 0o600 });
}

function keptAddress(home: string): string | null {
  try {
    return readFileSync(join(home, fileName), "utf8").trim();
  } catch {
    return null;
  }
}

/** Null where the text is no link: core says what is wrong with it. */
function linkOrigin(text: string | null): string | null {
  const link = text === null ? null : parseLink(text);
  return link === null || link.kind === "refused" ? null : link.origin;
}

import { parseLink, type InviteLink, type SetupLink } from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import type { Lock, Profile } from "./session-door.ts";

/** Characters of the shortest passphrase that locks a device. */
export const minPassphraseCharacters = 8;
const maxNameCharacters = 80;
const maxTextCharacters = 120;
const maxLanguages = 32;

/**
 * The profile as it is kept: white space at the ends taken off, empty texts absent.
 *
 * @throws HallError `name-empty`, `name-too-long`
 */
export function checkedProfile({ name, union, country, languages }: Profile): Profile {
  const checked: Profile = {
    name: name.toWellFormed().trim(),
    union: textOrNull(union),
    country: textOrNull(country),
    languages: languages.slice(0, maxLanguages).map((language) => language.toWellFormed().trim().slice(0, 16)),
  };
  if (checked.name === "") throw new HallError("name-empty", "a name is needed");
  if (countCharacters(checked.name) > maxNameCharacters) throw tooLong("the name", maxNameCharacters);
  for (const text of [checked.union, checked.country])
    if (text !== null && countCharacters(text) > maxTextCharacters)
      throw tooLong("union and country", maxTextCharacters);
  return checked;
}

/** @throws HallError `passphrase-too-short` */
export function checkLock(lock: Lock): void {
  if (lock.kind === "passphrase" && countCharacters(lock.passphrase) < minPassphraseCharacters)
    throw new HallError("passphrase-too-short", `a passphrase has at least ${minPassphraseCharacters} characters`);
}

/**
 * What lets somebody in: a setup link or an invite link of this hall.
 *
 * @throws HallError `link-malformed`, `link-other-hall`
 */
export function parseEntryLink(text: string, origin: string): SetupLink | InviteLink {
  const link = parseLink(text);
  if (link.kind === "refused")
    throw new HallError("link-malformed", `this is neither a setup link nor an invite: ${link.reason}`);
  if (link.origin !== origin) throw new HallError("link-other-hall", "the link leads to another hall");
  return link;
}

function textOrNull(text: string | null): string | null {
  const trimmed = text?.toWellFormed().trim() ?? "";
  return trimmed === "" ? null : trimmed;
}

/** Code points: what a person would roughly count, and never more than the bytes' limit allows. */
function countCharacters(text: string): number {
  return Array.from(text).length;
}

function tooLong(what: string, limit: number): HallError {
  return new HallError("name-too-long", `${what} may have ${limit} characters`);
}

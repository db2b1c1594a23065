/**
 * The links by which people come in (protocol section 7). What stands after `#` never reaches a server:
 * invite `https://hall/join#<version 1 ‖ group id 32 ‖ secret 16>`, setup `https://hall/setup#<version 1 ‖ secret 16 to 32>`,
 * both in base64url. Nothing is derived here, so the server can write setup links.
 */
import { concat, fromBase64Url, toBase64Url } from "../primitives/bytes.ts";
import { EncodingError } from "../primitives/errors.ts";

/** Bytes of an invite's secret. */
export const INVITE_SECRET_BYTES = 16;
/** The version of both links. */
const LINK_VERSION = 1;

const GROUP_ID_BYTES = 32;
const SETUP_SECRET_BYTES = { min: 16, max: 32 } as const;
const MAX_LINK_CHARACTERS = 1_000;

/** What an invite link says. */
export interface InviteLink {
  readonly kind: "invite";
  /** `https://hall.example`, or `http` on this machine. */
  readonly origin: string;
  /** 32 bytes */
  readonly groupId: Uint8Array;
  /** 16 bytes */
  readonly secret: Uint8Array;
}

/** What the link says that makes a hall's first account. */
export interface SetupLink {
  readonly kind: "setup";
  readonly origin: string;
  /** 16 to 32 bytes */
  readonly secret: Uint8Array;
}

/** Why a text is no link of a hall. */
export type LinkRefusal =
  /** not an address at all, or one of neither kind */
  | "not-a-link"
  /** not `https`, except on this machine: browsers give no cryptography there */
  | "insecure-origin"
  /** what stands after `#` is missing: many programs cut it off when they pass a link on */
  | "secret-missing"
  /** what stands after `#` was cut short, lengthened or altered */
  | "damaged"
  /** made by a newer version of the program */
  | "newer-version";

export type ParsedLink = InviteLink | SetupLink | { readonly kind: "refused"; readonly reason: LinkRefusal };

/** The text of an invite link. */
export function inviteLinkText({ origin, groupId, secret }: Omit<InviteLink, "kind">): string {
  checkLength(groupId, GROUP_ID_BYTES, GROUP_ID_BYTES);
  checkLength(secret, INVITE_SECRET_BYTES, INVITE_SECRET_BYTES);
  return linkText(origin, "join", concat(Uint8Array.of(LINK_VERSION), groupId, secret));
}

/** The text of a setup link; `secret` 16 to 32 random bytes. */
export function setupLinkText({ origin, secret }: Omit<SetupLink, "kind">): string {
  checkLength(secret, SETUP_SECRET_BYTES.min, SETUP_SECRET_BYTES.max);
  return linkText(origin, "setup", concat(Uint8Array.of(LINK_VERSION), secret));
}

/** Reads either link as people paste it: white space around it does not matter, everything else does. */
export function parseLink(text: string): ParsedLink {
  const found = /^(https?:\/\/[^/?#\s]+)\/(join|setup)\/?(?:#(.*))?$/s.exec(text.trim());
  const [, origin, path, fragment] = found ?? [];
  if (text.length > MAX_LINK_CHARACTERS || origin === undefined) return refused("not-a-link");
  if (!isSafeOrigin(origin)) return refused("insecure-origin");
  if (fragment === undefined || fragment === "") return refused("secret-missing");
  const bytes = bytesOf(fragment);
  const [first = 0] = bytes ?? [];
  if (bytes === null) return refused("damaged");
  return path === "join" ? inviteOf(origin.toLowerCase(), bytes, first) : setupOf(origin.toLowerCase(), bytes, first);
}

function inviteOf(origin: string, bytes: Uint8Array, first: number): ParsedLink {
  if (first > LINK_VERSION) return refused("newer-version");
  if (first !== LINK_VERSION || bytes.length !== 1 + GROUP_ID_BYTES + INVITE_SECRET_BYTES) return refused("damaged");
  const groupId = bytes.slice(1, 1 + GROUP_ID_BYTES);
  return { kind: "invite", origin, groupId, secret: bytes.slice(1 + GROUP_ID_BYTES) };
}

function setupOf(origin: string, bytes: Uint8Array, first: number): ParsedLink {
  if (first > LINK_VERSION) return refused("newer-version");
  const length = bytes.length - 1;
  const fits = length >= SETUP_SECRET_BYTES.min && length <= SETUP_SECRET_BYTES.max;
  if (first !== LINK_VERSION || !fits) return refused("damaged");
  return { kind: "setup", origin, secret: bytes.slice(1) };
}

/** The origin must be one that a browser would write, and secure: https, or this machine. */
function isSafeOrigin(origin: string): boolean {
  if (/^https:\/\/[a-z0-9.[\]:-]+$/i.test(origin)) return true;
  return /^http:\/\/(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?$/i.test(origin);
}

function linkText(origin: string, path: "join" | "setup", bytes: Uint8Array): string {
  const text = `${origin}/${path}#${toBase64Url(bytes)}`;
  if (parseLink(text).kind === "refused") throw new EncodingError("bad-text");
  return text;
}

function checkLength(bytes: Uint8Array, min: number, max: number): void {
  if (bytes.length < min || bytes.length > max) throw new EncodingError("wrong-shape");
}

function bytesOf(fragment: string): Uint8Array | null {
  try {
    return fromBase64Url(fragment);
  } catch (error) {
    if (error instanceof EncodingError) return null;
    throw error;
  }
}

function refused(reason: LinkRefusal): ParsedLink {
  return { kind: "refused", reason };
}

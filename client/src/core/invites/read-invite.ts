import {
  linkKeys,
  openPreview,
  parseLink,
  toHex,
  type InviteLink,
  type LinkKeys,
  type LinkRefusal,
  type Preview,
  type PreviewRefusal,
} from "@unionhall/crypto";
import type { GuestParts, ReadInvite } from "../engine.ts";
import { HallError } from "../problems.ts";
import { DeskServer } from "./desk-server.ts";
import type { InvitePreview } from "./invites-door.ts";

/** A link, all that follows from it, and what it shows. */
export interface FollowedLink {
  readonly link: InviteLink;
  readonly keys: LinkKeys;
  readonly preview: Preview;
}

/**
 * Behind `EngineMaker.readInvite`: what a link shows to somebody who need not have an account, with the tickets that register one.
 *
 * @throws HallError as {@link followLink}
 */
export async function readInvite(parts: GuestParts, text: string): Promise<ReadInvite> {
  const { preview } = await followLink(parts, text);
  return { preview: shownPreview(preview), tickets: preview.tickets };
}

/**
 * Reads a link of this hall, fetches its preview by the desk's id and checks it against the link (protocol section 7): only what the link was
 * made for comes back.
 *
 * @throws HallError `link-malformed`, `link-other-hall`, `invite-unknown`, `invite-forged`, `invite-expired`, `server-newer` (made by a newer
 * program), `offline`
 */
export async function followLink(
  { api, origin, clock }: Omit<GuestParts, "random">,
  text: string,
): Promise<FollowedLink> {
  const link = parseInviteLink(text, origin);
  const keys = linkKeys(link.groupId, link.secret);
  const sealed = await new DeskServer(keys.deskId, api, origin).preview();
  if (sealed === null) throw new HallError("invite-unknown", "there is no such invite here, or it is gone");
  const opened = openPreview(sealed, link.groupId, link.secret);
  if (opened.kind === "refused") throw refusalOfPreview(opened.reason);
  if (clock.now() >= opened.preview.expiry) throw new HallError("invite-expired", "the invite has expired");
  return { link, keys, preview: opened.preview };
}

/** @throws HallError `link-malformed`, `link-other-hall` */
export function parseInviteLink(text: string, origin: string): InviteLink {
  const link = parseLink(text);
  if (link.kind === "refused") throw new HallError("link-malformed", linkFaults[link.reason]);
  if (link.kind === "setup") throw new HallError("link-malformed", "this is a hall's setup link, not an invite");
  if (link.origin !== origin) throw new HallError("link-other-hall", "the invite leads to another hall");
  return link;
}

const linkFaults: Readonly<Record<LinkRefusal, string>> = {
  "not-a-link": "this is no invite link",
  "insecure-origin": "the link leads to an address that is not secure",
  "secret-missing": "the part of the link after # is missing",
  damaged: "the link was cut short or altered",
  "newer-version": "the link was made by a newer version of the program",
};

function refusalOfPreview(reason: PreviewRefusal): HallError {
  if (reason === "newer-version") return new HallError("server-newer", "the invite was made by a newer program");
  return new HallError("invite-forged", `what the hall shows is not what the link was made for: ${reason}`);
}

export function shownPreview(preview: Preview): InvitePreview {
  const { groupId, groupName, inviterName, rules, admission, expiry } = preview;
  return {
    groupId: toHex(groupId),
    groupName,
    inviterName,
    history: rules.history,
    retentionDays: rules.retentionDays,
    mode: admission,
    expiresAt: expiry,
  };
}

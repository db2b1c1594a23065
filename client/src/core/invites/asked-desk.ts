import { linkKeys } from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import { HallError } from "../problems.ts";
import { DeskServer } from "./desk-server.ts";

/** The desk at which a guest asks, as far as the holder of a link gets: leaving a request, and seeing whether it is there. */

type AskedParts = Pick<EngineParts, "api" | "origin" | "clock">;
interface Asked {
  readonly groupId: Uint8Array;
  readonly secret: Uint8Array;
  readonly expiry: number;
}

/** How long past its expiry an invite's answer is still waited for: clocks differ. */
const graceMilliseconds = 60 * 60 * 1000;

/**
 * Leaves the sealed request; the same again changes nothing.
 *
 * @throws HallError `invite-ended` when the desk takes no requests any more, `server-busy` when it is full, `invite-forged`, `offline`
 */
export async function leaveRequest(parts: AskedParts, asked: Asked, sealed: Uint8Array): Promise<void> {
  const { deskId, deskWriteToken } = linkKeys(asked.groupId, asked.secret);
  switch (await new DeskServer(deskId, parts.api, parts.origin).leave(deskWriteToken, sealed)) {
    case "left":
      return;
    case "full":
      throw new HallError("server-busy", "the desk is full of requests; this one is kept and sent later");
    case "gone":
      throw new HallError("invite-ended", "the invite takes no requests any more");
    case "refused":
      throw new HallError("invite-forged", "the hall does not take requests by this link");
  }
}

/** Whether the desk still stands: one that is gone answers nobody. @throws HallError `offline` */
export async function isDeskThere({ api, origin }: AskedParts, { groupId, secret }: Asked): Promise<boolean> {
  const { deskId } = linkKeys(groupId, secret);
  return (await new DeskServer(deskId, api, origin).preview()) !== null;
}

/** Whether the invite's day has passed for every clock. */
export function isPast({ clock }: AskedParts, { expiry }: Pick<Asked, "expiry">): boolean {
  return clock.now() >= expiry + graceMilliseconds;
}

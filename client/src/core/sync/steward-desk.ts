import {
  accountOf,
  isFacilitator,
  isIn,
  signStewardCommand,
  stewardKeyPair,
  type StewardOperation,
} from "@unionhall/crypto";
import type { GroupParts } from "./group-parts.ts";
import type { HeldGroup } from "./held-group.ts";
import type { OpenGroup } from "./open-group.ts";
import { isChainsSeed, takeStewardSeed } from "./own-steward-key.ts";

/** A counter that another device of the account may have used is left behind by this many attempts at most. */
const attempts = 3;

/** Signs a steward's command with the next counter. Null where this account's key is not one that the server must obey. */
export async function signCommand(
  parts: GroupParts,
  held: HeldGroup,
  operation: StewardOperation,
): Promise<Uint8Array | null> {
  const { groupId } = held;
  const { identityKey } = parts.account;
  return held.change(async (draft) => {
    takeStewardSeed(draft, parts);
    const account = accountOf(draft.state, identityKey);
    const { stewardSeed, stewardCounter } = draft.stored;
    const obeyed = account !== undefined && isIn(account) && isFacilitator(account);
    if (!obeyed || !isChainsSeed(draft.state, identityKey, stewardSeed)) return null;
    const counter = stewardCounter + 1;
    draft.set({ stewardCounter: counter });
    return signStewardCommand({ origin: parts.origin, groupId, counter, operation }, stewardKeyPair(stewardSeed));
  });
}

/** Has the server do it. Says whether it did. @throws HallError `offline` */
export async function commandServer(
  parts: GroupParts,
  group: OpenGroup,
  operation: StewardOperation,
): Promise<boolean> {
  return (await withCommand(parts, group, operation, (command) => group.server.command(command))) === "done";
}

/**
 * Sends something with a steward's command for it. Gives the server's answer; `no-steward` where this account's key is not one that the server
 * must obey; `counter-used` where it says so of every counter tried. @throws HallError `offline`
 */
export async function withCommand<Answer>(
  parts: GroupParts,
  group: OpenGroup,
  operation: StewardOperation,
  send: (command: Uint8Array) => Promise<Answer>,
): Promise<Answer | "no-steward" | "counter-used"> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const command = await signCommand(parts, group.held, operation);
    if (command === null) return "no-steward";
    const answer = await send(command);
    if (answer !== "counter-used") return answer;
    const now = parts.clock.now();
    await group.held.change(async (draft) => {
      draft.set({ stewardCounter: Math.max(draft.stored.stewardCounter, now) });
    });
  }
  return "counter-used";
}

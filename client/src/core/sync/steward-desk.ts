import {
  equalBytes,
  isFacilitator,
  isIn,
  signStewardCommand,
  stewardKeyPair,
  type StewardOperation,
} from "@unionhall/crypto";
import type { GroupParts } from "./group-parts.ts";
import type { OpenGroup } from "./open-group.ts";

/** A counter that another device of the account may have used is left behind by this many attempts at most. */
const attempts = 3;

/** Signs a steward's command with the next counter. Null where this account's key is not one that the server must obey. */
async function signCommand(
  parts: GroupParts,
  group: OpenGroup,
  operation: StewardOperation,
): Promise<Uint8Array | null> {
  const account = group.state.accounts.get(group.accountKey);
  const key = stewardKeyPair(group.stewardSeed);
  const listed = account !== undefined && isIn(account) && isFacilitator(account) && account.stewardKey !== null;
  if (!listed || account.stewardKey === null || !equalBytes(account.stewardKey, key.publicKey)) return null;
  const counter = await group.held.change(async (draft) => {
    draft.set({ stewardCounter: draft.stored.stewardCounter + 1 });
    return draft.stored.stewardCounter;
  });
  return signStewardCommand({ origin: parts.origin, groupId: group.groupId, counter, operation }, key);
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
    const command = await signCommand(parts, group, operation);
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

import { eraKeysOf, sameStewards, serverEraDifferences, stewardListOf, toHex } from "@unionhall/crypto";
import type { GroupParts } from "./group-parts.ts";
import type { GroupDraft } from "./group-draft.ts";
import type { GroupToken, ServerGroup } from "./group-server.ts";
import type { OpenGroup } from "./open-group.ts";
import { commandServer } from "./steward-desk.ts";
import { unwarn, warn } from "./warnings.ts";

/**
 * Compares what the server holds of the group's newest state with the chain (protocol section 5, Steward keys): whom it obeys, and the newest
 * era's public keys. A difference is shown; a facilitator's client corrects the list at once.
 */
export async function checkServer(parts: GroupParts, group: OpenGroup, token: GroupToken): Promise<void> {
  const shown = await shownAtHead(group, token);
  const { newest, state } = group;
  if (shown === null || newest === null) return;
  const now = parts.clock.now();
  const isAtHead = shown.headIndex === state.hashes.length - 1;
  await group.held.change((draft) => sayOfHead(draft, isAtHead, now));
  if (!isAtHead) return;
  const differences = serverEraDifferences(shown, eraKeysOf(newest.era, newest.eraKey));
  if (differences.length > 0)
    await group.held.change((draft) =>
      warn(draft, "pass-differs", `server ${newest.era}`, {
        noticedAt: now,
        by: null,
        detail: `the hall names other keys for era ${newest.era} than the chain: ${differences.join(", ")}`,
      }),
    );
  const right = stewardListOf(state);
  const held = shown.stewards.toSorted((a, b) => (toHex(a) < toHex(b) ? -1 : 1));
  if (sameStewards(held, right)) return;
  await group.held.change((draft) =>
    warn(draft, "stewards-differ", held.map(toHex).join(), {
      noticedAt: now,
      by: null,
      detail: "the hall obeys other keys than those of this group's facilitators",
    }),
  );
  await commandServer(parts, group, { kind: "stewards", stewards: right });
}

/** What the server holds, asked for again as long as the chain went on meanwhile: what it shows then belongs to a state that is not here yet. */
async function shownAtHead(group: OpenGroup, token: GroupToken): Promise<ServerGroup | null> {
  let shown = await group.server.group(token.token);
  for (let round = 1; round < rounds && shown !== null && shown.headIndex !== group.state.hashes.length - 1; round++) {
    await group.caughtUp();
    shown = await group.server.group(token.token);
  }
  return shown;
}

const rounds = 4;

/** A server that speaks of another head than it shows holds something back, or can never be compared. */
async function sayOfHead(draft: GroupDraft, isAtHead: boolean, now: number): Promise<void> {
  if (isAtHead) return unwarn(draft, "gap", "head");
  await warn(draft, "gap", "head", {
    noticedAt: now,
    by: null,
    detail: "the hall names another end of the chain than it shows here",
  });
}

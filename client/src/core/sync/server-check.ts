import { eraKeysOf, sameStewards, serverEraDifferences, stewardListOf, toHex } from "@unionhall/crypto";
import type { GroupParts } from "./group-parts.ts";
import type { GroupToken } from "./group-server.ts";
import type { OpenGroup } from "./open-group.ts";
import { commandServer } from "./steward-desk.ts";
import { warn } from "./warnings.ts";

/**
 * Compares what the server holds of the group's newest state with the chain (protocol section 5, Steward keys): whom it obeys, and the newest
 * era's public keys. A difference is shown; a facilitator's client corrects the list at once.
 */
export async function checkServer(parts: GroupParts, group: OpenGroup, token: GroupToken): Promise<void> {
  const shown = await group.server.group(token.token);
  const { newest, state } = group;
  if (shown === null || newest === null) return;
  // The chain went on meanwhile: what the server shows belongs to a state that is not here yet.
  if (shown.headIndex !== state.hashes.length - 1) return;
  const now = parts.clock.now();
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

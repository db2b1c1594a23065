import { equalBytes, eraKeysOf, type EraKeys } from "@unionhall/crypto";
import type { Account } from "../session/account.ts";
import type { GroupServer, GroupToken, ServerEras } from "./group-server.ts";
import type { HeldEra } from "./group-store.ts";
import { openOwnBoxes } from "./own-boxes.ts";

/** How near to the newest era this account can come by itself. */
export type Reached =
  /** It holds the newest era's key, and the server knows the pass that follows from it. */
  | { readonly kind: "newest"; readonly keys: EraKeys; readonly token: GroupToken; readonly eras: ServerEras }
  /** No box of the newest era opens: removed, or the box is missing. The log can be read to the end of the era held. */
  | { readonly kind: "older"; readonly keys: EraKeys; readonly token: GroupToken; readonly eras: ServerEras }
  /** The server shows another pass or label key for the newest era than follow from any key that came for it. `older`: how far one can read. */
  | {
      readonly kind: "differs";
      readonly era: number;
      readonly older: Extract<Reached, { readonly kind: "older" }> | null;
      readonly eras: ServerEras;
    }
  /** No key at all. */
  | { readonly kind: "shut-out"; readonly eras: ServerEras };

/**
 * Finds keys of the newest era: among those at hand, else in this account's own box. With nobody else online, and after any absence.
 *
 * @throws HallError `offline`, `group-unknown`
 */
export async function reachNewestEra(
  server: GroupServer,
  account: Account,
  atHand: readonly HeldEra[],
  now: number,
): Promise<Reached> {
  const eras = await server.eras();
  const shown = eras.kept.find(({ era }) => era === eras.newest);
  const held = atHand.filter(({ era }) => era === eras.newest).map(({ era, eraKey }) => eraKeysOf(era, eraKey));
  const first = await tokenFor(server, shown?.labelKey, held, now);
  if (first !== null) return { kind: "newest", ...first, eras };
  const boxed = shown === undefined ? [] : await openOwnBoxes(server, account, [shown]);
  const second = await tokenFor(server, shown?.labelKey, boxed, now);
  if (second !== null) return { kind: "newest", ...second, eras };
  const older = await reachOlder(server, atHand, eras, now);
  if (held.length === 0 && boxed.length === 0) return older;
  return { kind: "differs", era: eras.newest, older: older.kind === "older" ? older : null, eras };
}

/** The newest of the eras at hand that is older than the server's newest one: how far one can read. */
export async function reachOlder(
  server: GroupServer,
  atHand: readonly HeldEra[],
  eras: ServerEras,
  now: number,
): Promise<Extract<Reached, { readonly kind: "older" | "shut-out" }>> {
  const older = atHand.filter(({ era }) => era < eras.newest).toSorted((a, b) => b.era - a.era);
  for (const { era, eraKey } of older) {
    const keys = eraKeysOf(era, eraKey);
    const token = await server.token(keys, now);
    if (token !== null) return { kind: "older", keys, token, eras };
  }
  return { kind: "shut-out", eras };
}

async function tokenFor(
  server: GroupServer,
  labelKey: Uint8Array | undefined,
  candidates: readonly EraKeys[],
  now: number,
): Promise<{ readonly keys: EraKeys; readonly token: GroupToken } | null> {
  for (const keys of candidates) {
    if (labelKey === undefined || !equalBytes(labelKey, keys.label.publicKey)) continue;
    const token = await server.token(keys, now);
    if (token !== null) return { keys, token };
  }
  return null;
}

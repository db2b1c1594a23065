import {
  chainKeyBefore,
  contentKeyBefore,
  erasCut,
  type EraKeys,
  type EraLink,
  type SealedEntry,
} from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import { sealedEntry } from "./apply-entry.ts";
import { storedEntry } from "./apply-page.ts";
import type { ChainItem, ChainItems } from "./chain-items.ts";
import type { GroupSnapshot } from "./group-draft.ts";
import type { GroupServer } from "./group-server.ts";

/** Links of eras, by the era they stand with: several where somebody left a wrong one beside the right one. */
export type Links = ReadonlyMap<number, readonly EraLink[]>;

/** The chain key (32 bytes) of each era, or where the walk had to stop because no link led on. */
export interface ChainKeys {
  readonly found: ReadonlyMap<number, Uint8Array>;
  /** The era whose link is missing or wrong; null where the walk came through. */
  readonly brokenAt: number | null;
}

/** The greatest era whose chain key is held here and that the chain here has reached; -1 for none. */
export function highestHeld({ keys, state }: GroupSnapshot): number {
  return state.eras.findLast(({ number }) => keys.has(number))?.number ?? -1;
}

/** Walks from the newest era's chain key back to the eras that are held, or to the first. */
export function walkChainKeys(
  groupId: Uint8Array,
  newest: EraKeys,
  down: number,
  links: Links,
  items: Pick<ChainItems, "starting">,
): ChainKeys {
  const found = new Map([[newest.number, newest.chainKey]]);
  let key = newest.chainKey;
  for (let era = newest.number; era > down + 1; era--) {
    const entries = items.starting(era).map((item) => entryOf(groupId, item));
    const older = chainKeyBefore(groupId, era, key, links.get(era) ?? [], entries);
    if (older === null) return { found, brokenAt: era };
    found.set(era - 1, older);
    key = older;
  }
  return { found, brokenAt: null };
}

function entryOf(groupId: Uint8Array, item: ChainItem): SealedEntry {
  return sealedEntry(groupId, storedEntry(item));
}

/**
 * The eras whose links may bring content keys that are missing here: an era's content key is held, the one before has none, and the chain says
 * that the link hands it on. Null for none.
 */
export function linksWanted({ state, keys }: Pick<GroupSnapshot, "state" | "keys">): {
  readonly from: number;
  readonly to: number;
} | null {
  const isMissing = (era: number): boolean => era >= erasCut(state) && keys.get(era)?.contentKey === null;
  const leads = (era: number): boolean => state.eras[era]?.linksContent === true && isMissing(era - 1);
  const held = state.eras.filter(({ number }) => (keys.get(number)?.contentKey ?? null) !== null && leads(number));
  const [lowest, highest] = [held.at(0), held.at(-1)];
  if (lowest === undefined || highest === undefined) return null;
  let from = lowest.number;
  while (leads(from - 1)) from -= 1;
  return { from, to: highest.number };
}

/**
 * Content keys of eras that have none yet, as far back as links with a content part lead from eras that have one.
 *
 * `broken`: eras whose link should have a content part and has no right one.
 */
export function walkContentKeys(
  { state, keys }: Pick<GroupSnapshot, "state" | "keys">,
  links: Links,
): { readonly found: ReadonlyMap<number, Uint8Array>; readonly broken: readonly number[] } {
  const found = new Map<number, Uint8Array>();
  const broken: number[] = [];
  for (const era of state.eras.toReversed()) {
    const older = state.eras[era.number - 1];
    const content = found.get(era.number) ?? keys.get(era.number)?.contentKey ?? null;
    if (older === undefined || content === null || !era.linksContent || older.number < erasCut(state)) continue;
    if ((keys.get(older.number)?.contentKey ?? null) !== null) continue;
    const key = contentKeyBefore(state.groupId, older, content, links.get(era.number) ?? []);
    if (key === null) broken.push(era.number);
    else found.set(older.number, key);
  }
  return { found, broken };
}

/** Links of eras `from` to `to`, both included, in as many pages as it takes. */
export async function readLinks(server: GroupServer, token: Uint8Array, from: number, to: number): Promise<Links> {
  const links = new Map<number, readonly EraLink[]>();
  for (let next = from; next <= to; next += linksAtOnce) {
    const page = await server.links(token, next, Math.min(to, next + linksAtOnce - 1));
    if (page === null) throw new HallError("server-busy", "the group token has ended; it is asked for again");
    for (const { era, links: held } of page) links.set(era, held);
  }
  return links;
}

const linksAtOnce = 500;

import {
  applyEntry,
  equalBytes,
  eraDifferences,
  GroupKeyError,
  groupKeys,
  newestEra,
  type EraKeys,
} from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import { applyEntryItem, sealedEntry } from "./apply-entry.ts";
import { reflectState, storedEntry, takeKeys } from "./apply-page.ts";
import { ChainItems, type ChainItem } from "./chain-items.ts";
import type { GroupDraft, GroupSnapshot } from "./group-draft.ts";
import { selfOf, type GroupParts } from "./group-parts.ts";
import type { GroupServer, GroupToken } from "./group-server.ts";
import type { HeldGroup } from "./held-group.ts";
import { highestHeld, linksWanted, readLinks, walkChainKeys, type Links } from "./read-chain.ts";
import { unwarn } from "./warnings.ts";

/** What came of reading the chain. */
export type ChainRead =
  /** All of it is stored, and it commits to the newest era's keys; with the links that were read. */
  | { readonly kind: "settled"; readonly links: Links }
  /** The link of this era is missing or wrong; nothing was stored. */
  | { readonly kind: "link-broken"; readonly era: number }
  /** The chain does not commit to these keys; nothing was stored. `by`: who began their era, where the chain says so. */
  | { readonly kind: "differs"; readonly by: Uint8Array | null };

type ChainKeys = ReadonlyMap<number, Uint8Array>;

const entriesPerChange = 500;

/**
 * Reads what is missing of a group's chain with the keys of one era. Keys and entries are stored only once the whole chain was judged with them
 * and turned out to commit to that very era: a key out of a box that some member laid, and a hall that shows what fits it, leave nothing behind.
 */
export class ChainReading {
  readonly #parts: GroupParts;
  readonly #server: GroupServer;
  readonly #held: HeldGroup;

  constructor(parts: GroupParts, server: GroupServer, held: HeldGroup) {
    this.#parts = parts;
    this.#server = server;
    this.#held = held;
  }

  /**
   * `isNewest`: the token is of the server's newest era; only that reads links. `ahead`: also where the newest era is held, as the log cannot be
   * read on from the cursor.
   *
   * @throws HallError `offline`, `server-busy`, `server-lies`
   */
  async read(keys: EraKeys, token: GroupToken, isNewest: boolean, ahead = false): Promise<ChainRead> {
    const { snapshot } = this.#held;
    const down = highestHeld(snapshot);
    const wanted = linksWanted(snapshot);
    if (!ahead && down >= keys.number && snapshot.stored.newest?.era === keys.number) {
      const links = isNewest && wanted !== null ? await this.#links(token, wanted.from, wanted.to) : new Map();
      return { kind: "settled", links };
    }
    const items = await ChainItems.read(this.#server, token.token, snapshot.stored.cursor);
    // Each era between has its start in the chain: else there is none of this number, and no end of links to ask for.
    for (let era = keys.number; era > down + 1; era--)
      if (items.starting(era).length === 0) return { kind: "differs", by: null };
    const links = await this.#links(token, Math.min(down + 1, wanted?.from ?? keys.number), keys.number);
    const { found, brokenAt } = walkChainKeys(this.#held.groupId, keys, down, links, items);
    if (brokenAt !== null) return { kind: "link-broken", era: brokenAt };
    const end =
      items.whole === null ? await this.#takeLong(items, keys, found) : await this.#take(items.whole, keys, found);
    return end.kind === "settled" ? { kind: "settled", links } : end;
  }

  async #links(token: GroupToken, from: number, to: number): Promise<Links> {
    return readLinks(this.#server, token.token, Math.max(from, 1), to);
  }

  /** Judges and stores in one transaction. */
  async #take(items: readonly ChainItem[], keys: EraKeys, found: ChainKeys): Promise<Judged> {
    try {
      await this.#held.change(async (draft) => {
        await this.#apply(draft, items, keys, found);
        const judged = judgedBy(draft, keys);
        if (judged.kind === "differs") throw new NothingStored(judged);
        await this.#settle(draft, keys);
      });
      return { kind: "settled" };
    } catch (error) {
      if (error instanceof NothingStored) return error.judged;
      throw error;
    }
  }

  /** Judges first, in memory, and stores then what was judged, reading it once more. */
  async #takeLong(items: ChainItems, keys: EraKeys, found: ChainKeys): Promise<Judged> {
    const { state } = await foldChain(items, this.#held.snapshot, found);
    const judged = judgedBy({ state }, keys);
    if (judged.kind === "differs") return judged;
    for await (const page of items.pages())
      for (let from = 0; from < page.length; from += entriesPerChange)
        await this.#held.change(async (draft) => {
          await this.#apply(draft, page.slice(from, from + entriesPerChange), keys, found);
          const at = draft.state.hashes.length - 1;
          const [now, before] = [draft.state.hashes[at], state.hashes[at]];
          if (now === undefined || before === undefined || !equalBytes(now, before)) throw otherThanBefore();
        });
    if (this.#held.snapshot.state.hashes.length < state.hashes.length) throw otherThanBefore();
    await this.#held.change((draft) => this.#settle(draft, keys));
    return { kind: "settled" };
  }

  async #apply(draft: GroupDraft, items: readonly ChainItem[], keys: EraKeys, found: ChainKeys): Promise<void> {
    const self = selfOf(this.#parts);
    const { state } = draft;
    for (const [era, chainKey] of found) if (!draft.keys.has(era)) draft.keys.set(era, { chainKey, contentKey: null });
    for (const item of items) {
      const outcome = await applyEntryItem(draft, item.seq + draft.stored.logPlace.shift, storedEntry(item), self);
      if (outcome.kind === "ahead" || outcome.kind === "no-key" || outcome.kind === "fork") break;
      takeKeys(draft, [{ era: keys.number, eraKey: keys.eraKey }]);
    }
    if (draft.state !== state) await reflectState(draft, self);
  }

  async #settle(draft: GroupDraft, keys: EraKeys): Promise<void> {
    if (newestEra(draft.state)?.number === keys.number) takeKeys(draft, [{ era: keys.number, eraKey: keys.eraKey }]);
    await unwarn(draft, "pass-differs", String(keys.number));
  }
}

type Judged = { readonly kind: "settled" } | Extract<ChainRead, { readonly kind: "differs" }>;

/** Thrown inside a change, so that nothing of it is stored. */
class NothingStored extends Error {
  readonly judged: Extract<Judged, { readonly kind: "differs" }>;

  constructor(judged: Extract<Judged, { readonly kind: "differs" }>) {
    super("the chain does not commit to the keys it was read with");
    this.judged = judged;
  }
}

function judgedBy({ state }: Pick<GroupSnapshot, "state">, keys: EraKeys): Judged {
  const era = state.eras[keys.number];
  if (era !== undefined && eraDifferences(era, keys).length === 0) return { kind: "settled" };
  return { kind: "differs", by: era?.startedBy ?? null };
}

function otherThanBefore(): HallError {
  return new HallError("server-lies", "the hall shows another chain than a moment ago");
}

/** The state after these entries, with nothing stored. */
async function foldChain(
  items: ChainItems,
  { state: before, keys, stored }: GroupSnapshot,
  found: ChainKeys,
): Promise<Pick<GroupSnapshot, "state">> {
  const held = [...keys].map(([era, { chainKey }]) => [era, chainKey] as const);
  const chainKeys = groupKeys(new Map([...found, ...held]));
  let state = before;
  for await (const page of items.pages())
    for (const item of page) {
      if (item.index < state.hashes.length) continue;
      if (item.index > state.hashes.length) return { state };
      try {
        ({ state } = applyEntry(state, sealedEntry(stored.groupId, storedEntry(item)), chainKeys));
      } catch (error) {
        if (error instanceof GroupKeyError) return { state };
        throw error;
      }
    }
  return { state };
}

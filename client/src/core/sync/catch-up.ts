import { eraDifferences, newestEra, type EraKeys } from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import { applyEntryItem } from "./apply-entry.ts";
import { applyPage, reflectState, storedEntry, takeKeys, type PageEnd } from "./apply-page.ts";
import type { GroupParts } from "./group-parts.ts";
import { selfOf } from "./group-parts.ts";
import type { GroupServer, GroupToken, ServerEras, ServerLogItem } from "./group-server.ts";
import type { HeldEra } from "./group-store.ts";
import type { HeldGroup } from "./held-group.ts";
import { openOwnBoxes, ownLabels } from "./own-boxes.ts";
import { reachNewestEra, type Reached } from "./reach-era.ts";
import {
  highestHeld,
  linksWanted,
  readChain,
  readLinks,
  walkChainKeys,
  walkContentKeys,
  type Links,
} from "./read-chain.ts";
import { reopenRecords } from "./reopen-records.ts";
import { unwarn, warn } from "./warnings.ts";

/** Where catching up came to. */
export type CaughtUp =
  /** Everything the server has is here, and the newest era's keys with it. */
  | { readonly kind: "current"; readonly token: GroupToken }
  /** This account is not in the group any more; all it may read is here. */
  | { readonly kind: "out" }
  /** It cannot go on for now; the reason stands in the group's warnings or its standing. */
  | { readonly kind: "stuck" };

const pagesApplied = 500;

/**
 * Brings a group from wherever it is to where the server is, in this order: keys of the newest era, chain keys back along the links, the chain
 * itself, content keys as far as they go, and then the records, page by page. Whatever was stored stays; a crash anywhere goes on from there.
 *
 * `atHand`: era keys that are held, offered by a box, or part of an own request under way.
 *
 * @throws HallError `offline`, `group-unknown`, `server-busy`
 */
export class CatchUp {
  readonly #parts: GroupParts;
  readonly #server: GroupServer;
  readonly #held: HeldGroup;
  readonly #atHand: () => Promise<readonly HeldEra[]>;
  #eras: ServerEras | null = null;

  constructor(parts: GroupParts, server: GroupServer, held: HeldGroup, atHand: () => Promise<readonly HeldEra[]>) {
    this.#parts = parts;
    this.#server = server;
    this.#held = held;
    this.#atHand = atHand;
  }

  async run(): Promise<CaughtUp> {
    const reached = await reachNewestEra(
      this.#server,
      this.#parts.account,
      await this.#atHand(),
      this.#parts.clock.now(),
    );
    this.#eras = reached.eras;
    if (reached.kind === "shut-out") return this.#stop("no-box");
    if (reached.kind === "differs") {
      if (reached.older !== null) await this.#readWith(reached.older);
      return this.#isOut() ? { kind: "out" } : this.#differs(reached.era);
    }
    const end = await this.#readWith(reached);
    if (this.#isOut()) return { kind: "out" };
    if (reached.kind === "older") return this.#stop("no-box", this.#starterOf(reached.eras.newest));
    return end === "whole" ? this.#current(reached) : { kind: "stuck" };
  }

  /** Under which labels this account's box of the newest era would lie, if one was missing when the server was last asked. */
  awaitedLabels(): readonly Uint8Array[] {
    const newest = this.#eras?.kept.find(({ era }) => era === this.#eras?.newest);
    return newest === undefined ? [] : ownLabels(this.#held.groupId, this.#parts.account, newest);
  }

  /** Everything that the keys and the token of one era open. */
  async #readWith(reached: Extract<Reached, { readonly keys: EraKeys }>): Promise<PageEnd> {
    const links = await this.#chain(reached);
    if (links === null) return "needs-keys";
    await this.#content(reached, links);
    return this.readPages(reached.token);
  }

  /** Reads the log by pages from the cursor to its end, or to where something is missing. */
  async readPages(token: GroupToken): Promise<PageEnd> {
    for (;;) {
      const { cursor: asked } = this.#held.snapshot.stored;
      const page = await this.#server.log(token.token, asked);
      if (page === null) throw new HallError("server-busy", "the group token has ended; it is asked for again");
      await this.#warnIfRolledBack(asked, page.newestSeq, token);
      const end = await this.applyItems(page.items, "skip");
      if (end !== "whole" || page.next === null) return end;
    }
  }

  /** Applies items of the log; see {@link applyPage}. */
  async applyItems(items: readonly ServerLogItem[], unreadable: "wait" | "skip"): Promise<PageEnd> {
    const atHand = await this.#atHand();
    let end: PageEnd = "whole";
    for (let from = 0; from < items.length && end === "whole"; from += pagesApplied)
      end = await this.#held.change((draft) =>
        applyPage(draft, items.slice(from, from + pagesApplied), selfOf(this.#parts), atHand, unreadable),
      );
    return end;
  }

  /** Reads and applies what is missing of the chain. Null where a link is broken; else the links that were read. */
  async #chain({ keys, token }: Extract<Reached, { keys: EraKeys }>): Promise<Links | null> {
    const down = highestHeld(this.#held.snapshot);
    const { cursor, newest } = this.#held.snapshot.stored;
    const wanted = linksWanted(this.#held.snapshot);
    if (down >= keys.number && newest?.era === keys.number) {
      const mayRead = wanted !== null && keys.number === this.#eras?.newest;
      return mayRead ? readLinks(this.#server, token.token, wanted.from, wanted.to) : new Map();
    }
    const items = await readChain(this.#server, token.token, cursor);
    const lowest = Math.min(down + 1, wanted?.from ?? keys.number);
    const links = await readLinks(this.#server, token.token, Math.max(lowest, 1), keys.number);
    const chainKeys = walkChainKeys(this.#held.groupId, keys, down, links, items);
    if (chainKeys.brokenAt !== null) {
      await this.#linkBroken(chainKeys.brokenAt);
      return null;
    }
    for (let from = 0; from < items.length; from += pagesApplied)
      await this.#applyChain(items.slice(from, from + pagesApplied), keys, chainKeys.found);
    return (await this.#settleNewest(keys)) ? links : null;
  }

  async #applyChain(
    items: readonly Extract<ServerLogItem, { readonly kind: "entry" }>[],
    newest: EraKeys,
    chainKeys: ReadonlyMap<number, Uint8Array>,
  ): Promise<void> {
    const self = selfOf(this.#parts);
    await this.#held.change(async (draft) => {
      for (const [era, chainKey] of chainKeys)
        if (!draft.keys.has(era)) draft.keys.set(era, { chainKey, contentKey: null });
      for (const item of items) {
        const outcome = await applyEntryItem(draft, item.seq, storedEntry(item), self);
        if (outcome.kind === "ahead" || outcome.kind === "no-key" || outcome.kind === "fork") break;
        takeKeys(draft, [{ era: newest.number, eraKey: newest.eraKey }]);
      }
      reflectState(draft, self);
    });
  }

  /** Whether the keys of the newest era are those that the chain commits to; nothing is sealed under them before. */
  async #settleNewest(keys: EraKeys): Promise<boolean> {
    const era = this.#held.snapshot.state.eras[keys.number];
    if (era !== undefined && eraDifferences(era, keys).length === 0) {
      await this.#held.change(async (draft) => {
        if (newestEra(draft.state)?.number === keys.number)
          takeKeys(draft, [{ era: keys.number, eraKey: keys.eraKey }]);
        await unwarn(draft, "pass-differs", String(keys.number));
      });
      return true;
    }
    await this.#differs(keys.number);
    return false;
  }

  async #content(reached: Extract<Reached, { keys: EraKeys }>, links: Links): Promise<void> {
    const { found, broken } = walkContentKeys(this.#held.snapshot, links);
    const boxed = await this.#boxedContent(reached, found);
    if (links.size + boxed.size + broken.length === 0) return;
    await this.#held.change(async (draft) => {
      for (const [era, contentKey] of [...found, ...boxed]) {
        const keys = draft.keys.get(era);
        if (keys !== undefined && keys.contentKey === null) draft.keys.set(era, { ...keys, contentKey });
      }
      for (const era of links.keys()) if (!broken.includes(era)) await unwarn(draft, "gap", `link ${era}`);
      for (const era of broken) await this.#warnOfLink(draft, era);
      const opened = new Set([...found.keys(), ...boxed.keys()]);
      if (opened.size > 0 && draft.stored.cursor > 0) await reopenRecords(draft, opened, selfOf(this.#parts));
    });
  }

  /** Under `from joining` links have no content part at every admission: the own box of the last era of each stretch opens what lies before. */
  async #boxedContent(
    { eras }: Extract<Reached, { keys: EraKeys }>,
    found: ReadonlyMap<number, Uint8Array>,
  ): Promise<ReadonlyMap<number, Uint8Array>> {
    const { state, keys } = this.#held.snapshot;
    const wanted = eras.kept.filter(
      ({ era }) => keys.get(era)?.contentKey === null && !found.has(era) && state.eras[era] !== undefined,
    );
    const boxed = new Map<number, Uint8Array>();
    if (wanted.length === 0) return boxed;
    for (const candidate of await openOwnBoxes(this.#server, this.#parts.account, wanted)) {
      const era = state.eras[candidate.number];
      if (era !== undefined && eraDifferences(era, candidate).length === 0)
        boxed.set(candidate.number, candidate.contentKey);
    }
    return boxed;
  }

  async #current({ keys, token }: Extract<Reached, { keys: EraKeys }>): Promise<CaughtUp> {
    const { stored } = this.#held.snapshot;
    if (stored.newest?.era !== keys.number) return { kind: "stuck" };
    if (stored.standing.kind === "stopped")
      await this.#held.change(async (draft) => {
        draft.set({ standing: { kind: "arriving" } });
        reflectState(draft, selfOf(this.#parts));
      });
    return { kind: "current", token };
  }

  /** Identity key of who began an era, as far as the chain here says so. */
  #starterOf(era: number): Uint8Array | null {
    return this.#held.snapshot.state.eras[era]?.startedBy ?? null;
  }

  #isOut(): boolean {
    const { kind } = this.#held.snapshot.stored.standing;
    return kind === "left" || kind === "removed";
  }

  async #stop(reason: "no-box" | "era-keys-differ", by: Uint8Array | null = null): Promise<CaughtUp> {
    if (this.#isOut()) return { kind: "out" };
    await this.#held.change(async (draft) => {
      draft.set({ standing: { kind: "stopped", reason, by } });
      draft.tell("standing");
      draft.say({ kind: "group", groupId: draft.id });
      draft.say({ kind: "groups" });
    });
    return { kind: "stuck" };
  }

  async #differs(era: number): Promise<CaughtUp> {
    const by = this.#starterOf(era);
    await this.#held.change((draft) =>
      warn(draft, "pass-differs", String(era), {
        noticedAt: this.#parts.clock.now(),
        by,
        detail: `the keys of era ${era} are not those that the chain and the hall name for it`,
      }),
    );
    return this.#stop("era-keys-differ", by);
  }

  async #linkBroken(era: number): Promise<void> {
    await this.#held.change((draft) => this.#warnOfLink(draft, era));
  }

  async #warnOfLink(draft: Parameters<typeof warn>[0], era: number): Promise<void> {
    await warn(draft, "gap", `link ${era}`, {
      noticedAt: this.#parts.clock.now(),
      by: null,
      detail: `the link from era ${era} to the one before is missing or wrong; members' programs fill it in`,
    });
  }

  /** `cursor` is that of the question: live items may have moved it while the answer was on its way. */
  async #warnIfRolledBack(cursor: number, newestSeq: number, token: GroupToken): Promise<void> {
    const { newest } = this.#held.snapshot.stored;
    if (newestSeq >= cursor || token.era !== newest?.era) return;
    await this.#held.change((draft) =>
      warn(draft, "rolled-back", String(cursor), {
        noticedAt: this.#parts.clock.now(),
        by: null,
        detail: `the hall has ${newestSeq} items of the log; ${cursor} were here before`,
      }),
    );
  }
}

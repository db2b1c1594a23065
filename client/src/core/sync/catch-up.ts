import { eraDifferences, erasCut, type EraKeys } from "@unionhall/crypto";
import type { StopReason } from "../groups/groups-door.ts";
import { reflectState, type PageEnd } from "./apply-page.ts";
import { ChainReading, type ChainRead } from "./chain-reading.ts";
import type { GroupParts } from "./group-parts.ts";
import { selfOf } from "./group-parts.ts";
import type { GroupServer, GroupToken, ServerEras, ServerLogItem } from "./group-server.ts";
import type { HeldEra } from "./group-store.ts";
import type { HeldGroup } from "./held-group.ts";
import { LogReading } from "./log-reading.ts";
import { giveBackEntries, lacksEntries } from "./lost-entries.ts";
import { openOwnBoxes, ownLabels } from "./own-boxes.ts";
import { reachNewestEra, reachOlder, type Reached } from "./reach-era.ts";
import { walkContentKeys, type Links } from "./read-chain.ts";
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

type ReachedKeys = Extract<Reached, { readonly keys: EraKeys }>;

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
  readonly #chain: ChainReading;
  readonly #log: LogReading;
  #eras: ServerEras | null = null;

  constructor(parts: GroupParts, server: GroupServer, held: HeldGroup, atHand: () => Promise<readonly HeldEra[]>) {
    this.#parts = parts;
    this.#server = server;
    this.#held = held;
    this.#atHand = atHand;
    this.#chain = new ChainReading(parts, server, held);
    this.#log = new LogReading(parts, server, held, atHand);
  }

  async run(): Promise<CaughtUp> {
    const { vault } = this.#parts;
    const before = vault.content();
    const caught = await this.#run();
    if (caught.kind !== "no-box") return caught;
    if (this.#isOut()) return { kind: "out" };
    // Another device of this account may have made a newer box key, which comes with the vault.
    await vault.lookAgain();
    return vault.content() === before ? this.#stop("no-box", caught.by) : this.run();
  }

  async #run(): Promise<CaughtUp | { readonly kind: "no-box"; readonly by: Uint8Array | null }> {
    const reached = await reachNewestEra(
      this.#server,
      this.#parts.account,
      await this.#atHand(),
      this.#parts.clock.now(),
    );
    this.#eras = reached.eras;
    if (reached.kind === "shut-out") return { kind: "no-box", by: null };
    if (reached.kind === "differs") {
      if (reached.older !== null) await this.#readWith(reached.older);
      return this.#isOut() ? { kind: "out" } : this.#differs(reached.era);
    }
    const end = await this.#readWith(reached);
    if (this.#isOut()) return { kind: "out" };
    if (typeof end === "object") return this.#readOlder(reached, end.by);
    if (reached.kind === "older") return { kind: "no-box", by: this.#starterOf(reached.eras.newest) };
    return end === "whole" || end === "hole" ? this.#current(reached) : { kind: "stuck" };
  }

  /** The newest era that the server named the last time; null when it never did. */
  get newestSeen(): number | null {
    return this.#eras?.newest ?? null;
  }

  /** Under which labels this account's box of the newest era would lie, if one was missing when the server was last asked. */
  awaitedLabels(): readonly Uint8Array[] {
    const newest = this.#eras?.kept.find(({ era }) => era === this.#eras?.newest);
    return newest === undefined ? [] : ownLabels(this.#held.groupId, this.#parts.account, newest);
  }

  /** Everything that the keys and the token of one era open; nothing, where the chain does not commit to them. */
  async #readWith({ keys, token, eras }: ReachedKeys): Promise<PageEnd | Extract<ChainRead, { kind: "differs" }>> {
    const chain = await this.#chain.read(keys, token, token.era === eras.newest);
    if (chain.kind === "differs") return chain;
    if (chain.kind === "link-broken") {
      await this.#held.change((draft) => this.#warnOfLink(draft, chain.era));
      return "needs-keys";
    }
    await this.#content(eras, chain.links);
    const isNewest = token.era === eras.newest;
    const end = await this.#log.pages(token, isNewest);
    if (end !== "hole") return end;
    // Records wait for what the hall holds back; the chain, and with it all that members decide, does not.
    const ahead = await this.#chain.read(keys, token, isNewest, true);
    return ahead.kind === "settled" ? end : "needs-keys";
  }

  /** The newest era's keys are not those that the chain commits to: what the era before opens stays readable. */
  async #readOlder({ keys, eras }: ReachedKeys, by: Uint8Array | null): Promise<CaughtUp> {
    const atHand = (await this.#atHand()).filter(({ era }) => era < keys.number);
    const older = await reachOlder(this.#server, atHand, eras, this.#parts.clock.now());
    if (older.kind === "older") await this.#readWith(older);
    return this.#isOut() ? { kind: "out" } : this.#differs(keys.number, by);
  }

  /** Reads the log by pages from the cursor to its end, or to where something is missing. */
  async readPages(token: GroupToken): Promise<PageEnd> {
    const { newest } = this.#held.snapshot.stored;
    return this.#log.pages(token, token.era >= Math.max(newest?.era ?? 0, this.#eras?.newest ?? 0));
  }

  /** Applies items that came live. */
  async applyItems(items: readonly ServerLogItem[]): Promise<PageEnd> {
    return this.#log.applyItems(items, "wait");
  }

  /** Gives the server back what it lost of the chain; see {@link giveBackEntries}. The group must be subscribed. @throws HallError `offline` */
  async giveBack(renew: () => Promise<void>): Promise<"done" | "later"> {
    return giveBackEntries(this.#parts, this.#held, renew);
  }

  async #content(eras: ServerEras, links: Links): Promise<void> {
    const { found, broken } = walkContentKeys(this.#held.snapshot, links);
    const boxed = await this.#boxedContent(eras, found);
    if (links.size + boxed.size + broken.length === 0) return;
    await this.#held.change(async (draft) => {
      // What a cut took stays away, whatever the hall still gives.
      const kept = [...found, ...boxed].filter(([era]) => era >= erasCut(draft.state));
      for (const [era, contentKey] of kept) {
        const keys = draft.keys.get(era);
        if (keys !== undefined && keys.contentKey === null) draft.keys.set(era, { ...keys, contentKey });
      }
      for (const era of links.keys()) if (!broken.includes(era)) await unwarn(draft, "gap", `link ${era}`);
      for (const era of broken) await this.#warnOfLink(draft, era);
      const opened = new Set(kept.map(([era]) => era));
      if (opened.size > 0 && draft.stored.cursor > 0) await reopenRecords(draft, opened, selfOf(this.#parts));
    });
  }

  /** Under `from joining` links have no content part at every admission: the own box of the last era of each stretch opens what lies before. */
  async #boxedContent(
    eras: ServerEras,
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

  async #current({ keys, token }: ReachedKeys): Promise<CaughtUp> {
    const { stored } = this.#held.snapshot;
    // A server that lost the newest era is followed in the one before, to give that back.
    const isBehind = stored.newest !== null && keys.number < stored.newest.era && (await lacksEntries(this.#held));
    if (stored.newest?.era !== keys.number && !isBehind) return { kind: "stuck" };
    if (stored.standing.kind === "stopped")
      await this.#held.change(async (draft) => {
        draft.set({ standing: { kind: "arriving" } });
        await reflectState(draft, selfOf(this.#parts));
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

  async #stop(reason: StopReason, by: Uint8Array | null = null): Promise<CaughtUp> {
    if (this.#isOut()) return { kind: "out" };
    await this.#held.change(async (draft) => {
      draft.set({ standing: { kind: "stopped", reason, by } });
      draft.tell("standing");
      draft.say({ kind: "group", groupId: draft.id });
      draft.say({ kind: "groups" });
    });
    return { kind: "stuck" };
  }

  async #differs(era: number, starter: Uint8Array | null = null): Promise<CaughtUp> {
    const by = this.#starterOf(era) ?? starter;
    await this.#held.change((draft) =>
      warn(draft, "pass-differs", String(era), {
        noticedAt: this.#parts.clock.now(),
        by,
        detail: `the keys of era ${era} are not those that the chain and the hall name for it`,
      }),
    );
    return this.#stop("era-keys-differ", by);
  }

  async #warnOfLink(draft: Parameters<typeof warn>[0], era: number): Promise<void> {
    await warn(draft, "gap", `link ${era}`, {
      noticedAt: this.#parts.clock.now(),
      by: null,
      detail: `the link from era ${era} to the one before is missing or wrong; members' programs fill it in`,
    });
  }
}

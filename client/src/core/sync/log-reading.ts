import { recordHash, remnantHash, toHex, type GroupState } from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import { applyPage, warnOfHole, type PageEnd } from "./apply-page.ts";
import type { GroupDraft } from "./group-draft.ts";
import { selfOf, type GroupParts } from "./group-parts.ts";
import type { GroupServer, GroupToken, ServerLogItem, ServerLogPage } from "./group-server.ts";
import type { HeldEra, StoredGroup } from "./group-store.ts";
import type { HeldGroup } from "./held-group.ts";
import { readPage } from "./log-pages.ts";
import { isTail } from "./log-tail.ts";
import { lostEntries } from "./lost-entries.ts";
import { lostRecords } from "./lost-records.ts";
import { sendAgain } from "./outbox-lost.ts";
import { isPassed } from "./outbox-plan.ts";
import { warn } from "./warnings.ts";

const pagesApplied = 500;
/** Within this time, by chance, members send what the server lost of others. */
const othersWithin = 60_000;

/**
 * Reads a group's log from where this device is to its end. Every page begins with the item that was read last: a server that was put back to an
 * older state, and has perhaps gone on since, shows another one there, or none. Then the whole log is read once more from its beginning, beside
 * what is held; and what the server lost, it gets again.
 */
export class LogReading {
  readonly #parts: GroupParts;
  readonly #server: GroupServer;
  readonly #held: HeldGroup;
  readonly #atHand: () => Promise<readonly HeldEra[]>;
  /** While the log is read once more: what it shows. */
  #shown: Shown | null = null;

  constructor(parts: GroupParts, server: GroupServer, held: HeldGroup, atHand: () => Promise<readonly HeldEra[]>) {
    this.#parts = parts;
    this.#server = server;
    this.#held = held;
    this.#atHand = atHand;
  }

  /**
   * By pages from the cursor to the end, or to where something is missing. `isNewest`: the token is of the server's newest era, so that all
   * of the log can be read with it.
   *
   * @throws HallError `offline`, `server-busy`, `server-lies`
   */
  async pages(token: GroupToken, isNewest: boolean): Promise<PageEnd> {
    if (this.#stored.logPlace.again && this.#shown === null) await this.#fromTheBeginning(this.#stored.logPlace.shift);
    const acknowledged = await this.#acknowledged();
    let ahead: PageAhead | null = null;
    for (let [isAnother, isStuck] = [false, false]; ;) {
      const asked = this.#stored;
      const overlap = isStuck ? 0 : overlapOf(asked);
      const after = Math.max(0, asked.cursor - overlap);
      const page: ServerLogPage = await (ahead?.after === after
        ? ahead.page
        : readPage(this.#server, token.token, after));
      ahead = this.#ahead(token, asked, page);
      if (isNewest && this.#isAnotherLog(asked, page)) {
        if (isAnother) throw new HallError("server-lies", "the hall shows another log with every page");
        isAnother = true;
        await this.#readAgain(asked, page.newestSeq);
        continue;
      }
      const end = overlap === 1 && isBefore(asked, page) ? "hole" : await this.applyItems(page.items, "skip");
      // A page with room for the item in common alone: the next one goes on after it.
      isStuck = page.next !== null && page.next <= asked.cursor;
      if (end === "whole" && page.next !== null) continue;
      return this.#ended(end, page, isNewest ? acknowledged : null);
    }
  }

  /** Applies items of the log; see {@link applyPage}. */
  async applyItems(items: readonly ServerLogItem[], unreadable: "wait" | "skip"): Promise<PageEnd> {
    const atHand = await this.#atHand();
    if (this.#shown !== null) for (const item of items) note(this.#shown, item, this.#held.snapshot.state);
    let end: PageEnd = "whole";
    for (let from = 0; from < items.length && end === "whole"; from += pagesApplied)
      end = await this.#held.change(async (draft) => {
        const some = items.slice(from, from + pagesApplied);
        const applied = await applyPage(draft, some, selfOf(this.#parts), atHand, unreadable);
        await sendAgain(this.#parts, draft, (item) => isPassed(item, draft.stored.cursor));
        return applied;
      });
    return end;
  }

  /** The page after this one, asked for while this one is applied: on a slow line the answer is there by then. */
  #ahead({ token }: GroupToken, { cursor }: StoredGroup, { items, next }: ServerLogPage): PageAhead | null {
    const last = items.at(-1);
    if (next === null || last === undefined || next <= cursor) return null;
    const after = last.seq - 1;
    const page = readPage(this.#server, token, after);
    // Whoever takes it learns of its failure; perhaps nobody does.
    page.catch(() => undefined);
    return { after, page };
  }

  get #stored(): StoredGroup {
    return this.#held.snapshot.stored;
  }

  /** What the server has acknowledged and not shown yet, by record id. */
  async #acknowledged(): Promise<ReadonlySet<string>> {
    const items = await this.#held.caches.outbox.all(this.#held.store);
    return new Set(items.filter(({ state }) => state.kind === "acknowledged").map(({ recordId }) => toHex(recordId)));
  }

  /** `asked`: as it was when the page was asked for; live items may have come while the answer was on its way. */
  #isAnotherLog({ cursor, logPlace: { tail } }: StoredGroup, { items, newestSeq }: ServerLogPage): boolean {
    if (newestSeq < cursor) return true;
    const [first] = items;
    return tail !== null && first?.seq === cursor && !isTail(tail, this.#held.groupId, first);
  }

  async #ended(end: PageEnd, { newestSeq }: ServerLogPage, acknowledged: ReadonlySet<string> | null): Promise<PageEnd> {
    const isHole = end === "hole" || (end === "whole" && this.#stored.cursor < newestSeq);
    if (isHole) await this.#held.change((draft) => warnOfHole(draft, selfOf(this.#parts)));
    if (isHole || end !== "whole" || acknowledged === null) return isHole ? "hole" : end;
    await this.#held.change(async (draft) => {
      await sendAgain(this.#parts, draft, ({ recordId }) => acknowledged.has(toHex(recordId)));
      if (this.#shown !== null) await this.#noteLost(draft, this.#shown);
    });
    this.#shown = null;
    return "whole";
  }

  /** What was read before stays where it is; what comes now is put behind it. */
  async #readAgain({ cursor, logPlace }: StoredGroup, newestSeq: number): Promise<void> {
    await this.#held.change((draft) =>
      warn(draft, "rolled-back", String(cursor + logPlace.shift), {
        noticedAt: this.#parts.clock.now(),
        by: null,
        detail:
          newestSeq < cursor
            ? `the hall has ${newestSeq} items of the log; ${cursor} were here before`
            : `the hall shows another item ${cursor} of the log than before`,
      }),
    );
    await this.#fromTheBeginning(this.#stored.cursor + logPlace.shift);
  }

  async #fromTheBeginning(shift: number): Promise<void> {
    await this.#held.change(async (draft) => {
      draft.set({ cursor: 0, eraAtCursor: 0, logPlace: { shift, tail: null, again: true } });
      for (const item of await draft.caches.outbox.all(draft.tx))
        if (item.state.kind === "acknowledged")
          await draft.caches.outbox.put(draft.tx, { ...item, state: { kind: "acknowledged", seq: null } });
    });
    this.#shown = { records: new Set(), entries: 0, isFork: false };
  }

  /** The log was read to its end: whatever counts here and was not in it, is lost there. */
  async #noteLost(draft: GroupDraft, { records, entries, isFork }: Shown): Promise<void> {
    const { shift } = draft.stored.logPlace;
    const now = this.#parts.clock.now();
    const own = toHex(this.#parts.account.device.signing.publicKey);
    const map = draft.tx.map(lostRecords, draft.groupId);
    for await (const { seq, facts } of draft.caches.shelf.all(draft.tx)) {
      const isGone = facts.verdict.kind === "refused" || facts.body.kind === "gone";
      if (seq > shift || isGone || records.has(toHex(facts.hash))) continue;
      const isOwn = facts.stub !== null && toHex(facts.stub.device) === own;
      const notBefore = isOwn ? 0 : now + this.#chance(othersWithin);
      await map.put(toHex(facts.recordId), { position: seq, notBefore });
    }
    if (!isFork && entries < draft.state.hashes.length)
      await draft.tx.map(lostEntries, draft.groupId).put("from", entries);
    draft.set({ logPlace: { ...draft.stored.logPlace, again: false } });
  }

  #chance(most: number): number {
    return Math.floor((new DataView(this.#parts.random(4).slice().buffer).getUint32(0) / 2 ** 32) * most);
  }
}

/** A page that was asked for before the one before it was applied. */
interface PageAhead {
  readonly after: number;
  readonly page: Promise<ServerLogPage>;
}

/** What a log shows that is read once more. */
interface Shown {
  /** Hashes, in hex. */
  readonly records: Set<string>;
  /** How many entries of the chain. */
  entries: number;
  /** Whether one of them is another than the one held here. */
  isFork: boolean;
}

function note(shown: Shown, item: ServerLogItem, { groupId, hashes }: GroupState): void {
  if (item.kind === "record") shown.records.add(toHex(recordHash(item)));
  if (item.kind === "tombstone") shown.records.add(toHex(remnantHash(item)));
  if (item.kind !== "entry") return;
  const held = hashes[item.index];
  shown.entries = Math.max(shown.entries, item.index + 1);
  shown.isFork ||= held !== undefined && !isTail(held, groupId, item);
}

/** Whether a page begins with the item at the cursor. */
function overlapOf({ cursor, logPlace }: StoredGroup): 0 | 1 {
  return cursor > 0 && logPlace.tail !== null ? 1 : 0;
}

/** Whether the item that was read last is left out of a page that must begin with it. */
function isBefore(asked: StoredGroup, { items }: ServerLogPage): boolean {
  return items[0]?.seq !== asked.cursor;
}

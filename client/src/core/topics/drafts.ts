import { toHex, utf8Length } from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import type { Change } from "../unionhall.ts";
import { defineMap, type Store } from "../storage/store.ts";

/** Longer than a post may be: what is to be shortened or sent in parts is kept until it is. In bytes of UTF-8. */
const maxDraftBytes = 1 << 20;

/** Scope: group. By topic id in hex, or `new` for a topic not begun. Texts not yet sent. */
export const drafts = defineMap<StoredDraft>({ name: "topics/drafts", version: 1 });

export interface StoredDraft {
  readonly text: string;
  /** When it was changed, on whichever device: milliseconds since 1970. */
  readonly changed: number;
}

/** What else happens when a draft was changed here: other devices of the account hear of it. */
export interface DraftNews {
  drafted(groupId: Uint8Array, topicId: string | null): Promise<void>;
}

/** Texts that somebody began to write. */
export class Drafts {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #news: DraftNews;
  readonly #emit: (change: Change) => void;

  constructor(store: Store, now: () => number, news: DraftNews, emit: (change: Change) => void) {
    this.#store = store;
    this.#now = now;
    this.#news = news;
    this.#emit = emit;
  }

  async text(groupId: Uint8Array, topicId: string | null): Promise<string> {
    return (await this.stored(groupId, topicId))?.text ?? "";
  }

  /** Null where nothing was ever begun. */
  async stored(groupId: Uint8Array, topicId: string | null): Promise<StoredDraft | null> {
    return this.#store.map(drafts, groupId).get(draftKey(topicId));
  }

  /** @throws HallError `draft-not-kept` for one that is too long */
  async save(groupId: Uint8Array, topicId: string | null, text: string): Promise<void> {
    if (utf8Length(text) > maxDraftBytes)
      throw new HallError("draft-not-kept", `the draft is longer than ${maxDraftBytes} bytes`);
    const put = await this.#replace(groupId, topicId, (known) =>
      (known?.text ?? "") === text ? null : { text, changed: this.#now() },
    );
    if (put) await this.#news.drafted(groupId, topicId);
  }

  /**
   * Takes over what another device wrote, if that was later. Where no other device can have seen what stands here, both texts stay, and the others
   * hear of it.
   */
  async merge(groupId: Uint8Array, topicId: string | null, draft: StoredDraft, isUnheard: boolean): Promise<void> {
    const put = await this.#replace(groupId, topicId, (known) => {
      if (isUnheard) return { text: bothOf(draft.text, known?.text ?? ""), changed: this.#now() };
      return known !== null && known.changed >= draft.changed ? null : draft;
    });
    if (put && isUnheard) await this.#news.drafted(groupId, topicId);
  }

  /** Says whether there was something to put. */
  async #replace(
    groupId: Uint8Array,
    topicId: string | null,
    next: (known: StoredDraft | null) => StoredDraft | null,
  ): Promise<boolean> {
    const isPut = await this.#store.transaction(async (tx) => {
      const texts = tx.map(drafts, groupId);
      const draft = next(await texts.get(draftKey(topicId)));
      if (draft !== null) await texts.put(draftKey(topicId), draft);
      return draft !== null;
    });
    if (isPut) this.#changed(groupId, topicId);
    return isPut;
  }

  #changed(groupId: Uint8Array, topicId: string | null): void {
    this.#emit({ kind: "draft", groupId: toHex(groupId), topicId });
  }
}

/** What came in front of what stands here, unless that holds it. */
function bothOf(came: string, own: string): string {
  if (own.includes(came)) return own;
  return own === "" ? came : `${came.trimEnd()}\n\n${own}`;
}

/** The key of a draft's map entry. */
export function draftKey(topicId: string | Uint8Array | null): string {
  if (topicId === null) return "new";
  return typeof topicId === "string" ? topicId : toHex(topicId);
}

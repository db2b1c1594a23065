import type { GroupNews } from "./bus.ts";
import { encodeFrame } from "./frames.ts";

/** News on their way to the readers of a group. Every message is encoded when it is first needed, and once. */
export class Delivery {
  readonly news: GroupNews;
  /** Of the first and the last item; of news without items, so that they fit everywhere. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  #items: Buffer | null = null;
  #era: Buffer | null = null;

  constructor(news: GroupNews) {
    this.news = news;
    this.firstSeq = news.items[0]?.seq ?? 0;
    this.lastSeq = news.items.at(-1)?.seq ?? 0;
  }

  /** The items that a reader lacks who has all up to `seq`; null where there are none. */
  itemsAfter(seq: number): Buffer | null {
    if (this.lastSeq <= seq) return null;
    const { groupId, items } = this.news;
    if (this.firstSeq === seq + 1)
      return (this.#items ??= encodeFrame({ kind: "items", group: groupId, items: [...items] }));
    return encodeFrame({ kind: "items", group: groupId, items: items.filter((item) => item.seq > seq) });
  }

  /** @throws {RangeError} where the news start no era */
  eraMessage(): Buffer {
    const { groupId, era } = this.news;
    if (era === null) throw new RangeError("no era starts with these news");
    return (this.#era ??= encodeFrame({ kind: "era", group: groupId, ...era }));
  }
}

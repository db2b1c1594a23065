import { toHex } from "@unionhall/crypto";
import type { Collections, StoredList } from "../storage/store.ts";
import { posts, type PlaceInOrder, type StoredPost } from "../sync/group-store.ts";
import { compareOrder } from "./topic-order.ts";

const step = 50;

/** The posts of one topic in the order shown, by their rank from 0. `length` is how many there are; the caller keeps it. */
export class PostList {
  readonly #list: StoredList<StoredPost>;

  constructor(from: Collections, groupId: Uint8Array, topic: string) {
    this.#list = from.list(posts, [groupId, topic]);
  }

  async window(from: number, limit: number): Promise<readonly StoredPost[]> {
    const found = await this.#list.range({ from, limit, direction: "forward" });
    return found.map(({ value }) => value);
  }

  /** Posts with their ranks from `before` (not included) downwards, a few at a time. */
  async *backwards(before: number): AsyncGenerator<{ readonly rank: number; readonly post: StoredPost }> {
    let next = before - 1;
    while (next >= 0) {
      const page = await this.#list.range({ from: next, limit: step, direction: "backward" });
      for (const { position, value } of page) yield { rank: position, post: value };
      if (page.length < step) return;
      next -= step;
    }
  }

  /** Puts posts where they belong; those behind move on. Most come last, so little is rewritten. Returns the new length. */
  async insert(added: readonly StoredPost[], length: number): Promise<number> {
    const sorted = added.toSorted(compareStored);
    const [first] = sorted;
    if (first === undefined) return length;
    const tail: StoredPost[] = [];
    for await (const { post } of this.backwards(length)) {
      if (compareStored(post, first) < 0) break;
      tail.push(post);
    }
    const start = length - tail.length;
    const merged = [...tail, ...sorted].toSorted(compareStored);
    await this.#list.putMany(merged.map((value, at) => ({ position: start + at, value })));
    return length + sorted.length;
  }

  /** The rank of the post that stands at this place; null where there is none. */
  async rankOf(place: PlaceInOrder, length: number): Promise<number | null> {
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const post = await this.#list.get(middle);
      if (post === null) return null;
      const order = compareStored(post, place);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return null;
  }

  async replace(rank: number, change: (post: StoredPost) => StoredPost): Promise<void> {
    const post = await this.#list.get(rank);
    if (post !== null) await this.#list.put(rank, change(post));
  }
}

function compareStored(a: PlaceInOrder, b: PlaceInOrder): number {
  return compareOrder({ place: a.place, hash: toHex(a.hash) }, { place: b.place, hash: toHex(b.hash) });
}

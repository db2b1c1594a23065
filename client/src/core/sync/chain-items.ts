import type { GroupServer, ServerLogItem } from "./group-server.ts";
import { logPages } from "./log-pages.ts";

export type ChainItem = Extract<ServerLogItem, { readonly kind: "entry" }>;

/** What is kept in memory of a chain that is being read; of a longer one only the entries that start eras are, and the rest is read again. */
const keptBytes = 32 * 1024 * 1024;
/** Of one era; anybody can have put others beside the right one. */
const startsPerEra = 8;

/** The entries of a chain from after some place in the log on, as often as they are asked for, in bounded memory. */
export class ChainItems {
  readonly #read: () => AsyncGenerator<readonly ChainItem[]>;
  readonly #starting = new Map<number, ChainItem[]>();
  #startingBytes = 0;
  #kept: ChainItem[] | null = [];

  private constructor(read: () => AsyncGenerator<readonly ChainItem[]>) {
    this.#read = read;
  }

  /** Reads from after `cursor` to the end. @throws HallError as {@link logPages} */
  static async read(
    server: GroupServer,
    token: Uint8Array,
    cursor: number,
    mostBytes = keptBytes,
  ): Promise<ChainItems> {
    const items = new ChainItems(() => entryPages(server, token, cursor));
    let bytes = 0;
    for await (const page of items.#read())
      for (const item of page) {
        bytes += item.sealed.length;
        if (bytes > mostBytes) items.#kept = null;
        items.#kept?.push(item);
        items.#keepStart(item, mostBytes);
      }
    return items;
  }

  /** Entries that say they start this era. */
  starting(era: number): readonly ChainItem[] {
    return this.#starting.get(era) ?? [];
  }

  /** All of them, where they are kept; null where they have to be read again. */
  get whole(): readonly ChainItem[] | null {
    return this.#kept;
  }

  /** All of them, a page at a time. A hall may show something else each time. @throws HallError as {@link logPages} */
  async *pages(): AsyncGenerator<readonly ChainItem[]> {
    if (this.#kept === null) yield* this.#read();
    else yield this.#kept;
  }

  /** A hall can name any number of eras: what would fill the memory is left out, as if it were not there. */
  #keepStart(item: ChainItem, mostBytes: number): void {
    if (item.starts === null || this.#startingBytes + item.sealed.length > mostBytes) return;
    const known = this.#starting.get(item.starts) ?? [];
    if (known.length === startsPerEra) return;
    this.#startingBytes += item.sealed.length;
    this.#starting.set(item.starts, [...known, item]);
  }
}

async function* entryPages(
  server: GroupServer,
  token: Uint8Array,
  cursor: number,
): AsyncGenerator<readonly ChainItem[]> {
  for await (const items of logPages(server, token, cursor, "chain"))
    yield items.filter((item): item is ChainItem => item.kind === "entry");
}

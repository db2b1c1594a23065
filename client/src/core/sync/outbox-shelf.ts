import { toHex } from "@unionhall/crypto";
import type { Collections } from "../storage/store.ts";
import { outbox, type OutboxItem } from "./outbox-store.ts";

/** The outbox of one group, kept in memory once it was read: it is looked at with every change. After a transaction that failed, make a new one. */
export class OutboxShelf {
  readonly #groupId: Uint8Array;
  #items: Promise<Map<string, OutboxItem>> | null = null;

  constructor(groupId: Uint8Array) {
    this.#groupId = groupId;
  }

  async all(from: Collections): Promise<readonly OutboxItem[]> {
    return [...(await this.#loaded(from)).values()];
  }

  /** @param recordId hex */
  async get(from: Collections, recordId: string): Promise<OutboxItem | null> {
    return (await this.#loaded(from)).get(recordId) ?? null;
  }

  async put(tx: Collections, item: OutboxItem): Promise<void> {
    const recordId = toHex(item.recordId);
    (await this.#loaded(tx)).set(recordId, item);
    await tx.map(outbox, this.#groupId).put(recordId, item);
  }

  async delete(tx: Collections, recordId: string): Promise<void> {
    (await this.#loaded(tx)).delete(recordId);
    await tx.map(outbox, this.#groupId).delete(recordId);
  }

  /** Read once, for all who ask meanwhile: a second reading could end after a change, and undo it here. */
  #loaded(from: Collections): Promise<Map<string, OutboxItem>> {
    this.#items ??= this.#read(from).catch((error: unknown) => {
      this.#items = null;
      throw error;
    });
    return this.#items;
  }

  async #read(from: Collections): Promise<Map<string, OutboxItem>> {
    const stored = await from.map(outbox, this.#groupId).entries();
    return new Map(stored.map(({ id, value }) => [String(id), value]));
  }
}

import { accountOf, equalBytes, isIn, toHex } from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import { Lane } from "../sync/lane.ts";
import type { Groups, LoadedGroup } from "../sync/loaded-group.ts";
import { stateOf } from "./invite-rules.ts";
import { storedRequests, type StoredRequest } from "./invite-store.ts";

/** The requests that are kept of each group, in memory as in storage, so that they can be counted without waiting. */
export class RequestShelf {
  readonly #parts: Pick<EngineParts, "store" | "clock">;
  readonly #groups: Groups;
  readonly #requests = new Map<string, readonly StoredRequest[]>();
  readonly #counts = new Map<string, number>();
  /** A reading that began earlier never ends later, with what is past. */
  readonly #loads = new Lane();

  constructor(parts: Pick<EngineParts, "store" | "clock">, groups: Groups) {
    this.#parts = parts;
    this.#groups = groups;
  }

  /** Reads a group's requests from storage, the first time or `again`. */
  async load(id: string, groupId: Uint8Array, when: "once" | "again" = "once"): Promise<void> {
    if (when === "once" && this.#requests.has(id)) return;
    await this.#loads.run(async () => {
      const entries = await this.#parts.store.map(storedRequests, groupId).entries();
      this.#requests.set(
        id,
        entries.map(({ value }) => value),
      );
    });
  }

  /** How many requests of a group wait for its facilitators; 0 where this account is none. */
  count(id: string): number {
    const group = this.#groups.find(id);
    const count = group === null || group.role !== "facilitator" ? 0 : this.open(group).length;
    this.#counts.set(id, count);
    return count;
  }

  /** Whether the count is another one than was last given out. */
  countChanged(group: LoadedGroup): boolean {
    const before = this.#counts.get(group.id) ?? 0;
    return this.count(group.id) !== before;
  }

  /**
   * Requests that can be granted, as they came to their desks: the time that a guest states may be invented. Of open invites, by accounts that are
   * not in; of several by one account through one invite the last one that came.
   */
  open({ id, state }: LoadedGroup): readonly StoredRequest[] {
    const now = this.#parts.clock.now();
    const latest = new Map<string, StoredRequest>();
    for (const request of this.#requests.get(id) ?? []) {
      const invite = state.invites.get(toHex(request.inviteId));
      const account = accountOf(state, request.identityKey);
      const isOpen = request.state === "open" && invite !== undefined && stateOf(invite, now) === "open";
      if (!isOpen || (account !== undefined && isIn(account))) continue;
      const key = `${toHex(request.inviteId)} ${toHex(request.identityKey)}`;
      const other = latest.get(key);
      if (other === undefined || other.seq < request.seq) latest.set(key, request);
    }
    return [...latest.values()].toSorted((a, b) => a.seq - b.seq || a.receivedAt - b.receivedAt);
  }

  /** Whatever its state. @param requestId hex */
  find(id: string, requestId: string): StoredRequest | null {
    return this.#requests.get(id)?.find((request) => toHex(request.requestId) === requestId) ?? null;
  }

  /** Every request of one account, whichever invite it came by. */
  of(id: string, identityKey: Uint8Array): readonly StoredRequest[] {
    return this.#requests.get(id)?.filter((request) => equalBytes(request.identityKey, identityKey)) ?? [];
  }

  /** Requests whose refusal has not been carried out yet. */
  refusing(id: string): readonly StoredRequest[] {
    return this.#requests.get(id)?.filter(({ state }) => state === "refusing") ?? [];
  }

  /** Changes one that is kept; null takes it off. */
  async change(
    { id, groupId }: LoadedGroup,
    requestId: Uint8Array,
    change: (request: StoredRequest) => StoredRequest | null,
  ): Promise<void> {
    const key = toHex(requestId);
    await this.#parts.store.transaction(async (tx) => {
      const map = tx.map(storedRequests, groupId);
      const before = await map.get(key);
      if (before === null) return;
      const after = change(before);
      await (after === null ? map.delete(key) : map.put(key, after));
    });
    await this.load(id, groupId, "again");
  }

  holds(id: string): boolean {
    return (this.#requests.get(id)?.length ?? 0) > 0;
  }

  /** Takes off everything of a group. */
  async clear({ id, groupId }: LoadedGroup): Promise<void> {
    await this.#parts.store.map(storedRequests, groupId).clear();
    await this.load(id, groupId, "again");
  }

  /** Takes off everything that came by an invite. */
  async drop({ id, groupId }: LoadedGroup, inviteId: Uint8Array): Promise<void> {
    const gone = (this.#requests.get(id) ?? []).filter((request) => equalBytes(request.inviteId, inviteId));
    if (gone.length === 0) return;
    await this.#parts.store.transaction(async (tx) => {
      for (const { requestId } of gone) await tx.map(storedRequests, groupId).delete(toHex(requestId));
    });
    await this.load(id, groupId, "again");
  }
}

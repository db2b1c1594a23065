import { eraKeysOf } from "@unionhall/crypto";
import type { Clock } from "../platform.ts";
import type { GroupServer, GroupToken } from "./group-server.ts";
import type { HeldGroup } from "./held-group.ts";

/** The group token in use, and a new one when that has run out or a new era has begun. */
export class GroupTokens {
  readonly #clock: Clock;
  readonly #server: GroupServer;
  readonly #held: HeldGroup;
  #last: GroupToken | null = null;

  constructor(clock: Clock, server: GroupServer, held: HeldGroup) {
    this.#clock = clock;
    this.#server = server;
    this.#held = held;
  }

  get last(): GroupToken | null {
    return this.#last;
  }

  keep(token: GroupToken): void {
    this.#last = token;
  }

  /** The next one is a new one. */
  forget(): void {
    this.#last = null;
  }

  /** Of the newest era held; null where the server knows no such pass. @throws HallError `offline` */
  async fresh(): Promise<GroupToken | null> {
    const { newest } = this.#held.snapshot.stored;
    if (newest === null) return null;
    const now = this.#clock.now();
    if (this.#last !== null && this.#last.until > now && this.#last.era === newest.era) return this.#last;
    const token = await this.#server.token(eraKeysOf(newest.era, newest.eraKey), now);
    if (token !== null) this.#last = token;
    return token;
  }

  /**
   * For the connection, which serves other groups, too: never fails for reasons of this group alone. An old token is refused, and that ends the
   * subscription.
   */
  async forLive(): Promise<Uint8Array> {
    const token = (await this.fresh()) ?? this.#last;
    return token?.token ?? new Uint8Array(32);
  }
}

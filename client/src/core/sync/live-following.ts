import { equalBytes, eraKeysOf } from "@unionhall/crypto";
import type { Subscription } from "../api/live.ts";
import type { StopSignal } from "../stop.ts";
import type { Activity } from "./activity.ts";
import type { CatchUp, CaughtUp } from "./catch-up.ts";
import type { GroupParts } from "./group-parts.ts";
import type { GroupToken, ServerLogItem } from "./group-server.ts";
import type { GroupTokens } from "./group-tokens.ts";
import type { HeldGroup } from "./held-group.ts";

type EraStarted = Parameters<Subscription["era"]>[0];
type Subscribed = Parameters<Subscription["subscribed"]>[0];

/** Why following ended: this account is out of the group (or the device is closed), or something has to be caught up with first. */
export type FollowingEnd = "out" | "again";

/** What following the live log asks of the follower it belongs to. */
export interface LiveHost {
  readonly held: HeldGroup;
  readonly catchUp: CatchUp;
  readonly tokens: GroupTokens;
  readonly activity: Activity;
  /** Catches up from the beginning. May throw `offline`. */
  advance(): Promise<CaughtUp>;
  /** Everything is here. May throw `offline`. */
  current(): Promise<void>;
  /** The connection follows the group now, or does not any more; something may wait to be sent. */
  changed(): void;
  failed(error: unknown): void;
  /** Ends early with the follower. */
  sleep(milliseconds: number): Promise<"slept" | "stopped">;
}

/** What the hall lost and does not take back for now is offered again after this time. */
const giveBackAgainMilliseconds = 60_000;

/** One subscription to a group's live log, from its beginning to its end. */
export class LiveFollowing {
  readonly #host: LiveHost;
  readonly #live: GroupParts["live"];
  #behind: boolean;
  readonly #ended = Promise.withResolvers<FollowingEnd>();
  #subscribed = false;
  /** Settled once what is here was compared with the log that is followed now. */
  #compared: Promise<void> = Promise.resolve();
  #connections = 0;

  /** @param behind whether catching up failed for want of a network: then it is done once there is a connection */
  constructor(host: LiveHost, live: GroupParts["live"], behind: boolean) {
    this.#host = host;
    this.#live = live;
    this.#behind = behind;
  }

  /** Whether the connection follows the group now. */
  get isSubscribed(): boolean {
    return this.#subscribed;
  }

  end(how: FollowingEnd): void {
    this.#ended.resolve(how);
  }

  /** Follows until {@link end}, the server, or `over` ends it. */
  async run(over: StopSignal): Promise<FollowingEnd> {
    const { held, tokens, activity } = this.#host;
    const forget = over.onStop(() => this.end("out"));
    const stopFollowing = this.#live.subscribe(held.groupId, {
      token: () => tokens.forLive(),
      after: () => held.snapshot.stored.cursor,
      subscribed: (answer) => this.#beginAt(answer),
      items: (items) => activity.run(() => this.#receive(items)),
      era: (started) => activity.run(() => this.#eraStarted(started)),
      ended: () => this.end("again"),
    });
    const forgetState = this.#live.onState(() => {
      if (this.#live.state() !== "online") this.#subscribed = false;
      this.#host.changed();
    });
    const how = await this.#ended.promise;
    this.#subscribed = false;
    forgetState();
    stopFollowing();
    forget();
    return how;
  }

  /** What comes live waits until it is known that it goes on from what is here. */
  #beginAt(answer: Subscribed): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#compared = promise;
    this.#host.activity.background(async () => {
      try {
        await this.#whenSubscribed(answer);
      } finally {
        resolve();
      }
      await this.#giveBack();
    });
  }

  async #giveBack(): Promise<void> {
    await this.#orAgain(async () => {
      if ((await this.#host.catchUp.giveBack(() => this.renew())) === "later") void this.#giveBackLater();
    });
    this.#host.changed();
  }

  /** With a later connection it begins anew anyway. */
  async #giveBackLater(): Promise<void> {
    const slept = await this.#host.sleep(giveBackAgainMilliseconds);
    if (slept === "slept" && this.#subscribed) this.#host.activity.background(() => this.#giveBack());
  }

  /** Goes on with a new token: the one in use has had as many entries without a steward's signature as the server takes. */
  async renew(): Promise<void> {
    this.#host.tokens.forget();
    await this.#live.renew(this.#host.held.groupId);
  }

  /** The first connection follows upon catching up. With every later one the server may have been put back to an older state meanwhile. */
  async #whenSubscribed(answer: Subscribed): Promise<void> {
    this.#connections += 1;
    const isBack = this.#connections > 1 || answer.newestSeq < this.#host.held.snapshot.stored.cursor;
    if (this.#behind) await this.#orAgain(() => this.#advanceAndSettle());
    else if (answer.byPages || isBack) await this.#orAgain(() => this.#read());
    this.#behind = false;
    this.#subscribed = true;
    this.#host.changed();
  }

  async #receive(items: readonly ServerLogItem[]): Promise<void> {
    await this.#compared;
    const [first] = items;
    const { cursor } = this.#host.held.snapshot.stored;
    if (first !== undefined && first.seq > cursor + 1) await this.#orAgain(() => this.#read());
    const applied = await this.#host.catchUp.applyItems(items);
    if (applied !== "whole") await this.#orAgain(() => this.#advanceAndSettle());
    this.#host.changed();
  }

  async #eraStarted(started: EraStarted): Promise<Uint8Array | null> {
    const { held, tokens } = this.#host;
    let token: GroupToken | null = null;
    await this.#orAgain(async () => {
      const { newest } = held.snapshot.stored;
      const own = newest?.era === started.era ? eraKeysOf(newest.era, newest.eraKey) : null;
      if (own !== null && equalBytes(own.label.publicKey, started.labelKey)) token = await tokens.fresh();
      if (token === null) await this.#advanceAndSettle();
      else await this.#host.current();
      token ??= tokens.last;
    });
    this.#host.changed();
    return token === null ? null : tokenOf(token);
  }

  async #advanceAndSettle(): Promise<void> {
    const caught = await this.#host.advance();
    if (caught.kind === "out") return this.end("out");
    if (caught.kind === "stuck") return this.end("again");
    await this.#host.current();
  }

  async #read(): Promise<void> {
    const token = this.#host.tokens.last;
    const end = token === null ? "needs-chain" : await this.#host.catchUp.readPages(token);
    if (end !== "whole") await this.#advanceAndSettle();
  }

  /** A failure while following: begin again. */
  async #orAgain(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#host.failed(error);
      this.end("again");
    }
  }
}

/** Narrowing does not see what a callback assigned. */
const tokenOf = ({ token }: GroupToken): Uint8Array => token;

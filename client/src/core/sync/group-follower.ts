import { equalBytes, eraKeysOf } from "@unionhall/crypto";
import type { Subscription } from "../api/live.ts";
import { HallError } from "../problems.ts";
import { StopSource } from "../stop.ts";
import { Activity } from "./activity.ts";
import { CatchUp, type CaughtUp } from "./catch-up.ts";
import type { ChainProposals } from "./chain-proposals.ts";
import type { GroupParts } from "./group-parts.ts";
import type { GroupServer, GroupToken, ServerLogItem } from "./group-server.ts";
import type { HeldEra } from "./group-store.ts";
import type { HeldGroup } from "./held-group.ts";
import type { Outbox } from "./outbox.ts";
import { FollowingPhase } from "./following-phase.ts";
import { GroupTokens } from "./group-tokens.ts";
import { GroupSender } from "./group-sender.ts";
import { retryPause } from "./retry-pause.ts";

type EraStarted = Parameters<Subscription["era"]>[0];
type Subscribed = Parameters<Subscription["subscribed"]>[0];

/** A following that lasted this long was a good one. */
const steadyMilliseconds = 5_000;

export interface FollowedGroup {
  readonly held: HeldGroup;
  readonly server: GroupServer;
  readonly outbox: Outbox;
  readonly proposals: ChainProposals;
  /** Called each time everything is here: writes the vault, settles in. May throw `offline`. */
  current(): Promise<void>;
}

/**
 * Keeps one group where the server is: catches up, follows the live log, sends what waits, and begins again whenever something was missing or
 * the network went. One object per group and opening of the device.
 */
export class GroupFollower {
  readonly #parts: GroupParts;
  readonly #group: FollowedGroup;
  readonly #catchUp: CatchUp;
  readonly #activity = new Activity();
  readonly #over = new StopSource();
  readonly #sender: GroupSender;
  /** Interrupts a pause: there is reason to try again at once. */
  #pause = new StopSource();
  readonly #tokens: GroupTokens;
  #advancing: Promise<CaughtUp> | null = null;
  #subscribed = false;
  readonly #phase = new FollowingPhase();
  /** Ends the present following, if there is one. */
  #endFollowing: (how: "out" | "again") => void = () => {};
  #last: CaughtUp | HallError | null = null;
  #firstResults: ((result: CaughtUp | HallError) => void)[] = [];
  readonly done: Promise<void>;

  constructor(parts: GroupParts, group: FollowedGroup) {
    this.#parts = parts;
    this.#group = group;
    this.#catchUp = new CatchUp(parts, group.server, group.held, () => this.#atHand());
    this.#tokens = new GroupTokens(parts.clock, group.server, group.held);
    this.#sender = new GroupSender(
      parts.clock,
      group,
      {
        isSubscribed: () => this.#subscribed,
        look: () => this.#look(),
        lostSubscription: () => {
          this.#subscribed = false;
          this.#endFollowing("again");
        },
      },
      this.#over.signal,
    );
    parts.stop.onStop(() => this.stop());
    this.done = this.#run();
  }

  /** Ends following: the group is put away, or the device is locked. */
  stop(): void {
    this.#over.stop();
    this.#pause.stop();
  }

  /** What catching up came to, the first time it came to anything since this object was made. */
  firstResult(): Promise<CaughtUp | HallError> {
    if (this.#last !== null) return Promise.resolve(this.#last);
    if (this.#phase.now === "over") return Promise.resolve(closedMeanwhile());
    return new Promise((resolve) => this.#firstResults.push(resolve));
  }

  /** Something new waits to be sent. */
  poke(): void {
    this.#activity.background(() => this.#send());
  }

  /** Tries again at once, if it rests after a failure. */
  retryNow(): void {
    this.#pause.stop();
  }

  /** Everything the server had at the time of the call is processed. @throws HallError `offline` */
  async caughtUp(): Promise<void> {
    await this.#activity.run(async () => {
      const token = await this.freshToken();
      const shown = token === null ? null : await this.#group.server.group(token.token);
      if (shown === null) await this.#advance();
      else if (token !== null && shown.newestSeq > this.#group.held.snapshot.stored.cursor) await this.#read(token);
    });
  }

  /** Resolves when nothing is under way: all sent that can be sent, all received applied. Being offline counts as nothing under way. */
  async settled(): Promise<void> {
    await this.firstResult();
    await this.#untilQuiet();
    this.#activity.throwFault();
  }

  async #untilQuiet(): Promise<void> {
    for (let quiet = 0; quiet < 2;) {
      await this.#activity.whenIdle();
      await this.#group.held.lane.run(async () => {});
      if (this.isBlocked) return;
      if (!this.#subscribed) {
        await this.#phase.change();
        continue;
      }
      const before = this.#group.held.snapshot;
      try {
        await this.caughtUp();
      } catch (error) {
        this.#asFailure(error);
        return;
      }
      await this.#activity.run(() => this.#send());
      quiet = this.#group.held.snapshot === before && this.#activity.idle ? quiet + 1 : 0;
    }
  }

  /** Nothing will happen before time passes or the network comes back. */
  get isBlocked(): boolean {
    if (this.#phase.now === "resting" || this.#phase.now === "over") return true;
    return this.#phase.now === "following" && this.#parts.live.state() === "offline";
  }

  async #run(): Promise<void> {
    await this.#keepFollowing();
    this.#phase.enter("over");
    this.#group.proposals.leaveWaiting();
    if (this.#firstResults.length > 0) this.#result(closedMeanwhile());
  }

  async #keepFollowing(): Promise<void> {
    for (let attempt = 0; !this.#over.signal.stopped;) {
      let pause: number;
      this.#phase.enter("catching-up");
      try {
        const caught = await this.#activity.run(() => this.#begin());
        if (caught.kind === "out") return;
        if (caught.kind === "current") {
          const since = this.#parts.clock.now();
          if ((await this.#follow()) === "out") return;
          // What ends at once and again would keep this machine and the hall busy.
          const lasted = this.#parts.clock.now() - since > steadyMilliseconds;
          attempt = lasted ? 0 : attempt + 1;
          if (attempt < 2) continue;
        } else attempt = Math.max(attempt, 3);
        pause = retryPause(attempt++, this.#parts.random);
      } catch (error) {
        if (this.#over.signal.stopped) return;
        const failure = this.#asFailure(error);
        await this.#failed(failure);
        if (failure.problem === "group-unknown") return;
        pause = retryPause(attempt++, this.#parts.random);
      }
      this.#phase.enter("resting");
      this.#pause = new StopSource();
      if (this.#over.signal.stopped) return;
      await this.#parts.clock.sleep(pause, this.#pause.signal);
    }
  }

  async #begin(): Promise<CaughtUp> {
    const caught = await this.#advance();
    if (caught.kind === "current") await this.#group.current();
    this.#result(caught);
    return caught;
  }

  async #failed(error: HallError): Promise<void> {
    if (error.problem === "offline") await this.#group.proposals.giveUpUnsent(error);
    this.#result(error);
  }

  #result(result: CaughtUp | HallError): void {
    this.#last = result;
    const waiting = this.#firstResults;
    this.#firstResults = [];
    for (const resolve of waiting) resolve(result);
  }

  /** One catching up at a time; whoever asks meanwhile gets the same. */
  #advance(): Promise<CaughtUp> {
    this.#advancing ??= this.#catchUp
      .run()
      .then((caught) => {
        if (caught.kind === "current") this.#tokens.keep(caught.token);
        return caught;
      })
      .finally(() => {
        this.#advancing = null;
      });
    return this.#advancing;
  }

  /** Follows the live log until that ends; says whether this account is out of the group. */
  async #follow(): Promise<"out" | "again"> {
    const ended = Promise.withResolvers<"out" | "again">();
    this.#endFollowing = ended.resolve;
    this.#phase.enter("following");
    const forget = this.#over.signal.onStop(() => ended.resolve("out"));
    const stopFollowing = this.#parts.live.subscribe(this.#group.held.groupId, {
      token: () => this.#tokens.forLive(),
      after: () => this.#group.held.snapshot.stored.cursor,
      subscribed: (answer) => this.#activity.background(() => this.#whenSubscribed(answer)),
      items: (items) => this.#activity.run(() => this.#receive(items)),
      era: (started) => this.#activity.run(() => this.#eraStarted(started)),
      ended: () => ended.resolve("again"),
    });
    const forgetState = this.#parts.live.onState(() => {
      if (this.#parts.live.state() !== "online") this.#subscribed = false;
      this.#phase.changed();
    });
    const result = await ended.promise;
    this.#subscribed = false;
    forgetState();
    stopFollowing();
    forget();
    return result;
  }

  async #whenSubscribed(answer: Subscribed): Promise<void> {
    if (answer.byPages) await this.#orAgain(() => this.#read(this.#tokens.last));
    this.#subscribed = true;
    this.#phase.changed();
    this.poke();
  }

  async #receive(items: readonly ServerLogItem[]): Promise<void> {
    const [first] = items;
    const { cursor } = this.#group.held.snapshot.stored;
    if (first !== undefined && first.seq > cursor + 1) await this.#orAgain(() => this.#read(this.#tokens.last));
    const applied = await this.#catchUp.applyItems(items, "wait");
    if (applied !== "whole") await this.#orAgain(() => this.#advanceAndSettle());
    this.poke();
  }

  async #eraStarted(started: EraStarted): Promise<Uint8Array | null> {
    let token: GroupToken | null = null;
    await this.#orAgain(async () => {
      const { newest } = this.#group.held.snapshot.stored;
      const own = newest?.era === started.era ? eraKeysOf(newest.era, newest.eraKey) : null;
      if (own !== null && equalBytes(own.label.publicKey, started.labelKey)) token = await this.#tokens.fresh();
      if (token === null) await this.#advanceAndSettle();
      else await this.#group.current();
      token ??= this.#tokens.last;
    });
    this.poke();
    return token === null ? null : tokenOf(token);
  }

  async #advanceAndSettle(): Promise<void> {
    const caught = await this.#advance();
    if (caught.kind === "out") return this.#endFollowing("out");
    if (caught.kind === "stuck") return this.#endFollowing("again");
    await this.#group.current();
  }

  /** A failure of the network while following: begin again. */
  async #orAgain(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#asFailure(error);
      this.#endFollowing("again");
    }
  }

  /** What is no failure of the network or the hall is one of this program or of its storage: kept for {@link settled} to say. */
  #asFailure(error: unknown): HallError {
    if (error instanceof HallError) return error;
    if (!this.#over.signal.stopped) this.#activity.keepFault(error);
    return new HallError("storage-full", "this device could not store what came");
  }

  async #read(token: GroupToken | null): Promise<void> {
    const end = token === null ? "needs-chain" : await this.#catchUp.readPages(token);
    if (end !== "whole") await this.#advance();
  }

  /** Sends what waits. A lost connection is no failure: the next one sends. */
  async #send(): Promise<void> {
    try {
      await this.#sender.send();
    } catch (error) {
      this.#asFailure(error);
    }
  }

  /** The log has something that is not here yet; where that began an era, its keys too. */
  async #look(): Promise<void> {
    const token = await this.freshToken();
    const before = this.#group.held.snapshot;
    if (token !== null) await this.#read(token);
    if (this.#group.held.snapshot === before) await this.#advance();
  }

  /** A token of the newest era held; null where the server knows no such pass. @throws HallError `offline` */
  freshToken(): Promise<GroupToken | null> {
    return this.#tokens.fresh();
  }

  async #atHand(): Promise<readonly HeldEra[]> {
    const { newest, offered } = this.#group.held.snapshot.stored;
    const own = await this.#group.proposals.atHand();
    return [newest, offered, ...own].flatMap((era) => (era === null ? [] : [era]));
  }
}

function closedMeanwhile(): HallError {
  return new HallError("locked", "the device was closed meanwhile");
}

/** Narrowing does not see what a callback assigned. */
const tokenOf = ({ token }: GroupToken): Uint8Array => token;

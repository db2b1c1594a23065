import { toHex } from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import { StopSource } from "../stop.ts";
import { ActPatience } from "./act-patience.ts";
import { Activity } from "./activity.ts";
import { CatchUp, type CaughtUp } from "./catch-up.ts";
import type { GroupParts } from "./group-parts.ts";
import type { GroupToken } from "./group-server.ts";
import type { HeldEra } from "./group-store.ts";
import { Lane } from "./lane.ts";
import { LiveFollowing, type FollowingEnd } from "./live-following.ts";
import type { FollowedGroup } from "./followed-group.ts";
import { FollowingPhase } from "./following-phase.ts";
import { GroupTokens } from "./group-tokens.ts";
import { GroupSender } from "./group-sender.ts";
import { retryPause } from "./retry-pause.ts";

/** A following that lasted this long was a good one. */
const steadyMilliseconds = 5_000;

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
  readonly #patience: ActPatience;
  /** Interrupts a pause: there is reason to try again at once. */
  #pause = new StopSource();
  readonly #tokens: GroupTokens;
  #advancing: Promise<CaughtUp> | null = null;
  readonly #phase = new FollowingPhase();
  readonly #looks = new Lane();
  #following: LiveFollowing | null = null;
  /** Boxes that were there while this account was shut out, in hex. */
  readonly #triedBoxes = new Set<string>();
  #last: CaughtUp | HallError | null = null;
  readonly #first = Promise.withResolvers<CaughtUp | HallError>();
  readonly done: Promise<void>;

  constructor(parts: GroupParts, group: FollowedGroup) {
    this.#parts = parts;
    this.#group = group;
    this.#catchUp = new CatchUp(parts, group.server, group.held, () => this.#atHand());
    this.#tokens = new GroupTokens(parts.clock, group.server, group.held);
    this.#sender = new GroupSender(
      parts,
      group,
      {
        chainLength: () => group.held.snapshot.state.hashes.length,
        isSubscribed: () => this.isSubscribed,
        look: () => this.#look(),
        lostSubscription: () => this.#following?.end("again"),
        spentToken: async () => this.#following?.renew(),
      },
      this.#over.signal,
    );
    this.#patience = new ActPatience(parts.clock, group, this.#activity, this, this.#over.signal);
    parts.stop.onStop(() => this.stop());
    // Another device of the account may have brought the box key that was missing.
    this.#over.signal.onStop(
      parts.vault.onChange(() => {
        if (this.#isStuck) this.#pause.stop();
      }),
    );
    this.done = this.#run();
  }

  /** Ends following: the group is put away, or the device is locked. */
  stop(): void {
    this.#over.stop();
    this.#pause.stop();
  }

  /** What catching up came to, the first time it came to anything since this object was made. */
  firstResult(): Promise<CaughtUp | HallError> {
    return this.#first.promise;
  }

  /** Whether it catches up or follows, and did not fail the last time. */
  get isGoing(): boolean {
    const { now } = this.#phase;
    return now === "following" || (now === "catching-up" && this.#last === null);
  }

  get #isStuck(): boolean {
    return this.#last !== null && !(this.#last instanceof HallError) && this.#last.kind === "stuck";
  }

  /** Something new waits to be sent. */
  poke(): void {
    this.#activity.background(() => this.#send());
  }

  /** Acts on the chain wait to be sent; somebody waits for what becomes of them. */
  proposed(): void {
    this.#patience.look();
    this.poke();
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

  /** Looks one after the other with everybody else who waits: a look is work, and two at once would each see the other's for ever. */
  async #untilQuiet(): Promise<void> {
    for (let quiet = 0; quiet < 2;) {
      const seen = await this.#looks.run(() => this.#lookForRest());
      if (seen === "blocked") return;
      quiet = seen === "quiet" ? quiet + 1 : 0;
    }
  }

  /** Reads and sends once more. `quiet`: nothing came of it; `blocked`: for now nothing can come of it. */
  async #lookForRest(): Promise<"quiet" | "busy" | "blocked"> {
    await this.#activity.whenIdle();
    await this.#group.held.lane.run(async () => {});
    if (this.isBlocked) return "blocked";
    if (!this.isSubscribed) {
      await this.#phase.change();
      return "busy";
    }
    const before = this.#group.held.snapshot;
    try {
      await this.caughtUp();
    } catch (error) {
      this.#asFailure(error);
      return "blocked";
    }
    await this.#activity.run(() => this.#send());
    return this.#group.held.snapshot === before && this.#activity.idle ? "quiet" : "busy";
  }

  get isSubscribed(): boolean {
    return this.#following?.isSubscribed ?? false;
  }

  /** Nothing will happen before time passes or the network comes back. */
  get isBlocked(): boolean {
    if (this.#phase.now === "resting" || this.#phase.now === "over") return true;
    return this.#phase.now === "following" && this.#parts.live.state() === "offline";
  }

  /** However it ends, nobody waits for it any more. */
  async #run(): Promise<void> {
    try {
      await this.#keepFollowing();
      if (!this.#over.signal.stopped) await this.#group.proposals.settleShown();
    } catch (error) {
      this.#asFailure(error);
    } finally {
      this.#phase.enter("over");
      this.#group.proposals.leaveWaiting();
      this.#first.resolve(new HallError("locked", "the device was closed meanwhile"));
    }
  }

  async #keepFollowing(): Promise<void> {
    for (let attempt = 0; !this.#over.signal.stopped;) {
      this.#phase.enter("catching-up");
      const result = await this.#activity.run(() => this.#begin());
      if (this.#over.signal.stopped || isForGood(result)) return;
      const since = this.#parts.clock.now();
      const behind = this.#isOffline(result);
      if (behind || !(result instanceof HallError || result.kind === "stuck"))
        if ((await this.#follow(behind)) === "out") return;
      // What ends at once and again would keep this machine and the hall busy.
      attempt = this.#parts.clock.now() - since > steadyMilliseconds ? 0 : attempt + 1;
      if (attempt > 1 || result instanceof HallError || result.kind === "stuck") await this.#rest(attempt);
    }
  }

  async #rest(attempt: number): Promise<void> {
    this.#phase.enter("resting");
    this.#patience.look();
    this.#pause = new StopSource();
    if (this.#over.signal.stopped) return;
    const stopAwaiting = this.#awaitBox();
    await this.#parts.clock.sleep(retryPause(attempt, this.#parts.random), this.#pause.signal);
    stopAwaiting();
  }

  /** With keys from before, the connection itself waits for the network, and wakes with it. */
  #isOffline(result: CaughtUp | HallError): boolean {
    const { newest } = this.#group.held.snapshot.stored;
    return newest !== null && result instanceof HallError && result.problem === "offline";
  }

  /** While a box is missing: as soon as another member's program has put one there, it is tried. Returns the way to stop. */
  #awaitBox(): () => void {
    if (!this.#isStuck) return () => {};
    const { groupId } = this.#group.held;
    const stops = this.#catchUp.awaitedLabels().map((label) =>
      this.#parts.live.awaitBox(groupId, label, {
        box: ({ box }) => {
          const known = toHex(box.box);
          if (this.#triedBoxes.has(known)) return;
          this.#triedBoxes.add(known);
          this.#pause.stop();
        },
        // The hall names its newest era whenever somebody begins to wait.
        era: ({ era }) => {
          if (era !== this.#catchUp.newestSeen) this.#pause.stop();
        },
        ended: () => {},
      }),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }

  async #begin(): Promise<CaughtUp | HallError> {
    let result: CaughtUp | HallError;
    try {
      result = await this.#advance();
      if (result.kind === "current") await this.#group.current();
    } catch (error) {
      result = this.#asFailure(error);
      if (!this.#over.signal.stopped && result.problem === "offline") await this.#giveUpUnsent();
    }
    this.#result(result);
    return result;
  }

  /** On a device without room they stay for now; following goes on. */
  async #giveUpUnsent(): Promise<void> {
    try {
      await this.#group.proposals.giveUpUnsent();
    } catch (error) {
      this.#asFailure(error);
    }
  }

  #result(result: CaughtUp | HallError): void {
    this.#last = result;
    this.#first.resolve(result);
  }

  /** One catching up at a time; whoever asks meanwhile gets the same. */
  #advance(): Promise<CaughtUp> {
    this.#advancing ??= this.#catchUp
      .run()
      .then((caught) => {
        if (caught.kind === "current") this.#tokens.keep(caught.token);
        this.#last = caught;
        return caught;
      })
      .finally(() => {
        this.#advancing = null;
      });
    return this.#advancing;
  }

  /** Follows the live log until that ends; says whether this account is out of the group. */
  async #follow(behind: boolean): Promise<FollowingEnd> {
    const { held } = this.#group;
    const host = {
      held,
      catchUp: this.#catchUp,
      tokens: this.#tokens,
      activity: this.#activity,
      advance: () => this.#advance(),
      current: () => this.#group.current(),
      changed: () => {
        this.#phase.changed();
        this.#patience.look();
        this.poke();
      },
      failed: (error: unknown) => {
        this.#asFailure(error);
      },
      sleep: (milliseconds: number) => this.#parts.clock.sleep(milliseconds, this.#over.signal),
    };
    const following = new LiveFollowing(host, this.#parts.live, behind);
    this.#following = following;
    this.#phase.enter("following");
    const how = await following.run(this.#over.signal);
    this.#following = null;
    return how;
  }

  /** What is no failure of the network, the hall or the room on this device is a fault of this program: kept for {@link settled} to say. */
  #asFailure(error: unknown): HallError {
    if (error instanceof HallError) return error;
    if (!this.#over.signal.stopped) this.#activity.keepFault(error);
    return new HallError("program-fault", "this program failed at what came; it will try again");
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

/** Whether there is nothing more to follow: this account is out, or the hall has no such group. */
function isForGood(result: CaughtUp | HallError): boolean {
  return result instanceof HallError ? result.problem === "group-unknown" : result.kind === "out";
}

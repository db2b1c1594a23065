import type { StopSignal } from "../stop.ts";
import type { ChainProposals } from "./chain-proposals.ts";
import type { GroupParts } from "./group-parts.ts";
import type { Outbox } from "./outbox.ts";
import { retryPause } from "./retry-pause.ts";

/** Whatever a hall says about when to come again: milliseconds. */
const [shortestWait, longestWait] = [1_000, 60_000];

/** So many steps that change nothing are taken at once: two programs may meet. After that a pause goes before each. */
const stepsWithoutPause = 3;

/** What sending asks of whoever follows the group's log. */
export interface SenderHost {
  /** How many items of the chain are here. */
  chainLength(): number;
  /** Whether the connection follows the group now, so that it takes what is sent. */
  isSubscribed(): boolean;
  /** The log has something that is not here yet: reads it. May throw `offline`. */
  look(): Promise<void>;
  /** The server does not know of the subscription: subscribes anew. */
  lostSubscription(): void;
  /** The server takes no more entries with the token in use: goes on with another. May throw `offline`. */
  spentToken(): Promise<void>;
}

/** Sends what waits of one group, acts on the chain before records, one request after the other; while an act waits, records go out. */
export class GroupSender {
  readonly #parts: Pick<GroupParts, "clock" | "random">;
  readonly #proposals: ChainProposals;
  readonly #outbox: Outbox;
  readonly #host: SenderHost;
  readonly #over: StopSignal;
  #sending = false;
  #again = false;
  /** Steps since the last that got anything done. */
  #idleSteps = 0;

  constructor(
    parts: Pick<GroupParts, "clock" | "random">,
    group: { readonly proposals: ChainProposals; readonly outbox: Outbox },
    host: SenderHost,
    over: StopSignal,
  ) {
    this.#parts = parts;
    this.#proposals = group.proposals;
    this.#outbox = group.outbox;
    this.#host = host;
    this.#over = over;
  }

  /** Sends as long as it goes on; called while it does, looks once more at the end. @throws HallError when the connection went */
  async send(): Promise<void> {
    if (this.#sending) {
      this.#again = true;
      return;
    }
    this.#sending = true;
    try {
      do {
        this.#again = false;
        while (this.#host.isSubscribed() && !this.#over.stopped && (await this.#sendOnce()));
      } while (this.#again);
    } finally {
      this.#sending = false;
    }
  }

  /** One request to the server. Says whether there may be more to do. */
  async #sendOnce(): Promise<boolean> {
    const step = await this.#proposals.step();
    if (step.kind === "not-subscribed") return this.#lostSubscription();
    if (step.kind === "token-spent") await this.#host.spentToken();
    const mayWrite = step.kind === "none" || ("last" in step && !step.last);
    if (!mayWrite) return this.#afterStep(step);
    const sent = await this.#outbox.send();
    if (sent.kind === "not-subscribed") return this.#lostSubscription();
    if (sent.kind !== "empty") return this.#afterStep(sent);
    return step.kind === "none" ? false : this.#afterStep(step);
  }

  /** A hall that answers the same for ever, or says when to come again, neither keeps this machine busy nor silences it for long. */
  async #afterStep(step: { readonly kind: string; readonly milliseconds?: number }): Promise<true> {
    if (step.milliseconds !== undefined) {
      await this.#sleep(Math.min(longestWait, Math.max(shortestWait, step.milliseconds)));
      return true;
    }
    const before = this.#host.chainLength();
    if (step.kind === "look" || step.kind === "era-ended") await this.#host.look();
    const gotOn = step.kind === "went-on" || this.#host.chainLength() > before;
    this.#idleSteps = gotOn ? 0 : this.#idleSteps + 1;
    const tooMany = this.#idleSteps - stepsWithoutPause;
    if (tooMany >= 0) await this.#sleep(retryPause(tooMany, this.#parts.random));
    return true;
  }

  async #sleep(milliseconds: number): Promise<void> {
    await this.#parts.clock.sleep(milliseconds, this.#over);
  }

  #lostSubscription(): false {
    this.#host.lostSubscription();
    return false;
  }
}

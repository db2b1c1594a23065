import type { Clock } from "../platform.ts";
import type { StopSignal } from "../stop.ts";
import type { Activity } from "./activity.ts";
import type { ChainProposals } from "./chain-proposals.ts";

/** After the loss of a connection the word on what was sent is waited for so long. */
const patienceMilliseconds = 20_000;

/** What it asks of whoever follows the group's log. */
export interface PatienceHost {
  /** Nothing will happen before time passes or the network comes back. */
  readonly isBlocked: boolean;
  readonly isSubscribed: boolean;
}

/**
 * Nobody waits for ever for acts on the chain: where nothing can be sent, what was not sent is given up at once, and what may have been sent is
 * waited for a little and then goes on by itself.
 */
export class ActPatience {
  readonly #clock: Clock;
  readonly #proposals: ChainProposals;
  readonly #activity: Activity;
  readonly #host: PatienceHost;
  readonly #over: StopSignal;
  #isRunning = false;

  constructor(
    clock: Clock,
    { proposals }: { readonly proposals: ChainProposals },
    activity: Activity,
    host: PatienceHost,
    over: StopSignal,
  ) {
    this.#clock = clock;
    this.#proposals = proposals;
    this.#activity = activity;
    this.#host = host;
    this.#over = over;
  }

  /** Called whenever something waits, and whenever sending may have become impossible. */
  look(): void {
    if (this.#over.stopped) return this.#proposals.leaveWaiting();
    if (!this.#host.isBlocked) return;
    this.#activity.background(() => this.#proposals.giveUpUnsent());
    if (!this.#isRunning) void this.#runOut();
  }

  async #runOut(): Promise<void> {
    this.#isRunning = true;
    const slept = await this.#clock.sleep(patienceMilliseconds, this.#over);
    this.#isRunning = false;
    if (slept === "slept" && !this.#host.isSubscribed) this.#activity.background(() => this.#proposals.leaveSent());
  }
}

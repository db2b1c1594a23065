import type { StopSignal } from "../stop.ts";
import type { ChainProposals } from "./chain-proposals.ts";
import type { GroupParts } from "./group-parts.ts";
import type { Outbox } from "./outbox.ts";

/** What sending asks of whoever follows the group's log. */
export interface SenderHost {
  /** Whether the connection follows the group now, so that it takes what is sent. */
  isSubscribed(): boolean;
  /** The log has something that is not here yet: reads it. May throw `offline`. */
  look(): Promise<void>;
  /** The server does not know of the subscription: subscribes anew. */
  lostSubscription(): void;
}

/** Sends what waits of one group, acts on the chain before records, one request after the other. */
export class GroupSender {
  readonly #clock: GroupParts["clock"];
  readonly #proposals: ChainProposals;
  readonly #outbox: Outbox;
  readonly #host: SenderHost;
  readonly #over: StopSignal;
  #sending = false;
  #again = false;

  constructor(
    clock: GroupParts["clock"],
    group: { readonly proposals: ChainProposals; readonly outbox: Outbox },
    host: SenderHost,
    over: StopSignal,
  ) {
    this.#clock = clock;
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
    if (step.kind === "look") await this.#host.look();
    if (step.kind === "wait") await this.#clock.sleep(step.milliseconds, this.#over);
    if (step.kind === "not-subscribed") return this.#lostSubscription();
    if (step.kind !== "none") return true;
    const sent = await this.#outbox.send();
    if (sent.kind === "era-ended") await this.#host.look();
    if (sent.kind === "wait") await this.#clock.sleep(sent.milliseconds, this.#over);
    if (sent.kind === "not-subscribed") return this.#lostSubscription();
    return sent.kind !== "empty";
  }

  #lostSubscription(): false {
    this.#host.lostSubscription();
    return false;
  }
}

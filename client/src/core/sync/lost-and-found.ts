import type { Answer } from "../api/live.ts";
import type { GroupParts } from "./group-parts.ts";
import type { HeldGroup } from "./held-group.ts";
import { lacksEntries } from "./lost-entries.ts";
import { foundAgain, nextLost, refusedAgain, type LostBytes } from "./lost-records.ts";
import { passing, unsubscribed } from "./passing-refusals.ts";
import type { Sent } from "./sent.ts";

/** Records that the server lost, on their way to it once more: the same bytes, of whomever they are. */
export class LostAndFound {
  readonly #parts: GroupParts;
  readonly #held: HeldGroup;
  #isWaiting = false;

  constructor(parts: GroupParts, held: HeldGroup) {
    this.#parts = parts;
    this.#held = held;
  }

  /** Sends what may be sent now. @throws HallError `offline` */
  async send(): Promise<Sent> {
    const { standing, logPlace } = this.#held.snapshot.stored;
    if (logPlace.shift === 0 || logPlace.again || standing.kind !== "member") return { kind: "empty" };
    if (await lacksEntries(this.#held)) return { kind: "empty" };
    const { clock, live } = this.#parts;
    const { record, next } = await this.#held.change((draft) => nextLost(draft, clock.now()));
    if (next !== null) this.#comeBack(next - clock.now());
    return record === null ? { kind: "empty" } : this.#settle(record, await live.append(this.#held.groupId, [record]));
  }

  async #settle(sent: LostBytes, answer: Answer): Promise<Sent> {
    if (answer.kind === "refused") {
      if (unsubscribed.has(answer.code)) return { kind: "not-subscribed" };
      if (passing.has(answer.code)) return { kind: "wait", milliseconds: (answer.retryAfterSeconds ?? 2) * 1_000 };
    }
    await this.#held.change((draft) =>
      answer.kind === "refused"
        ? refusedAgain(this.#parts, draft, sent, answer.code)
        : foundAgain(draft, sent.recordId),
    );
    return { kind: "went-on" };
  }

  /** What others wrote is sent by whoever comes first. Without a connection by then, the next opportunity to send does it. */
  #comeBack(milliseconds: number): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    const later = async (): Promise<void> => {
      await this.#parts.clock.sleep(milliseconds, this.#parts.stop);
      this.#isWaiting = false;
      while (!this.#parts.stop.stopped && (await this.send()).kind === "went-on");
    };
    later().catch(() => {});
  }
}

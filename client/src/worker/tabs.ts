import { HallError, type Unionhall } from "../core/index.ts";
import type { Clock, DeviceLock, HeldLock } from "../core/platform.ts";
import type { FromCore, Line, ToCore } from "./messages.ts";
import { answer } from "./serve.ts";

/** What tabs of one browser say to each other. `leader` is the tab that has the device. */
export type TabMessage =
  | { readonly kind: "ask"; readonly from: string; readonly call: Call }
  /** Said before a call is begun: one that was not taken was not done. */
  | { readonly kind: "taken"; readonly to: string; readonly id: number }
  | { readonly kind: "answer"; readonly to: string; readonly reply: FromCore }
  | { readonly kind: "change"; readonly reply: FromCore }
  | { readonly kind: "ping" }
  /** Somebody looks at a tab that does not lead. */
  | { readonly kind: "wake" }
  /** Here I am; `took`: and just became it. */
  | { readonly kind: "leader"; readonly took: boolean };

type Call = Extract<ToCore, { readonly kind: "call" }>;

/** A hall that can be told that the network is back. */
export interface WakeableHall extends Unionhall {
  wake(): void;
}

export interface TabParts {
  /** Its name among the tabs, random. */
  readonly name: string;
  readonly page: Line<FromCore, ToCore>;
  readonly tabs: Line<TabMessage, TabMessage>;
  readonly lock: DeviceLock;
  readonly clock: Clock;
  /** Opens the device; called only while the lock is held. */
  readonly open: () => Promise<WakeableHall>;
}

/** A leader that says nothing for so long does not answer any more: its tab was frozen. */
const patienceMilliseconds = 10_000;
const pingEveryMilliseconds = 2_000;

/** One taking of the lock, and whether somebody took it away since. */
interface Taking {
  lost: boolean;
}

/** What may be asked a second time without doing anything twice. */
const reads: Readonly<Record<string, readonly string[]>> = {
  session: ["state", "profile", "settings"],
  groups: ["list", "get", "members", "chain"],
  invites: ["preview", "joining", "list", "requests"],
  topics: ["list", "get", "posts", "draft", "refused"],
  hall: ["settled"],
};

/**
 * One tab of several that share a device: the one that holds the device's lock leads and answers for all; the others pass their page's calls on
 * to it. When the leader goes, the next takes its place; when it is frozen, it is taken from it.
 */
export class Tab {
  readonly #parts: TabParts;
  #role:
    | { readonly kind: "following" }
    | { readonly kind: "leading"; readonly hall: WakeableHall; readonly held: HeldLock; readonly taking: Taking } = {
    kind: "following",
  };
  /** Calls of the own page that the leader has not answered, by id. */
  readonly #waiting = new Map<number, { readonly call: Call; readonly taken: boolean }>();
  /** Calls of other tabs that were taken here, as `tab id`: each is done once, however often it is asked. */
  readonly #taken = new Set<string>();
  #heard: number;
  /** Whether this tab leads, or will once the lock is free. */
  #inLine = false;
  #watching = false;
  /** Whether this tab has the lock and opens the device. */
  #opening = false;

  constructor(parts: TabParts) {
    this.#parts = parts;
    this.#heard = parts.clock.now();
    parts.page.listen((message) => this.#fromPage(message));
    parts.tabs.listen((message) => this.#fromTabs(message));
    void this.#standInLine();
  }

  /** Leads as soon as the lock is free, and again after it was taken away. */
  async #standInLine(): Promise<void> {
    this.#inLine = true;
    await this.#take(false);
  }

  /** Takes the lock, and leads as long as it is not taken away again, be it while the device is still being opened. */
  async #take(steal: boolean): Promise<void> {
    const taking = { lost: false };
    const lost = (): void => {
      taking.lost = true;
      void this.#stepDown(taking);
    };
    const held = await this.#parts.lock.take({ wait: null, steal, lost });
    if (held !== null) await this.#lead(held, taking);
  }

  async #lead(held: HeldLock, taking: Taking): Promise<void> {
    if (this.#role.kind === "leading" || this.#opening) return held.release();
    this.#opening = true;
    const hall = await this.#opened();
    this.#opening = false;
    if (hall === null) return held.release();
    if (taking.lost) {
      await hall.close().catch(() => {});
      return void this.#standInLine();
    }
    this.#role = { kind: "leading", hall, held, taking };
    hall.subscribe((change) => {
      const reply: FromCore = { kind: "change", change };
      this.#parts.page.send(reply);
      this.#parts.tabs.send({ kind: "change", reply });
    });
    this.#parts.tabs.send({ kind: "leader", took: true });
    this.#askAgain();
    this.#parts.page.send({ kind: "change", change: { kind: "session" } });
  }

  /** Null where this tab cannot open the device: then it leaves it to others, says so, and tries again with the next call. */
  async #opened(): Promise<WakeableHall | null> {
    try {
      return await this.#parts.open();
    } catch {
      this.#inLine = false;
      const calls = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { call } of calls)
        this.#refuse(call, new HallError("program-fault", "what is kept on this device cannot be opened"));
      return null;
    }
  }

  /** The device was taken away from this tab while it was frozen. */
  async #stepDown(taking: Taking): Promise<void> {
    if (this.#role.kind !== "leading" || this.#role.taking !== taking) return;
    const { hall } = this.#role;
    this.#role = { kind: "following" };
    this.#heard = this.#parts.clock.now();
    await hall.close().catch(() => {});
    void this.#standInLine();
  }

  #fromPage(message: ToCore): void {
    if (message.kind === "wake") {
      if (this.#role.kind === "leading") this.#role.hall.wake();
      else this.#parts.tabs.send({ kind: "wake" });
      return;
    }
    if (message.kind === "marker") return;
    if (this.#role.kind === "leading") {
      void answer(this.#role.hall, message).then((reply) => this.#parts.page.send(reply));
      return;
    }
    this.#waiting.set(message.id, { call: message, taken: false });
    this.#parts.tabs.send({ kind: "ask", from: this.#parts.name, call: message });
    if (!this.#inLine) void this.#standInLine();
    void this.#watchLeader();
  }

  #fromTabs(message: TabMessage): void {
    if (this.#role.kind === "leading") return this.#asLeader(message, this.#role.hall);
    switch (message.kind) {
      case "answer":
        if (message.to === this.#parts.name) this.#answered(message.reply);
        return;
      case "taken":
        if (message.to === this.#parts.name) this.#markTaken(message.id);
        return;
      case "change":
        this.#heard = this.#parts.clock.now();
        return this.#parts.page.send(message.reply);
      case "leader":
        this.#heard = this.#parts.clock.now();
        if (message.took) {
          this.#askAgain();
          this.#parts.page.send({ kind: "change", change: { kind: "session" } });
        }
        return;
      case "ask":
      case "ping":
      case "wake":
    }
  }

  #asLeader(message: TabMessage, hall: WakeableHall): void {
    if (message.kind === "wake") return hall.wake();
    if (message.kind === "ping") return this.#parts.tabs.send({ kind: "leader", took: false });
    if (message.kind !== "ask") return;
    const { from, call } = message;
    const key = `${from} ${call.id}`;
    if (this.#taken.has(key)) return;
    this.#taken.add(key);
    this.#parts.tabs.send({ kind: "taken", to: from, id: call.id });
    void answer(hall, call).then((reply) => this.#parts.tabs.send({ kind: "answer", to: from, reply }));
  }

  #markTaken(id: number): void {
    this.#heard = this.#parts.clock.now();
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) this.#waiting.set(id, { ...waiting, taken: true });
  }

  #answered(reply: FromCore): void {
    this.#heard = this.#parts.clock.now();
    if (!("id" in reply) || !this.#waiting.delete(reply.id)) return;
    this.#parts.page.send(reply);
  }

  /** There is a new leader: it has not heard what was asked of the old one. */
  #askAgain(): void {
    const calls = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { call, taken } of calls) {
      if (!taken || reads[call.door]?.includes(call.method)) this.#fromPage(call);
      else
        this.#refuse(
          call,
          new HallError("timed-out", "the tab that was doing this was closed: look whether it was done"),
        );
    }
  }

  /** While the page waits, asks the leader for a sign of life; without one for too long, takes the device. */
  async #watchLeader(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    const { clock, tabs } = this.#parts;
    this.#heard = clock.now();
    while (this.#role.kind === "following" && this.#waiting.size > 0) {
      tabs.send({ kind: "ping" });
      await clock.sleep(pingEveryMilliseconds);
      // This tab has the lock, and opens the device: nobody else could lead.
      if (this.#opening) this.#heard = clock.now();
      if (clock.now() - this.#heard >= patienceMilliseconds) await this.#take(true);
    }
    this.#watching = false;
  }

  #refuse({ id }: Call, { problem, detail }: HallError): void {
    this.#parts.page.send({ kind: "failed", id, problem, detail });
  }
}

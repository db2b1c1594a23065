import type { EngineParts } from "../engine.ts";
import type { InvitesMaker, InvitesPart } from "../groups/engine.ts";
import { onDemand } from "../on-demand.ts";
import { orStopped } from "../stop.ts";
import type { Groups } from "../sync/loaded-group.ts";
import type { InvitesDoor } from "./invites-door.ts";

const retryMilliseconds = 30_000;

/** Invites whose program is fetched after everything else: nobody waits for it in front of a topic. */
export function lateInvites(fetchMaker: () => Promise<InvitesMaker>): InvitesMaker {
  return {
    readInvite: async (parts, link) => (await onDemand(fetchMaker)).readInvite(parts, link),
    open: async (parts, groups) => new LateInvites(fetchMaker, parts, groups),
  };
}

class LateInvites implements InvitesPart {
  readonly door: InvitesDoor;
  readonly #fetchMaker: () => Promise<InvitesMaker>;
  readonly #parts: EngineParts;
  readonly #groups: Groups;
  #opened: InvitesPart | null = null;
  #opening: Promise<InvitesPart> | null = null;
  readonly #keptTrying: Promise<void>;

  constructor(fetchMaker: () => Promise<InvitesMaker>, parts: EngineParts, groups: Groups) {
    this.#fetchMaker = fetchMaker;
    this.#parts = parts;
    this.#groups = groups;
    this.door = this.#makeDoor();
    this.#keptTrying = this.#keepTrying();
  }

  async openRequests(groupId: string): Promise<number> {
    return this.#opened === null ? 0 : this.#opened.openRequests(groupId);
  }

  async settled(): Promise<void> {
    await this.#opening?.catch(() => {});
    await this.#opened?.settled();
  }

  async closed(): Promise<void> {
    await this.#keptTrying;
    await this.#opening?.catch(() => {});
    await this.#opened?.closed();
  }

  /** Asks and admissions that wait go on by themselves: so the program is fetched even if nobody asks for it. */
  async #keepTrying(): Promise<void> {
    const { clock, stop } = this.#parts;
    while (!stop.stopped) {
      const isOpen = await this.#part().then(
        () => true,
        () => false,
      );
      if (isOpen) return;
      await clock.sleep(retryMilliseconds, stop);
    }
  }

  #part(): Promise<InvitesPart> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<InvitesPart> {
    const maker = await orStopped(onDemand(this.#fetchMaker), this.#parts.stop);
    this.#opened = await maker.open(this.#parts, this.#groups);
    return this.#opened;
  }

  #makeDoor(): InvitesDoor {
    const door = async (): Promise<InvitesDoor> => (await this.#part()).door;
    return {
      preview: async (link) => (await door()).preview(link),
      join: async (link, input) => (await door()).join(link, input),
      joining: async () => (await door()).joining(),
      cancel: async (groupId) => (await door()).cancel(groupId),
      make: async (groupId, input) => (await door()).make(groupId, input),
      list: async (groupId) => (await door()).list(groupId),
      end: async (groupId, inviteId) => (await door()).end(groupId, inviteId),
      requests: async (groupId) => (await door()).requests(groupId),
      approve: async (groupId, requestId) => (await door()).approve(groupId, requestId),
      refuse: async (groupId, requestId) => (await door()).refuse(groupId, requestId),
    };
  }
}

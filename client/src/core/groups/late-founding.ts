import { onDemand } from "../on-demand.ts";
import { orStopped } from "../stop.ts";
import type { GroupParts } from "../sync/group-parts.ts";
import type { OpenGroup } from "../sync/open-group.ts";
import type { OpenGroups } from "../sync/open-groups.ts";
import type { FoundingDesk } from "./founding.ts";
import { foundings, type NewGroupWish } from "./founding-store.ts";

/** Founds groups as {@link FoundingDesk} does, whose program is fetched when somebody founds one, or had begun to. */
export class LateFoundingDesk {
  readonly #parts: GroupParts;
  readonly #groups: OpenGroups;
  #opening: Promise<FoundingDesk> | null = null;

  constructor(parts: GroupParts, groups: OpenGroups) {
    this.#parts = parts;
    this.#groups = groups;
  }

  /** @throws HallError as {@link FoundingDesk.found} */
  async found(wish: NewGroupWish): Promise<OpenGroup> {
    return (await this.#desk()).found(wish);
  }

  /** @throws HallError as {@link FoundingDesk.resume} */
  async resume(): Promise<void> {
    const begun = await this.#parts.store.map(foundings).entries();
    if (begun.length > 0) await (await this.#desk()).resume();
  }

  async settled(): Promise<void> {
    await (await this.#opened())?.settled();
  }

  async closed(): Promise<void> {
    await (await this.#opened())?.closed();
  }

  async #opened(): Promise<FoundingDesk | null> {
    return this.#opening?.catch(() => null) ?? null;
  }

  #desk(): Promise<FoundingDesk> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<FoundingDesk> {
    const program = await orStopped(
      onDemand(() => import("./founding.ts")),
      this.#parts.stop,
    );
    return new program.FoundingDesk(this.#parts, this.#groups);
  }
}

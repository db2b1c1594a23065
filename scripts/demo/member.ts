import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createUnionhall, type OwnUnionhall } from "../../client/src/core/create-unionhall.ts";
import { nodePlatform } from "../../client/src/platform/node.ts";
import type { CastMember } from "./script.ts";
import { until } from "../../client/src/core/until.ts";

const closeMilliseconds = 10_000;

/** A member of the demonstration: a whole client with a device of its own, in a folder. */
export class DemoMember {
  readonly who: CastMember;
  readonly hall: OwnUnionhall;

  constructor(who: CastMember, folder: string, origin: string) {
    this.who = who;
    this.hall = createUnionhall(nodePlatform({ home: join(folder, who.slug), origin }));
  }

  /** Makes the account unless an earlier run did. */
  async register(link: string): Promise<void> {
    if (await this.hasAccount()) return;
    const { name, union, languages } = this.who;
    const profile = { name, union, country: null, languages };
    await this.hall.session.register({ link, profile, lock: { kind: "none" }, wordLanguage: "en" });
  }

  async hasAccount(): Promise<boolean> {
    return (await this.hall.session.state()).kind === "open";
  }

  /** The group's id; null where this member is in no group of that name. */
  async groupNamed(name: string): Promise<string | null> {
    const groups = await this.hall.groups.list();
    return groups.find((group) => group.name === name && group.standing.kind === "member")?.groupId ?? null;
  }

  /** Resolves as soon as what is read `holds`, after as many changes as it takes. What is not known yet does not hold. */
  until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    return until(this.hall, read, holds);
  }

  /** Lets what is under way come to rest, as long as that takes no more than a moment. */
  async close(): Promise<void> {
    await Promise.race([this.hall.close(), sleep(closeMilliseconds, undefined, { ref: false })]);
  }
}

import { membersOf, type Rules } from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import type { GroupParts } from "../sync/group-parts.ts";
import type { OpenGroup } from "../sync/open-group.ts";
import type { OpenGroups } from "../sync/open-groups.ts";
import { charactersIn, requireText, textLimits } from "../sync/text-limits.ts";
import type { LateFoundingDesk } from "./late-founding.ts";
import { chainOf, detailOf, membersIn, summaryOf } from "./group-views.ts";
import type {
  ChainLine,
  FoundInput,
  GroupDetail,
  GroupInfo,
  GroupsDoor,
  GroupSummary,
  Member,
  Role,
} from "./groups-door.ts";
import { identityOf } from "./people.ts";

const longestRetentionDays = 3_650;
/** Operations in one entry. */
const actsAtOnce = 16;

/** The door to groups (`groups-door.ts`): what people do, in terms of the chain and of records. */
export class GroupsOfAccount implements GroupsDoor {
  readonly #parts: GroupParts;
  readonly #groups: OpenGroups;
  readonly #desk: LateFoundingDesk;
  readonly #openRequests: (groupId: string) => Promise<number>;

  constructor(
    parts: GroupParts,
    groups: OpenGroups,
    desk: LateFoundingDesk,
    openRequests: (groupId: string) => Promise<number>,
  ) {
    this.#parts = parts;
    this.#groups = groups;
    this.#desk = desk;
    this.#openRequests = openRequests;
  }

  async list(): Promise<readonly GroupSummary[]> {
    const shown = this.#groups
      .all()
      .filter(({ standing, isIn, isHeld }) => !isHeld && (standing.kind !== "arriving" || isIn));
    const list = await Promise.all(shown.map(async (group) => summaryOf(group, await this.#requestsOf(group))));
    return list.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.groupId, b.groupId));
  }

  async get(groupId: string): Promise<GroupDetail> {
    const group = this.#groups.get(groupId);
    return detailOf(group, await this.#requestsOf(group), this.#parts.clock.now());
  }

  async found(input: FoundInput): Promise<{ readonly groupId: string }> {
    const info = infoOf(input);
    const group = await this.#desk.found({ notebook: false, info, rules: rulesOf(input) });
    return { groupId: group.id };
  }

  async rename(groupId: string, info: GroupInfo): Promise<void> {
    const group = this.#groups.get(groupId);
    const { name, description } = infoOf(info);
    if (group.role !== "facilitator") throw notAFacilitator();
    await group.write({ kind: "group-info", name, description });
  }

  async members(groupId: string): Promise<readonly Member[]> {
    return membersIn(this.#groups.get(groupId));
  }

  async chain(groupId: string): Promise<readonly ChainLine[]> {
    return chainOf(this.#groups.get(groupId));
  }

  async setRole(groupId: string, accountId: string, role: Role): Promise<void> {
    const group = this.#groups.get(groupId);
    await group.propose([{ kind: "role", identityKey: this.#member(group, accountId), role }]);
  }

  async remove(groupId: string, accountId: string): Promise<void> {
    const group = this.#groups.get(groupId);
    if (group.role !== "facilitator") throw notAFacilitator();
    await group.propose([{ kind: "remove", identityKey: this.#member(group, accountId) }]);
  }

  async leave(groupId: string): Promise<void> {
    await this.#groups.get(groupId).propose([{ kind: "leave" }]);
  }

  async forget(groupId: string): Promise<void> {
    const group = this.#groups.get(groupId);
    if (group.standing.kind === "member") await this.#endAlone(group);
    await this.#groups.forget(group);
  }

  /** Nobody may come into a group by a link of somebody who is gone. */
  async #endAlone(group: OpenGroup): Promise<void> {
    const { state } = group;
    if (membersOf(state).length > 1) throw new HallError("member-already", "a group is left before it is put away");
    const open = [...state.invites.values()].filter(({ ended }) => ended === null);
    for (let from = 0; from < open.length; from += actsAtOnce)
      await group.propose(open.slice(from, from + actsAtOnce).map(({ id }) => ({ kind: "end-invite", id })));
    await this.#groups.retire(group);
  }

  async #requestsOf(group: OpenGroup): Promise<number> {
    return group.role === "facilitator" ? this.#openRequests(group.id) : 0;
  }

  #member(group: OpenGroup, accountId: string): Uint8Array {
    const identityKey = identityOf(group.state, accountId);
    if (identityKey === null) throw new HallError("member-unknown", "there is no such member");
    return identityKey;
  }
}

/** The same everywhere, whatever the language: the interface orders names for its readers itself. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function infoOf({ name, description }: GroupInfo): GroupInfo {
  const trimmed = requireText(name, textLimits.groupName, "name-empty", "name-too-long");
  if (charactersIn(description) > textLimits.groupDescription)
    throw new HallError("text-too-long", `the description is longer than ${textLimits.groupDescription} characters`);
  return { name: trimmed, description: description.toWellFormed() };
}

function rulesOf({ history, retentionDays }: FoundInput): Rules {
  const fits =
    retentionDays === null ||
    (Number.isSafeInteger(retentionDays) && retentionDays >= 1 && retentionDays <= longestRetentionDays);
  if (!fits) throw new HallError("number-out-of-range", `retention is 1 to ${longestRetentionDays} days`);
  return { history, retentionDays };
}

function notAFacilitator(): HallError {
  return new HallError("not-a-facilitator", "only facilitators do this");
}

import { accountIdOf, equalBytes, eraDueAt, isFacilitator, membersOf, roleOf, toHex } from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import { chainLines, warnings, type StoredAct, type StoredLine, type StoredWarning } from "../sync/group-store.ts";
import type { OpenGroup } from "../sync/open-group.ts";
import type {
  ChainAct,
  ChainLine,
  EraDue,
  GroupDetail,
  GroupSummary,
  Member,
  Standing,
  Warning,
} from "./groups-door.ts";
import { People } from "./people.ts";
import { lookAlike } from "./look-alike.ts";

/** How a group is shown: what is stored of it, with names put in. */
export async function summaryOf(group: OpenGroup, openRequests: number): Promise<GroupSummary> {
  const { stored } = group.held.snapshot;
  return {
    groupId: group.id,
    name: stored.info?.name ?? "",
    standing: await standingOf(group),
    memberCount: stored.memberCount,
    unreadTopics: stored.unreadTopics,
    unreadPosts: stored.unreadPosts,
    openRequests,
    latestActivity: stored.latestActivity,
  };
}

export async function detailOf(group: OpenGroup, openRequests: number, now: number): Promise<GroupDetail> {
  const { stored, state } = group.held.snapshot;
  const people = await People.of(group);
  const { rules } = state;
  if (rules === null) throw new HallError("group-unknown", "nothing of this group is here yet");
  return {
    ...(await summaryOf(group, openRequests)),
    description: stored.info?.description ?? "",
    history: rules.history,
    retentionDays: rules.retentionDays,
    foundedAt: state.eras[0]?.startedAt ?? 0,
    era: state.eras.length - 1,
    facilitators: membersOf(state).filter(isFacilitator).length,
    eraDue: dueIn(group, people, now),
    warnings: await warningsOf(group, people),
  };
}

async function standingOf(group: OpenGroup): Promise<Standing> {
  const { standing } = group;
  switch (standing.kind) {
    case "member":
    case "arriving":
    case "left":
      return standing;
    case "removed":
      return { kind: "removed", byName: await removerOf(group) };
    case "stopped": {
      const people = await People.of(group);
      return {
        kind: "stopped",
        reason: standing.reason,
        byName: standing.by === null ? null : people.name(standing.by).name,
      };
    }
  }
}

/** Who removed this account the last time, by the record of the group. */
async function removerOf(group: OpenGroup): Promise<string> {
  const people = await People.of(group);
  const self = group.identityKey;
  const list = group.held.store.list(chainLines, group.groupId);
  for (let from = (await list.last()) ?? -1; from >= 0; from -= 50)
    for (const { value } of await list.range({ from, limit: 50, direction: "backward" })) {
      const removes = value.acts.some((act) => act.kind === "remove" && equalBytes(act.who, self));
      if (removes && value.voidReason === null) return people.name(value.by).name;
    }
  return "";
}

function dueIn(group: OpenGroup, people: People, now: number): readonly EraDue[] {
  return eraDueAt(group.state, now).reasons.map((reason): EraDue => {
    switch (reason.kind) {
      case "left":
      case "device-revoked":
        return { reason: reason.kind, name: people.name(reason.identityKey).name };
      case "invite-ended":
      case "weekly":
        return { reason: reason.kind, name: null };
    }
  });
}

async function warningsOf(group: OpenGroup, people: People): Promise<readonly Warning[]> {
  const stored = await group.held.store.map(warnings, group.groupId).entries();
  return stored
    .map(({ value }) => value)
    .toSorted((a, b) => b.noticedAt - a.noticedAt)
    .map(({ kind, noticedAt, by, detail }: StoredWarning) => ({
      kind,
      noticedAt,
      byName: by === null ? null : people.name(by).name,
      detail,
    }));
}

export async function membersIn(group: OpenGroup): Promise<readonly Member[]> {
  const people = await People.of(group);
  const accounts = membersOf(group.state);
  const names = Map.groupBy(accounts, ({ identityKey }) => lookAlike(people.profile(identityKey).name));
  const lines = group.held.store.list(chainLines, group.groupId);
  return Promise.all(
    accounts.map(async (account): Promise<Member> => {
      const profile = people.profile(account.identityKey);
      const stay = account.stays.at(-1);
      const came = stay?.came;
      const line = stay === undefined ? null : await lines.get(stay.from);
      return {
        accountId: toHex(accountIdOf(account.identityKey)),
        profile,
        role: roleOf(account) ?? "member",
        you: equalBytes(account.identityKey, group.identityKey),
        joinedAt: line?.time ?? 0,
        admittedBy: came?.kind === "admitted" ? people.name(came.by).name : null,
        sameName: (names.get(lookAlike(profile.name)) ?? []).length > 1,
      };
    }),
  );
}

export async function chainOf(group: OpenGroup): Promise<readonly ChainLine[]> {
  const people = await People.of(group);
  const list = group.held.store.list(chainLines, group.groupId);
  const lines: ChainLine[] = [];
  for (let from = 0; ; from += 200) {
    const page = await list.range({ from, limit: 200, direction: "forward" });
    for (const { position, value } of page) lines.push(lineOf(position, value, people));
    if (page.length < 200) return lines;
  }
}

function lineOf(index: number, { time, by, acts, voidReason }: StoredLine, people: People): ChainLine {
  return {
    index,
    time: time ?? 0,
    by: people.name(by),
    acts: acts.map((act) => actOf(act, people)),
    verdict: voidReason === null ? { kind: "counted" } : { kind: "void", reason: voidReason },
  };
}

function actOf(act: StoredAct, people: People): ChainAct {
  return "who" in act ? { ...act, who: people.name(act.who) } : act;
}

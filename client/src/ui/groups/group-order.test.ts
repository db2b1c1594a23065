import { expect, test } from "vitest";
import type { GroupSummary } from "../../core/index.ts";
import { byName, byNeed } from "./group-order.ts";

function group(name: string, part: Partial<GroupSummary> = {}): GroupSummary {
  return {
    groupId: name,
    name,
    standing: { kind: "member", role: "facilitator" },
    memberCount: 3,
    unreadTopics: 0,
    unreadPosts: 0,
    openRequests: 0,
    latestActivity: null,
    ...part,
  };
}

const names = (groups: readonly GroupSummary[]): readonly string[] => groups.map(({ name }) => name);

test("at home, requests come first, then what is unread, then the latest activity", () => {
  const groups = [
    group("silent"),
    group("older", { latestActivity: 1 }),
    group("newer", { latestActivity: 2 }),
    group("unread", { unreadTopics: 1, latestActivity: 1 }),
    group("asked", { openRequests: 1 }),
  ];
  expect(names(byNeed(groups))).toEqual(["asked", "unread", "newer", "older", "silent"]);
});

test("beside the page, groups stand by name and stay there", () => {
  const groups = [group("Éclairage"), group("Bus 10"), group("zone"), group("Bus 9", { unreadTopics: 4 })];
  expect(names(byName(groups, "fr"))).toEqual(["Bus 9", "Bus 10", "Éclairage", "zone"]);
});

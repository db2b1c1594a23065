import { accountIdOf, toHex } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { createWorld } from "../world.ts";

test("attack 9: two members of one name are both shown with their accounts, and an account is a hash of its identity key", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const lookAlike = await world.person("ana");
  const group = await ana.foundGroup("Waste services", { admits: [bongani, lookAlike] });
  await world.settle();
  await ana.post(group, "by the true one");
  await lookAlike.post(group, "by the other");
  await world.settle();
  for (const reader of [ana, bongani, lookAlike]) {
    const members = await reader.hall.groups.members(group.groupId);
    const shown = new Map(members.map(({ accountId, profile, sameName }) => [accountId, [profile.name, sameName]]));
    expect(shown.size).toBe(3);
    for (const { accountId } of [ana, lookAlike]) expect(shown.get(accountId)).toEqual(["ana", true]);
    expect(shown.get(bongani.accountId)).toEqual(["bongani", false]);
    const { posts } = await reader.hall.topics.posts(group.groupId, group.topicId, { from: 0, limit: 10 });
    const authors = new Map(posts.map(({ text, author }) => [text, author.accountId]));
    expect(authors.get("by the true one")).toBe(ana.accountId);
    expect(authors.get("by the other")).toBe(lookAlike.accountId);
    const { state } = await reader.group(group.groupId);
    const ids = [...state.accounts.values()].map(({ identityKey }) => toHex(accountIdOf(identityKey)));
    expect(ids.toSorted()).toEqual(members.map(({ accountId }) => accountId).toSorted());
  }
  // A third whose name only differs in what no eye sees, here the first letter of another alphabet, counts as one of them.
  for (const name of ["Ana ", "\u{430}n\u{430}", "a\u{200b}na"]) {
    await bongani.hall.session.setProfile({ name, union: null, country: null, languages: [] });
    await world.settle();
    const members = await lookAlike.hall.groups.members(group.groupId);
    expect([name, members.filter(({ sameName }) => sameName).length]).toEqual([name, 3]);
  }
});

import type { DemoMember } from "./member.ts";
import type { ScriptedGroup, ScriptedTopic, Slug } from "./script.ts";

/** Everybody of the demonstration, with their programs open. */
export type Members = ReadonlyMap<Slug, DemoMember>;

/** Says what happens, one line per step. */
export type Say = (line: string) => void;

const instantDays = 7;
const instantUses = 50;

/** Plays a group's script, or what an earlier run left of it. */
export async function performGroup(group: ScriptedGroup, members: Members, say: Say): Promise<void> {
  const founder = memberOf(members, group.founder);
  const groupId = await foundGroup(group, founder, say);
  const link = await instantLink(founder, groupId);
  const joined = [group.second, ...group.others].map((slug) => memberOf(members, slug));
  for (const member of joined) await comeIn(member, groupId, link);
  say(`${group.name}: ${joined.length} colleagues came in by an invite`);
  await shareTheWork(founder, memberOf(members, group.second), groupId);
  for (const topic of group.topics) await performTopic(groupId, topic, members);
  const posts = group.topics.reduce((sum, topic) => sum + topic.posts.length, 0);
  say(`${group.name}: ${group.topics.length} topics, ${posts} posts`);
  if (group.waiting !== undefined)
    await askToComeIn(founder, memberOf(members, group.waiting.who), groupId, group.waiting.note);
}

/** An instant invite of this group that still has room; a new one where there is none. @returns its link */
export async function instantLink(maker: DemoMember, groupId: string): Promise<string> {
  const open = (await maker.hall.invites.list(groupId)).find(
    ({ link, mode, state }) => link !== null && mode === "instant" && state === "open",
  );
  if (open?.link !== undefined && open.link !== null) return open.link;
  const wanted = { mode: "instant", uses: instantUses, expiresInDays: instantDays, note: "demonstration" } as const;
  const { link } = await maker.hall.invites.make(groupId, wanted);
  if (link === null) throw new Error("an invite has no link for who made it");
  return link;
}

async function foundGroup(group: ScriptedGroup, founder: DemoMember, say: Say): Promise<string> {
  const there = await founder.groupNamed(group.name);
  if (there !== null) return there;
  const { name, description } = group;
  const { groupId } = await founder.hall.groups.found({ name, description, history: "all", retentionDays: null });
  say(`${name}: founded by ${founder.who.name}`);
  return groupId;
}

async function comeIn(member: DemoMember, groupId: string, link: string): Promise<void> {
  const standing = async (): Promise<string | null> => {
    const groups = await member.hall.groups.list();
    return groups.find((group) => group.groupId === groupId)?.standing.kind ?? null;
  };
  if ((await standing()) === null) await member.hall.invites.join(link, { note: "" });
  await member.until(standing, (kind) => kind === "member");
}

/** Every group has two facilitators, as the product asks of real ones. */
async function shareTheWork(founder: DemoMember, second: DemoMember, groupId: string): Promise<void> {
  const state = await second.hall.session.state();
  if (state.kind !== "open") throw new Error("a member of the demonstration has no account");
  const found = await founder.until(
    async () => (await founder.hall.groups.members(groupId)).find(({ accountId }) => accountId === state.accountId),
    (member) => member !== undefined,
  );
  if (found?.role === "member") await founder.hall.groups.setRole(groupId, state.accountId, "facilitator");
}

async function performTopic(groupId: string, topic: ScriptedTopic, members: Members): Promise<void> {
  const [[opener, opening], ...replies] = topic.posts;
  const starter = memberOf(members, opener);
  const topicId =
    (await topicTitled(starter, groupId, topic.title)) ??
    (await starter.hall.topics.create(groupId, { title: topic.title, text: opening })).topicId;
  for (const [index, [slug, text]] of replies.entries()) {
    const author = memberOf(members, slug);
    const before = index + 1;
    const posts = await author.until(
      () => postCount(author, groupId, topicId),
      (count) => count >= before,
    );
    if (posts === before) await author.hall.topics.reply(groupId, topicId, text);
  }
  await starter.until(
    () => postCount(starter, groupId, topicId),
    (count) => count >= topic.posts.length,
  );
}

async function topicTitled({ hall }: DemoMember, groupId: string, title: string): Promise<string | null> {
  return (await hall.topics.list(groupId)).find((topic) => topic.title === title)?.topicId ?? null;
}

async function postCount({ hall }: DemoMember, groupId: string, topicId: string): Promise<number> {
  return (await hall.topics.list(groupId)).find((topic) => topic.topicId === topicId)?.posts ?? 0;
}

/** Somebody asks by an invite with approval and is left waiting, so that a facilitator finds a request. */
async function askToComeIn(founder: DemoMember, guest: DemoMember, groupId: string, note: string): Promise<void> {
  if ((await guest.hall.invites.joining()).some((asked) => asked.groupId === groupId)) return;
  const wanted = { mode: "approval", uses: 5, expiresInDays: 30, note: "demonstration" } as const;
  const { link } = await founder.hall.invites.make(groupId, wanted);
  if (link !== null) await guest.hall.invites.join(link, { note });
}

function memberOf(members: Members, slug: Slug): DemoMember {
  const member = members.get(slug);
  if (member === undefined) throw new Error("the script names somebody who is not in the cast");
  return member;
}

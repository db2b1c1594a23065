import type { Unionhall } from "../core/index.ts";
import { UsageError } from "./usage.ts";

interface Named {
  readonly id: string;
  readonly names: readonly string[];
}

/**
 * The id that somebody means: the whole id, its beginning (4 characters or more), or a name. What is no id here is passed on where it has an id's
 * form, so that core says what is wrong with it.
 *
 * @throws {UsageError} when it fits none, or several
 */
export function findId(what: string, meant: string, digits: number, known: readonly Named[]): string {
  const text = meant.toLowerCase();
  if (text.length === digits && /^[0-9a-f]+$/.test(text)) return text;
  const byName = known.filter(({ names }) => names.includes(meant));
  const byStart = /^[0-9a-f]{4,}$/.test(text) ? known.filter(({ id }) => id.startsWith(text)) : [];
  const found = byName.length > 0 ? byName : byStart;
  const [first, second] = found;
  if (first === undefined) throw new UsageError(`there is no ${what} ${meant}`);
  if (second !== undefined) throw new UsageError(`${meant} may mean several: give the whole id of the ${what}`);
  return first.id;
}

export async function findGroup(hall: Unionhall, meant: string): Promise<string> {
  const groups = await hall.groups.list();
  return findId(
    "group",
    meant,
    64,
    groups.map(({ groupId, name }) => ({ id: groupId, names: [name] })),
  );
}

export async function findTopic(hall: Unionhall, groupId: string, meant: string): Promise<string> {
  const topics = await hall.topics.list(groupId);
  return findId(
    "topic",
    meant,
    32,
    topics.map(({ topicId, title }) => ({ id: topicId, names: title === null ? [] : [title] })),
  );
}

export async function findMember(hall: Unionhall, groupId: string, meant: string): Promise<string> {
  const members = await hall.groups.members(groupId);
  return findId(
    "member",
    meant,
    32,
    members.map(({ accountId }) => ({ id: accountId, names: [] })),
  );
}

export async function findInvite(hall: Unionhall, groupId: string, meant: string): Promise<string> {
  const invites = await hall.invites.list(groupId);
  return findId(
    "invite",
    meant,
    32,
    invites.map(({ inviteId }) => ({ id: inviteId, names: [] })),
  );
}

/** Request ids have the length that the list shows. */
export async function findRequest(hall: Unionhall, groupId: string, meant: string): Promise<string> {
  const requests = await hall.invites.requests(groupId);
  return findId(
    "request",
    meant,
    64,
    requests.map(({ requestId }) => ({ id: requestId, names: [] })),
  );
}

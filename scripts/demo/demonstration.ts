import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningHall, StartError } from "@unionhall/server";
import { cast } from "./cast.ts";
import { climate } from "./groups/climate.ts";
import { organising } from "./groups/organising.ts";
import { procurement } from "./groups/procurement.ts";
import { publicFinancing } from "./groups/public-financing.ts";
import { remunicipalisation } from "./groups/remunicipalisation.ts";
import { safety } from "./groups/safety.ts";
import { DemoMember } from "./member.ts";
import { instantLink, performGroup, type Members, type Say } from "./perform.ts";
import type { CastMember, ScriptedGroup, Slug } from "./script.ts";

const groups: readonly ScriptedGroup[] = [
  publicFinancing,
  organising,
  safety,
  procurement,
  remunicipalisation,
  climate,
];

/** Whose words are printed. */
const shown: readonly Slug[] = ["ana", "farah"];

/** What a visitor needs. */
export interface Entrances {
  readonly accounts: readonly { readonly who: CastMember; readonly words: string }[];
  /** Lets anybody into {@link groupName}; null where its founder can make none any more. */
  readonly inviteLink: string | null;
  readonly groupName: string;
}

/**
 * Fills the hall, once; a later run on the same folder only opens the doors again.
 *
 * @throws {StartError} where the folder holds a hall that is none of the demonstration's
 */
export async function openDemonstration(
  hall: RunningHall,
  dataFolder: string,
  say: Say,
  stack: AsyncDisposableStack,
): Promise<Entrances> {
  const folder = join(dataFolder, "members");
  const finished = join(folder, "finished");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const isFilled = existsSync(finished);
  const members = openMembers(isFilled ? cast.filter(({ slug }) => shown.includes(slug)) : cast, folder, hall, stack);
  if (isFilled) say("the demonstration is there from an earlier run; it goes on");
  else {
    await fill(hall, members, say);
    writeFileSync(finished, "");
  }
  const entrances = await entrancesOf(members);
  await Promise.all([...members.values()].map(async (member) => await member.close()));
  return entrances;
}

function openMembers(
  who: readonly CastMember[],
  folder: string,
  { origin }: RunningHall,
  stack: AsyncDisposableStack,
): Members {
  const members = new Map(who.map((one) => [one.slug, new DemoMember(one, folder, origin)]));
  stack.defer(async () => {
    await Promise.all([...members.values()].map(async (member) => await member.close()));
  });
  return members;
}

async function fill({ setupLink }: RunningHall, members: Members, say: Say): Promise<void> {
  const [first, ...rest] = members.values();
  if (first === undefined) throw new Error("the cast is empty");
  if (!(await first.hasAccount())) {
    if (setupLink === null)
      throw new StartError(
        "this folder holds a hall that is not the demonstration's; set DATA_DIR to another folder, or delete data/demo to begin anew",
      );
    await first.register(setupLink);
    say(`${first.who.name} made the hall's first account`);
  }
  const { name, description } = publicFinancing;
  const groupId =
    (await first.groupNamed(name)) ??
    (await first.hall.groups.found({ name, description, history: "all", retentionDays: null })).groupId;
  const link = await instantLink(first, groupId);
  await Promise.all(rest.map(async (member) => await member.register(link)));
  say(`${rest.length} more members made their accounts, each on a device of its own`);
  await Promise.all(groups.map(async (group) => await performGroup(group, members, say)));
}

async function entrancesOf(members: Members): Promise<Entrances> {
  const accounts = await Promise.all(
    shown.map(async (slug) => {
      const member = members.get(slug);
      if (member === undefined) throw new Error("somebody whose words are shown is not in the cast");
      return { who: member.who, words: (await member.hall.session.words(null)).join(" ") };
    }),
  );
  const founder = members.get(publicFinancing.founder);
  const groupId = (await founder?.groupNamed(publicFinancing.name)) ?? null;
  const inviteLink = founder === undefined || groupId === null ? null : await linkIfPossible(founder, groupId);
  return { accounts, inviteLink, groupName: publicFinancing.name };
}

/** A visitor who entered as the founder may have given the role away or left. */
async function linkIfPossible(founder: DemoMember, groupId: string): Promise<string | null> {
  try {
    return await instantLink(founder, groupId);
  } catch {
    return null;
  }
}

import { accountOf, type StatementWire } from "@unionhall/crypto";
import type { Engine, EngineMaker, EngineParts } from "../engine.ts";
import type { InvitesDoor } from "../invites/invites-door.ts";
import { Chores } from "../sync/chores.ts";
import type { OpenGroup } from "../sync/open-group.ts";
import { OpenGroups } from "../sync/open-groups.ts";
import { countUnderWay } from "../sync/outbox.ts";
import type { Groups } from "../sync/loaded-group.ts";
import { Drafts } from "../topics/drafts.ts";
import { TopicsOfAccount } from "../topics/topics.ts";
import { GroupsOfAccount } from "./groups.ts";
import { LateFoundingDesk } from "./late-founding.ts";
import { Notebook } from "./notebook.ts";

/** How invites plug into the engine. */
export interface InvitesMaker {
  readonly readInvite: EngineMaker["readInvite"];
  /** Called once per opening, after the groups are loaded; waits for no network. */
  open(parts: EngineParts, groups: Groups): Promise<InvitesPart>;
}

export interface InvitesPart {
  readonly door: InvitesDoor;
  /** Requests at the desks of a group that wait for a facilitator, as far as known here. */
  openRequests(groupId: string): Promise<number>;
  /** Resolves when nothing of it is under way. */
  settled(): Promise<void>;
  /** After `parts.stop`: resolves when nothing of it runs any more. */
  closed(): Promise<void>;
}

/** The engine behind core's doors: groups, topics, invites, and their sync. */
export function groupEngine(invites: InvitesMaker): EngineMaker {
  return {
    readInvite: invites.readInvite,
    open: (parts) => openEngine(parts, invites),
  };
}

async function openEngine(given: EngineParts, invitesMaker: InvitesMaker): Promise<Engine> {
  let waiting = 0;
  const count = async (): Promise<void> => {
    waiting = await waitingIn(groups);
  };
  const parts: EngineParts = {
    ...given,
    emit: (change) => {
      // The session shows how much waits: it is counted before that is said.
      if (change.kind === "session")
        void count().then(
          () => given.emit(change),
          () => {},
        );
      else given.emit(change);
    },
  };
  const groups = await OpenGroups.load(parts);
  const desk = new LateFoundingDesk(parts, groups);
  const chores = new Chores(parts, groups);
  const invites = await invitesMaker.open(parts, groups);
  const notebook = new Notebook(parts, groups, desk);
  const drafts = new Drafts(
    parts.store,
    () => parts.clock.now(),
    notebook,
    (change) => parts.emit(change),
  );
  notebook.open(drafts);
  await count();
  return {
    groups: new GroupsOfAccount(parts, groups, desk, (groupId) => invites.openRequests(groupId)),
    invites: invites.door,
    topics: new TopicsOfAccount(parts, groups, drafts, notebook),
    profileChanged: () => groups.spreadProfile(),
    waiting: () => waiting,
    ownStatements: () => groups.everything().flatMap((group) => statementsIn(group)),
    settled: async () => {
      await notebook.settled();
      await desk.settled();
      await groups.settled();
      await chores.settled();
      await groups.settled();
      await invites.settled();
      await count();
    },
    closed: async () => {
      await Promise.all([chores.closed(), notebook.closed(), desk.closed(), groups.closed(), invites.closed()]);
    },
  };
}

/** What a group's chain holds about this account. */
function statementsIn({ state, identityKey }: OpenGroup): readonly StatementWire[] {
  return accountOf(state, identityKey)?.statements ?? [];
}

async function waitingIn(groups: OpenGroups): Promise<number> {
  const counts = await Promise.all(groups.all().map(async ({ outbox }) => countUnderWay(await outbox.items())));
  return counts.reduce((sum, one) => sum + one, 0);
}

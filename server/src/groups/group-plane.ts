import { boxHash, linkHash } from "@unionhall/crypto/verify";
import { cutSomeBlobs, dropSomeBlobs } from "../blobs/blobs-store.ts";
import { addBoxes } from "../boxes/boxes-store.ts";
import { addLink } from "../boxes/links-store.ts";
import type { Clock } from "../clock.ts";
import { dayOf } from "../clock.ts";
import type { NewBoxes } from "../contract/boxes.ts";
import { groupLimits } from "../contract/group-limits.ts";
import type { ChainRequest, NewGroup, NewLink } from "../contract/groups.ts";
import type { Bus } from "../live/bus.ts";
import { type ChainDone, appendEntry, shapeOf, StewardLostRace } from "../log/append-entry.ts";
import type { AppendOutcome, AppendRequest } from "../log/append-records.ts";
import { EraGrace } from "../log/era-grace.ts";
import { GroupLanes } from "../log/group-lanes.ts";
import { cutSome } from "../log/tombstones.ts";
import { ChainLoad } from "./chain-load.ts";
import { checkNewest } from "./group-access.ts";
import { createGroup, type SpendTicket } from "./create-group.ts";
import { type GroupReader, type GroupTransaction, readEra, type StoredGroup } from "./group-store.ts";
import type { GroupToken } from "./group-token.ts";
import { judgeChainSize } from "./groups-rules.ts";
import { refuse } from "./refusal.ts";
import { checkCut, type CutOperation, logCommand, runCommand } from "./run-command.ts";
import {
  checkStanding,
  openCommand,
  seqOfCommand,
  type SignedStewardCommand,
  takeCounter,
} from "./steward-commands.ts";

export interface GroupPlaneDeps {
  readonly db: GroupReader;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly origin: string;
  readonly spendTicket: SpendTicket;
}

/** Everything that changes a group. Refusals are {@link RefusedError}s, except those that stand in an {@link AppendOutcome}. */
export interface GroupPlane {
  /** `seq` of the first entry. */
  create(groupId: Uint8Array, group: NewGroup): Promise<number>;
  append(groupId: Uint8Array, request: AppendRequest): Promise<AppendOutcome>;
  chain(groupId: Uint8Array, request: ChainRequest, token: GroupToken): Promise<ChainDone>;
  /** `seq` of the command in the log; 0 where the group was deleted. */
  command(groupId: Uint8Array, wire: Uint8Array): Promise<number>;
  addBoxes(groupId: Uint8Array, boxes: NewBoxes, token: GroupToken): Promise<{ added: number; noRoom: number }>;
  addLink(groupId: Uint8Array, link: NewLink, token: GroupToken): Promise<void>;
  /** Resolves when all that was begun is durable. */
  drain(): Promise<void>;
}

export function createGroupPlane(deps: GroupPlaneDeps): GroupPlane {
  const { db, bus, clock, origin } = deps;
  const lanes = new GroupLanes({ db, bus, grace: new EraGrace(clock), clock });
  const load = new ChainLoad(clock);
  return {
    create: async (groupId, group) => createGroup(deps, groupId, group, dayOf(clock())),
    append: async (groupId, request) => lanes.append(groupId, request),
    chain: async (groupId, request, token) => chain({ lanes, load, origin }, groupId, request, token),
    command: async (groupId, wire) => obeyCommand(lanes, groupId, openCommand(wire, groupId, origin)),
    addBoxes: async (groupId, boxes, token) => addNewBoxes({ lanes, origin }, groupId, boxes, token),
    addLink: async (groupId, link, token) => addNewLink({ lanes, origin }, groupId, link, token),
    drain: async () => lanes.drain(),
  };
}

interface ChainDeps {
  readonly lanes: GroupLanes;
  readonly load: ChainLoad;
  readonly origin: string;
}

async function chain(
  { lanes, load, origin }: ChainDeps,
  groupId: Uint8Array,
  request: ChainRequest,
  token: GroupToken,
): Promise<ChainDone> {
  const tooLarge = judgeChainSize(shapeOf(request));
  if (tooLarge !== null) refuse(tooLarge.code);
  const signed = request.command === null ? null : openCommand(request.command, groupId, origin);
  try {
    const done = await lanes.change(groupId, async (db, group, day) => {
      const author = {
        era: token.era,
        entriesByToken: load.entriesBy(token.id),
        reservedFor: load.reservedFor(groupId),
      };
      return appendEntry(db, group, day, { groupId, request, signed }, author);
    });
    if (done.isNew && signed === null) load.count(token.id);
    if (done.isNew && signed !== null) load.release(groupId);
    return done;
  } catch (error) {
    if (!(error instanceof StewardLostRace)) throw error;
    load.reserve(groupId);
    return refuse("index-taken", { hash: error.hash, newest: error.newest });
  }
}

async function obeyCommand(lanes: GroupLanes, groupId: Uint8Array, signed: SignedStewardCommand): Promise<number> {
  const { operation } = signed.command;
  if (operation.kind === "cut") await cutInSteps(lanes, groupId, signed, operation);
  if (operation.kind === "delete") await dropBlobsInSteps(lanes, groupId, signed);
  return lanes.change(groupId, async (db, group, day) => runCommand(db, group, day, signed));
}

/**
 * A cut takes bodies and blobs away in many small transactions before its command counts as done, so that the group's talk goes on meanwhile. If
 * it breaks off, the same command goes on where it stopped.
 */
async function cutInSteps(
  lanes: GroupLanes,
  groupId: Uint8Array,
  signed: SignedStewardCommand,
  operation: CutOperation,
): Promise<void> {
  /** Null: the command stands in the log, and nothing is left to do. */
  const step = async <T>(cut: (db: GroupTransaction, groupNo: number) => Promise<T>): Promise<T | null> =>
    lanes.change(groupId, async (db, group) => {
      if ((await seqOfCommand(db, group.no, signed)) !== null) return { result: null, news: null };
      await checkCut(db, group, signed, operation);
      return { result: await cut(db, group.no), news: null };
    });
  for (let after: number | null = 0; after !== null;) {
    const from: number = after;
    after = await step(async (db, groupNo) => cutSome(db, groupNo, operation, signed.wire, from));
  }
  while ((await step(async (db, groupNo) => cutSomeBlobs(db, groupNo, operation))) === true) continue;
}

/** A deleted group's blobs go before it in the same way: gigabytes at once would take longer than anybody waits for an answer. */
async function dropBlobsInSteps(lanes: GroupLanes, groupId: Uint8Array, signed: SignedStewardCommand): Promise<void> {
  const step = async (): Promise<boolean> =>
    lanes.change(groupId, async (db, group) => {
      await checkStanding(db, group.no, signed.command);
      return { result: await dropSomeBlobs(db, group.no), news: null };
    });
  while (await step()) continue;
}

interface AddDeps {
  readonly lanes: GroupLanes;
  readonly origin: string;
}

async function addNewBoxes(
  { lanes, origin }: AddDeps,
  groupId: Uint8Array,
  { era, boxes }: NewBoxes,
  token: GroupToken,
): Promise<{ added: number; noRoom: number }> {
  if (boxes.filter(({ command }) => command !== null).length > groupLimits.itemsPerPage) refuse("malformed-request");
  const opened = boxes.map(({ label, box, command }) => {
    const signed = command === null ? null : openCommand(command, groupId, origin);
    if (signed !== null && !isOverBox(signed, era, label, box)) refuse("signature-refused");
    return { label, box, signed };
  });
  return lanes.change(groupId, async (db, group, day) => {
    checkNewest(group, token);
    const held = await readEra(db, group.no, era);
    if (held === null || !held.boxesKept) return refuse("unknown-era", { newest: group.era });
    const items = await logAll(
      db,
      group,
      day,
      opened.flatMap(({ signed }) => (signed === null ? [] : [signed])),
    );
    const target = { groupNo: group.no, era, unsignedBoxes: held.unsignedBoxes, beyondLimit: 0 };
    const { added, noRoom } = await addBoxes(
      db,
      target,
      opened.map(({ label, box, signed }) => ({ label, box, stewardKey: signed?.command.stewardKey ?? null })),
    );
    return { result: { added: added.length, noRoom }, news: { items, boxes: added } };
  });
}

function isOverBox({ command }: SignedStewardCommand, era: number, label: Uint8Array, box: Uint8Array): boolean {
  const { operation } = command;
  if (operation.kind !== "box" || operation.era !== era) return false;
  return Buffer.compare(operation.boxLabel, label) === 0 && Buffer.compare(operation.hash, boxHash(box)) === 0;
}

async function addNewLink(
  { lanes, origin }: AddDeps,
  groupId: Uint8Array,
  { era, link, command }: NewLink,
  token: GroupToken,
): Promise<void> {
  const signed = command === null ? null : openCommand(command, groupId, origin);
  if (signed !== null && !isOverLink(signed, era, link)) refuse("signature-refused");
  return lanes.change(groupId, async (db, group, day) => {
    checkNewest(group, token);
    if (era < 1 || era > group.era) refuse("unknown-era", { newest: group.era });
    const items = signed === null ? [] : await logAll(db, group, day, [signed]);
    if (!(await addLink(db, group.no, era, link, signed?.command.stewardKey ?? null))) refuse("no-room");
    return { result: undefined, news: { items } };
  });
}

function isOverLink({ command }: SignedStewardCommand, era: number, link: NewLink["link"]): boolean {
  const { operation } = command;
  return operation.kind === "link" && operation.era === era && Buffer.compare(operation.hash, linkHash(link)) === 0;
}

/** Takes the counters of these commands and writes them into the log, in their order; those that stand there stay as they are. */
async function logAll(
  db: GroupTransaction,
  group: StoredGroup,
  day: number,
  commands: readonly SignedStewardCommand[],
) {
  const items = [];
  for (const signed of commands) {
    if ((await seqOfCommand(db, group.no, signed)) !== null) continue;
    await takeCounter(db, group.no, signed);
    items.push(await logCommand(db, { ...group, seq: group.seq + items.length }, day, signed));
  }
  return items;
}

import {
  type ActKeys,
  applyEntry,
  type EraKeys,
  eraDifferences,
  firstEra,
  type GroupState,
  groupKeys,
  newestEra,
  nextEra,
  openBox,
  type Proposal,
  proposeEntry,
  proposeFounding,
  sealEntryRequest,
  signPassChallenge,
} from "@unionhall/crypto";
import { BoxQuery, type ChainRequest, ClientFrame, FoundBoxes, ServerFrame } from "@unionhall/server/contract";
import { encodeWire } from "../../client/src/core/api/wire-bytes.ts";
import { type Figure, median, type Say, type Size, type Taken, taken } from "./figures.ts";
import { admission, authorOf, newPerson, type Person, random } from "./members.ts";

const part = "era";
const origin = "http://localhost:8080";
const admissionsPerEntry = 60;
const began = 1_750_000_000_000;

interface Group {
  readonly state: GroupState;
  readonly keys: EraKeys;
  readonly people: readonly Person[];
}

/** A member is removed, which starts an era: what that costs the facilitator, and everybody else. */
export async function benchEra(size: Size, say: Say): Promise<readonly Figure[]> {
  const sizes = size === "full" ? [10, 100, 1_000, 2_000] : [10, 100];
  const figures: Figure[] = [];
  for (const members of sizes) {
    say(`a group of ${members} is made …`);
    const group = groupOf(members);
    const runs: Removal[] = [];
    while (runs.length < (members > 100 ? 5 : 11)) runs.push(await removal(group));
    figures.push(...inFigures(members, runs));
  }
  return figures;
}

function groupOf(members: number): Group {
  const people = Array.from({ length: members }, () => newPerson());
  const [founder] = people;
  if (founder === undefined) throw new RangeError("a group has a founder");
  const keys = firstEra(random);
  const found = {
    rules: { history: "all", retentionDays: null },
    continues: null,
    stewardKey: founder.steward.publicKey,
  } as const;
  const author = authorOf(founder);
  let { after } = counted(proposeFounding({ author, found, operations: [], time: began, keys }, random));
  for (let from = 1; from < members; from += admissionsPerEntry) {
    const operations = people.slice(from, from + admissionsPerEntry).map(admission);
    const act = { author, operations, time: began, era: "if-needed" } as const;
    ({ after } = counted(proposeEntry(after, act, { newest: keys, next: keys }, random)));
  }
  return { state: after, keys, people };
}

interface Removal {
  readonly facilitator: Taken;
  readonly bytesUp: number;
  readonly other: Taken;
  readonly otherBytes: number;
}

async function removal({ state, keys, people }: Group): Promise<Removal> {
  const [founder, other] = people;
  const removed = people.at(-1);
  if (founder === undefined || other === undefined || removed === undefined) throw new RangeError("too few people");
  const next = nextEra(keys, state.groupId, random);
  let chain = null as ChainRequest | null;
  let bytesUp = 0;
  const facilitator = await taken(() => {
    chain = requestOf(state, { newest: keys, next }, founder, removed);
    bytesUp = encodeWire(ClientFrame, { kind: "chain", request: 1, group: state.groupId, chain }).length;
  });
  if (chain === null) throw new Error("there is no request");
  return { facilitator, bytesUp, ...(await asOther(state, keys, next, chain, other)) };
}

function requestOf(state: GroupState, keys: ActKeys, founder: Person, removed: Person): ChainRequest {
  const operations = [{ kind: "remove", identityKey: removed.identity.publicKey, lastWords: [] }] as const;
  const act = { author: authorOf(founder), operations, time: began, era: "if-needed" } as const;
  const proposal = counted(proposeEntry(state, act, keys, random));
  const { entry, boxes, link, command } = sealEntryRequest(proposal, { key: founder.steward, origin, counter: 1 });
  const { index, era, startsEra, sealed } = entry;
  return { index, era, starts: startsEra, sealed, boxes: [...boxes], link, command };
}

/** What an online member's program does with it: takes the entry, opens its box, checks both, asks for the next token. */
async function asOther(
  state: GroupState,
  keys: EraKeys,
  next: EraKeys,
  chain: ChainRequest,
  other: Person,
): Promise<Pick<Removal, "other" | "otherBytes">> {
  const own = chain.boxes.find(({ box }) => opens(box, state.groupId, next.number, other));
  if (own === undefined) throw new Error("there is no box for a member");
  const { index, era, starts, sealed, command } = chain;
  const item = { kind: "entry", seq: 1, day: 20_000, index, era, starts, sealed, command } as const;
  const group = state.groupId;
  const otherBytes = [
    encodeWire(ServerFrame, { kind: "items", group, items: [item] }),
    encodeWire(ServerFrame, { kind: "era", group, era: next.number, labelKey: next.label.publicKey }),
    encodeWire(BoxQuery, { labels: [own.label], hashesOnly: false }),
    encodeWire(FoundBoxes, [{ ...own, era: next.number }]),
  ].reduce((sum, { length }) => sum + length, 0);
  const entry = { groupId: group, index, era, startsEra: starts, sealed };
  const work = await taken(() => {
    const opened = openBox(own.box, group, next.number, other.boxKey);
    const verdict = applyEntry(state, entry, groupKeys(new Map([[keys.number, keys.chainKey]])));
    const started = newestEra(verdict.state);
    if (verdict.kind === "refused" || started === null) throw new Error("the entry is void");
    if (eraDifferences(started, opened).length > 0) throw new Error("the era differs");
    signPassChallenge({ origin, groupId: group, era: next.number, nonce: random(32) }, opened.pass);
  });
  return { other: work, otherBytes };
}

function opens(box: Uint8Array, groupId: Uint8Array, number: number, { boxKey }: Person): boolean {
  try {
    openBox(box, groupId, number, boxKey);
    return true;
  } catch {
    return false;
  }
}

function counted(proposal: Proposal | { readonly kind: "refused"; readonly reason: string }): Proposal {
  if (proposal.kind === "refused") throw new Error(`an entry would be void: ${proposal.reason}`);
  return proposal;
}

function inFigures(members: number, runs: readonly Removal[]): readonly Figure[] {
  const of = (read: (run: Removal) => number): number => median(runs.map(read));
  const isBudgeted = members === 1_000;
  const figure = (what: string, value: number, unit: string, budget?: string): Figure => ({
    part,
    what: `${members.toLocaleString("en")} members: ${what}`,
    value,
    unit,
    ...(isBudgeted && budget !== undefined ? { budget } : {}),
  });
  return [
    figure(
      "the facilitator's work",
      of(({ facilitator }) => facilitator.milliseconds),
      "ms",
      "1,000 ms",
    ),
    figure(
      "processor time in it",
      of(({ facilitator }) => facilitator.processorMilliseconds),
      "ms",
    ),
    figure("bytes up", of(({ bytesUp }) => bytesUp) / 1024, "KB"),
    figure(
      "work of each other member",
      of(({ other }) => other.milliseconds),
      "ms",
      "5 ms",
    ),
    figure(
      "processor time in it, each other member",
      of(({ other }) => other.processorMilliseconds),
      "ms",
    ),
    figure("bytes for each other member", of(({ otherBytes }) => otherBytes) / 1024, "KB", "4 KB"),
  ];
}

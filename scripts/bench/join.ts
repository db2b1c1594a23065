import {
  type ActKeys,
  headOf,
  type Operation,
  proposeEntry,
  sealEntryRequest,
  statementForGroups,
  stewardKeyPair,
} from "@unionhall/crypto";
import { BenchHall } from "./bench-hall.ts";
import { BenchMember, keysOf } from "./bench-member.ts";
import { type Figure, median, milliseconds, type Say, type Size, type Taken, taken } from "./figures.ts";
import { LiveLine } from "./live-line.ts";
import { admission, newPerson, random } from "./members.ts";
import type { OpenGroup } from "../../client/src/core/sync/open-group.ts";

const part = "join";

/** Coming into a group by an instant link when its chain is long: half of it admissions, half entries that change nothing. */
export async function benchJoin(size: Size, say: Say): Promise<readonly Figure[]> {
  const [entries, guests] = size === "full" ? [1_000, 5] : [50, 2];
  await using hall = await BenchHall.start();
  const founder = new BenchMember(hall.origin);
  await founder.register(hall.setupLink, "Bench");
  const groupId = await founder.found("Bench");
  await founder.hall.topics.create(groupId, { title: "Bench", text: "opening" });
  await founder.hall.settled();
  say(`a chain of ${entries.toLocaleString("en")} entries is written …`);
  const writing = await milliseconds(async () => await lengthen(hall, founder, founder.group(groupId), entries));
  await founder.until(
    async () => founder.group(groupId).state.hashes.length,
    (length) => length >= entries,
  );
  const wanted = { mode: "instant", uses: 50, expiresInDays: 5, note: "" } as const;
  const { link } = await founder.hall.invites.make(groupId, wanted);
  if (link === null) throw new Error("an invite has no link");
  const runs: Arrival[] = [];
  for (let run = 0; run < guests; run += 1) {
    say(`guest ${run + 1} of ${guests} comes in …`);
    runs.push(await comeIn(hall, groupId, link));
  }
  await founder.hall.close();
  const shown = `${entries.toLocaleString("en")} entries`;
  const members = founder.group(groupId).state.accounts.size;
  return [
    { part, what: `${shown}: accounts in the group`, value: members, unit: "accounts" },
    {
      part,
      what: `${shown}: written, each durable before the next`,
      value: (entries * 1000) / writing,
      unit: "per second",
    },
    { part, what: `${shown}: account made`, value: median(runs.map(({ registering }) => registering)), unit: "ms" },
    {
      part,
      what: `${shown}: from the link to member and first post`,
      value: median(runs.map(({ joining }) => joining.milliseconds)),
      unit: "ms",
    },
    {
      part,
      what: `${shown}: processor time in it (guest's and founder's programs)`,
      value: median(runs.map(({ joining }) => joining.processorMilliseconds)),
      unit: "ms",
    },
    {
      part,
      what: `${shown}: both together`,
      value: median(runs.map(({ registering, joining }) => registering + joining.milliseconds)),
      unit: "ms",
      budget: "5,000 ms on a slower machine and line",
    },
  ];
}

interface Arrival {
  /** Milliseconds. */
  readonly registering: number;
  readonly joining: Taken;
}

/** Appends entries as the founder's program would, until the chain has this many. */
async function lengthen(hall: BenchHall, founder: BenchMember, group: OpenGroup, entries: number): Promise<void> {
  const keys = keysOf(group);
  const given = await group.server.token(keys, Date.now());
  if (given === null) throw new Error("the hall gives no token");
  const line = await LiveLine.open(hall.origin, group.groupId, given.token, 0);
  const { account } = founder.parts;
  const statements = [...account.state().statements.values()].map(statementForGroups);
  const author = { identityKey: account.identityKey, device: account.device.signing, statements };
  const nothingNew: Operation = {
    kind: "account-update",
    identityKey: account.identityKey,
    statements,
    stewardKey: null,
    lastWords: null,
  };
  const key = stewardKeyPair(group.stewardSeed);
  const actKeys: ActKeys = { newest: keys, next: keys };
  let { state } = group;
  for (let counter = 1_000; (headOf(state)?.index ?? 0) < entries - 1; counter += 1) {
    const operation = counter % 2 === 0 ? admission(newPerson()) : nothingNew;
    const act = { author, operations: [operation], time: Date.now(), era: "if-needed" } as const;
    const proposal = proposeEntry(state, act, actKeys, random);
    if (proposal.kind === "refused") throw new Error(`an entry would be void: ${proposal.reason}`);
    const request = sealEntryRequest(proposal, { key, origin: hall.origin, counter });
    const { index, era, startsEra, sealed } = request.entry;
    const { link, command } = request;
    const chain = { index, era, starts: startsEra, sealed, boxes: [...request.boxes], link, command };
    await line.ask({ kind: "chain", group: group.groupId, chain });
    state = proposal.after;
  }
  line.close();
}

async function comeIn(hall: BenchHall, groupId: string, link: string): Promise<Arrival> {
  const guest = new BenchMember(hall.origin);
  const registering = await milliseconds(async () => await guest.register(link, "Guest"));
  const joining = await taken(async () => {
    await guest.hall.invites.join(link, { note: "" });
    await guest.until(
      async () => await guest.hall.groups.list(),
      (groups) => groups.some((group) => group.groupId === groupId && group.standing.kind === "member"),
    );
    const [topic] = await guest.until(
      async () => await guest.hall.topics.list(groupId),
      (topics) => topics.length > 0,
    );
    await guest.hall.topics.posts(groupId, topic?.topicId ?? "", { from: 0, limit: 50 });
  });
  await Promise.race([guest.hall.close(), new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  return { registering, joining };
}

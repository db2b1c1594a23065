import { toHex } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { type Founded, type Member, peopled, World } from "./world.ts";
import { HallProcess } from "./world/hall-process.ts";
import { LightMember } from "./world/light-member.ts";
import { WorldClock } from "./world/world-clock.ts";

const members = { whole: 4, light: 16 };
const postsEach = 50;
const killedAfter = 200;

/** What went over the line of whole clients, as the frames say it: records sent, and the place at which the hall acknowledged each. */
class Line {
  readonly seqOf = new Map<string, number>();
  readonly sent = new Set<string>();

  /** While `loses` holds, the hall's answers do not come through. */
  observe({ between }: Member, acknowledged: () => void, loses: () => boolean): void {
    const asked = new Map<number, readonly string[]>();
    between.lies = {
      toServer: (frame) => {
        if (frame.kind !== "append") return [frame];
        const ids = frame.records.map(({ recordId }) => toHex(recordId));
        asked.set(frame.request, ids);
        for (const id of ids) this.sent.add(id);
        return [frame];
      },
      fromServer: (frame) => {
        if (frame.kind !== "appended") return [frame];
        if (loses()) return [];
        for (const [at, id] of (asked.get(frame.request) ?? []).entries()) this.seqOf.set(id, frame.seqs[at] ?? 0);
        acknowledged();
        return [frame];
      },
    };
  }
}

const textsOf = (author: number): readonly string[] =>
  Array.from({ length: postsEach }, (_, post) => `${author}.${post}`);

/** Everybody in one group by one link; most of them go on with a light program. */
async function everybodyIn(world: World<HallProcess>) {
  const people = world.people.slice(1);
  const [founder, ...others] = people;
  if (founder === undefined) throw new TypeError("somebody founds");
  const group = await founder.foundGroup("Waste services");
  const link = await founder.link(group.groupId, { mode: "instant", uses: people.length });
  for (const member of others) await member.join(link);
  await world.settle();
  const light = await Promise.all(
    people.slice(members.whole).map(async (member, at) => LightMember.of(member, group, textsOf(members.whole + at))),
  );
  return { group, whole: people.slice(0, members.whole), light };
}

async function postAll(whole: readonly Member[], group: Founded): Promise<void> {
  await Promise.all(
    whole.map(async (member, author) => {
      for (const text of textsOf(author)) await member.post(group, text);
    }),
  );
}

test("a hall killed in the middle of 1,000 posts by 20 members loses no acknowledged post and doubles none", async () => {
  const membersCount = members.whole + members.light;
  const names = Array.from({ length: membersCount }, (_, index) => `member ${index}`);
  const all = names.flatMap((_, author) => textsOf(author));
  await using world = await peopled(new World(await HallProcess.start(), new WorldClock()), names);
  const { group, whole, light } = await everybodyIn(world);
  let count = 0;
  const enough = Promise.withResolvers<void>();
  const acknowledged = (): void => {
    if (++count === killedAfter) enough.resolve();
  };
  const line = new Line();
  let isDead = false;
  // One of them hears no answer before the end: what it sent stands in the log, and it must send it again.
  for (const [at, member] of whole.entries()) line.observe(member, acknowledged, () => at === 0 && !isDead);
  const writing = postAll(whole, group);
  const delivering = light.map(async (member) => member.deliver(acknowledged));
  // Whoever fails before says why.
  await Promise.race([enough.promise, Promise.all(delivering)]);
  await world.hall.kill();
  isDead = true;
  const outcomes = await Promise.all(delivering);
  const acknowledgedBefore = new Map([line, ...light].flatMap(({ seqOf }) => [...seqOf]));
  // The blow fell in the middle: most posts were not sent, and some had been sent and not been acknowledged.
  expect(acknowledgedBefore.size).toBeGreaterThanOrEqual(killedAfter);
  expect(acknowledgedBefore.size).toBeLessThan(all.length / 2);
  expect(outcomes.filter((outcome) => outcome === "cut off").length).toBeGreaterThan(members.light / 2);

  for (const member of light.slice(0, members.light / 2)) member.forgetLastAnswer();
  await world.hall.start();
  await writing;
  for (const member of whole) member.hall.wake();
  expect(new Set(await Promise.all(light.map(async (member) => member.deliver())))).toEqual(new Set(["all"]));
  await world.settle();

  const rows = await world.hall
    .databases()
    .groups.selectFrom("log_item")
    .select(["record_id", "seq"])
    .where("topic", "=", Buffer.from(group.topicId, "hex"))
    .execute();
  expect(rows).toHaveLength(1 + all.length);
  const seqOf = Map.groupBy(rows, ({ record_id }) => toHex(new Uint8Array(record_id ?? [])));
  for (const [id, seq] of acknowledgedBefore) expect(seqOf.get(id)?.map((row) => row.seq)).toEqual([seq]);
  const expected = ["opening", ...all].toSorted();
  for (const reader of light) expect((await reader.texts()).toSorted()).toEqual(expected);
  for (const reader of whole) {
    expect((await reader.texts(group)).toSorted()).toEqual(expected);
    expect(await reader.hall.topics.refused(group.groupId)).toEqual([]);
    expect(await reader.warnings(group.groupId)).toEqual([]);
  }
}, 300_000);

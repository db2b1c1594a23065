import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type Founded } from "../world.ts";

let world: Awaited<ReturnType<typeof createWorld<"ana" | "bongani">>>;

/**
 * What the hall does to the row of one era, in one table; each in a group of its own. Its index of hashes goes along: a hall that answers with
 * right hashes for wrong bytes withholds, which is noticed all the same but not for others to put right.
 */
const damages = {
  "drops a link": sql`delete from era_link where era = 2`,
  "truncates a link": sql`update era_link set chain = substring(chain for 50), content = substring(content for 50), hash = sha256(chain) where era = 2`,
  "swaps links": sql`update era_link as one set chain = other.chain, content = other.content, hash = other.hash from era_link as other
    where one.group_no = other.group_no and one.era = 2 and other.era = 1`,
  "flips a bit of the content's half": sql`update era_link set content = set_byte(content, 60, get_byte(content, 60) # 1), hash = sha256(content) where era = 2`,
  "drops a box": sql`delete from group_box where era = 3`,
  "truncates a box": sql`update group_box set box = substring(box for 1000), hash = label || label where era = 3`,
  "swaps boxes": sql`update group_box as one set box = other.box, hash = other.hash from group_box as other
    where one.group_no = other.group_no and one.era = 3 and other.era = 3 and one.label <> other.label`,
} as const;
type Damage = keyof typeof damages;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of an object are its own
const kinds = Object.keys(damages) as Damage[];

const groups = new Map<Damage, Founded>();
const groupOf = (damage: Damage): Founded => {
  const group = groups.get(damage);
  if (group === undefined) throw new TypeError("each damage has a group");
  return group;
};
const texts = ["opening", "era 0", "era 1", "era 2", "era 3"];

/** Runs a damage against the rows of one group only. */
async function inflict(damage: Damage): Promise<void> {
  const db = world.hall.app.databases.groups;
  const id = Buffer.from(groupOf(damage).groupId, "hex");
  const { no } = await db.selectFrom("working_group").select("no").where("id", "=", id).executeTakeFirstOrThrow();
  const narrowed = sql.raw(
    damages[damage].compile(db).sql +
      (damage.startsWith("swaps") ? " and one.group_no = " : " and group_no = ") +
      String(no),
  );
  const { numAffectedRows } = await narrowed.execute(db);
  if ((numAffectedRows ?? 0n) < 1n) throw new Error(`nothing was damaged: ${damage}`);
}

/** In every group: a post per era, three eras begun while bongani is away; then the hall does its worst, and bongani comes back alone. */
beforeAll(async () => {
  world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  for (const damage of kinds) groups.set(damage, await ana.foundGroup(damage, { admits: [bongani] }));
  await world.settle();
  await bongani.close();
  for (const damage of kinds) {
    const group = groupOf(damage);
    for (const era of [0, 1, 2, 3]) {
      await ana.post(group, `era ${era}`);
      await ana.hall.settled();
      if (era < 3) await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: era }]);
    }
  }
  await world.settle();
  await ana.close();
  for (const damage of kinds) await inflict(damage);
  await bongani.reopen();
  await world.settle();
}, 300_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test.each(kinds)(
  "attack 10: the hall %s: whoever comes back is told, and is not shown a part as the whole",
  async (damage) => {
    const { bongani } = world;
    const { groupId } = groupOf(damage);
    const { standing, warnings } = await bongani.hall.groups.get(groupId);
    const isTold = standing.kind === "stopped" || warnings.some(({ kind }) => kind === "gap");
    expect({ isTold, texts: await bongani.texts(groupOf(damage)) }).not.toEqual({ isTold: false, texts });
    expect(isTold).toBe(true);
  },
);

test("attack 10: another member's program puts every link and box right, and says so; then everything is read", async () => {
  const { ana, bongani } = world;
  await ana.reopen();
  await world.settle();
  for (const damage of kinds) {
    const repaired = damage.includes("box") ? "box-repaired" : "link-repaired";
    expect([damage, ...(await ana.warnings(groupOf(damage).groupId))]).toContain(repaired);
  }
  await bongani.reopen();
  await world.settle();
  for (const damage of kinds) {
    expect([damage, ...(await bongani.texts(groupOf(damage)))]).toEqual([damage, ...texts]);
    expect([damage, ...(await bongani.warnings(groupOf(damage).groupId))]).not.toContain("gap");
  }
});

test("attack 10: a junk box that stands before the right one does no harm", async () => {
  const { ana, bongani } = world;
  const group = await ana.foundGroup("junk before", { admits: [bongani] });
  await world.settle();
  await bongani.close();
  await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 0 }]);
  await ana.post(group, "era 1");
  await world.settle();
  const db = world.hall.app.databases.groups;
  const id = Buffer.from(group.groupId, "hex");
  const { no } = await db.selectFrom("working_group").select("no").where("id", "=", id).executeTakeFirstOrThrow();
  await sql`update group_box set place = place + 1 where group_no = ${no}`.execute(db);
  const boxes = await db.selectFrom("group_box").selectAll().where("group_no", "=", no).where("era", "=", 1).execute();
  expect(boxes.length).toBeGreaterThanOrEqual(2);
  for (const { label } of boxes)
    await db
      .insertInto("group_box")
      .values({
        group_no: no,
        label,
        place: 0,
        era: 1,
        hash: randomBytes(32),
        steward_key: null,
        box: randomBytes(1256),
      })
      .execute();
  await bongani.reopen();
  await world.settle();
  expect(await bongani.texts(group)).toEqual(["opening", "era 1"]);
});

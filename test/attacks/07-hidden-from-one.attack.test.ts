import { expect, test } from "vitest";
import { createWorld, type LogItems } from "../world.ts";

test("attack 7: the hall hides an entry from one member and numbers the rest anew: the next record written under it gives it away", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const invites = (await bongani.hall.invites.list(group.groupId)).length;
  const hidden = (await bongani.group(group.groupId)).state.hashes.length;
  let missing = 0;
  const without = (items: LogItems): LogItems =>
    items.flatMap((item) => {
      if (item.kind !== "entry" || item.index !== hidden) return [{ ...item, seq: item.seq - missing }];
      missing = 1;
      return [];
    });
  bongani.between.lies = {
    fromServer: (frame) => [frame.kind === "items" ? { ...frame, items: [...without(frame.items)] } : frame],
  };
  // An entry after which no era is due: with a new one bongani's program would read the whole chain again, and find the entry.
  await ana.link(group.groupId);
  await ana.post(group, "there is a new link");
  const { warnings } = await bongani.until(
    () => bongani.hall.groups.get(group.groupId),
    ({ warnings: said }) => said.length > 0,
  );
  expect(warnings).toMatchObject([{ kind: "gap", byName: "ana" }]);
  expect(await bongani.texts(group)).toEqual(["opening"]);

  bongani.between.lies = {};
  await bongani.reopen();
  await world.settle();
  expect(await bongani.texts(group)).toEqual(["opening", "there is a new link"]);
  const shown = await bongani.hall.groups.get(group.groupId);
  expect(await bongani.hall.invites.list(group.groupId)).toHaveLength(invites + 1);
  expect(shown.warnings.filter(({ kind }) => kind === "gap")).toEqual([]);
}, 60_000);

test("attack 19: a record that somebody has read and that the hall shows to nobody else is missed by its readers' next words", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  // To chidi the hall never gives what ana writes, and numbers the rest anew.
  let [missing, from] = [0, Number.MAX_SAFE_INTEGER];
  chidi.between.lies = {
    fromServer: (frame) => {
      if (frame.kind !== "items") return [frame];
      const items = frame.items.flatMap((item) => {
        if (item.kind === "record" && item.seq >= from && missing === 0) {
          missing = 1;
          return [];
        }
        return [{ ...item, seq: item.seq - missing }];
      });
      return [{ ...frame, items }];
    },
  };
  from = (await chidi.group(group.groupId)).held.snapshot.stored.cursor + 1;
  await ana.post(group, "for everybody but chidi");
  await bongani.until(
    () => bongani.texts(group),
    (texts) => texts.includes("for everybody but chidi"),
  );
  await bongani.post(group, "I agree");
  const { warnings } = await chidi.until(
    () => chidi.hall.groups.get(group.groupId),
    ({ warnings: said }) => said.length > 0,
  );
  expect(warnings).toMatchObject([{ kind: "gap", byName: "bongani" }]);
  chidi.between.lies = {};
  await chidi.reopen();
  await world.settle();
  const all = ["I agree", "for everybody but chidi", "opening"];
  expect((await chidi.texts(group)).toSorted()).toEqual(all);
  expect((await chidi.hall.groups.get(group.groupId)).warnings.filter(({ kind }) => kind === "gap")).toEqual([]);
}, 60_000);

test("attack 19: a hall that names another end of the chain than it shows is asked again, and then that is said", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const state = `/api/groups/${Buffer.from(group.groupId, "hex").toString("base64url")}`;
  let lied = 0;
  bongani.between.lies = {
    reply: ({ url, method }, reply) => {
      if (method !== "GET" || new URL(url).pathname !== state || reply.status !== 200) return reply;
      lied++;
      const shown: unknown = JSON.parse(new TextDecoder().decode(reply.body));
      const body = new TextEncoder().encode(JSON.stringify(Object.assign({}, shown, { headIndex: 1_000 })));
      return { ...reply, body };
    },
  };
  await bongani.reopen();
  await bongani.hall.settled();
  expect(lied).toBeGreaterThan(1);
  expect(await bongani.warnings(group.groupId)).toEqual(["gap"]);
  bongani.between.lies = {};
  await bongani.reopen();
  await world.settle();
  expect(await bongani.warnings(group.groupId)).toEqual([]);
}, 60_000);

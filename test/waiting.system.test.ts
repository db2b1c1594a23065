import { expect, test } from "vitest";
import { createWorld, type Member } from "./world.ts";

/** What a guest says and hears on its live connection, with how many requests it had sent by then. */
function listen({ between }: Member) {
  const heard: { readonly kind: string; readonly requestsBefore: number }[] = [];
  const awaited: string[] = [];
  between.lies = {
    toServer: (frame) => {
      if (frame.kind === "await") awaited.push(Buffer.from(frame.label).toString("hex"));
      return [frame];
    },
    fromServer: (frame) => {
      heard.push({ kind: frame.kind, requestsBefore: between.sent.length });
      return [frame];
    },
  };
  return { heard, awaited };
}

test("a guest waits for the box on the live connection, asks for nothing meanwhile, and is in as soon as it comes", async () => {
  await using world = await createWorld({ people: ["ana", "dolores"] });
  const { ana, dolores } = world;
  const group = await ana.foundGroup("Waste services");
  const link = await ana.link(group.groupId);
  const { heard, awaited } = listen(dolores);
  expect(await dolores.join(link)).toMatchObject({ kind: "waiting" });
  await world.settle();
  const asked = dolores.between.sent.length;
  for (const text of ["one", "two"]) await ana.post(group, text);
  await ana.hall.settled();
  expect(dolores.between.sent.length).toBe(asked);
  const labels = awaited.length;
  expect(labels).toBeGreaterThan(0);
  // While she waits an era begins: her box will lie under another label, and she waits for that one.
  await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 0 }]);
  await world.settle();
  expect(heard.map(({ kind }) => kind)).toContain("era");
  expect(new Set(awaited).size).toBeGreaterThan(new Set(awaited.slice(0, labels)).size);
  expect(heard.some(({ kind }) => kind === "box")).toBe(false);
  const atEra = dolores.between.sent.length;

  const [request] = await ana.hall.invites.requests(group.groupId);
  await ana.hall.invites.approve(group.groupId, request?.requestId ?? "");
  await dolores.whenIn(group.groupId);
  const box = heard.find(({ kind }) => kind === "box");
  expect(box?.requestsBefore).toBe(atEra);
  await world.settle();
  expect(await dolores.texts(group)).toEqual(["opening", "one", "two"]);
});

test("whoever is removed takes the invites it made along: neither kind lets anybody in", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "dolores", "emeka"] });
  const { ana, bongani, dolores, emeka } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  const byBongani = {
    approval: await bongani.link(group.groupId, { uses: 5 }),
    instant: await bongani.link(group.groupId, { mode: "instant", uses: 5 }),
  };
  const byAna = await ana.link(group.groupId, { uses: 5 });
  await world.settle();
  await ana.remove(bongani, group);
  await world.settle();
  for (const link of Object.values(byBongani))
    await expect(dolores.join(link)).rejects.toMatchObject({
      problem: expect.stringMatching(/^invite-(ended|unknown)$/),
    });
  await world.settle();
  expect(await ana.hall.invites.requests(group.groupId)).toEqual([]);
  const open = (await ana.hall.invites.list(group.groupId)).filter(({ state }) => state === "open");
  expect(open.map(({ madeBy }) => madeBy.name)).toEqual(["ana"]);
  // Her own goes on.
  expect(await emeka.join(byAna)).toMatchObject({ kind: "waiting" });
});

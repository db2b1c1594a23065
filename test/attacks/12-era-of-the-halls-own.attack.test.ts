import { randomBytes } from "node:crypto";
import {
  boxRecipients,
  eraKeysOf,
  makeBoxes,
  sealEntry,
  signEntry,
  toBase64Url,
  toHex,
  type EraKeys,
} from "@unionhall/crypto";
import { expect, test } from "vitest";
import { encodeWire } from "../../client/src/core/api/wire-bytes.ts";
import type { HttpRequest, HttpResponse } from "../../client/src/core/platform.ts";
import { eraOperation } from "../../crypto/src/group/era.ts";
import { FoundBoxes, LinkPage, LogPage } from "../../server/src/contract/index.ts";
import { createWorld, type Founded, type Member } from "../world.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const day = 20_000;

/**
 * What a hall and somebody who held era 0 can show together of an era that nobody began: its pass, its label key, boxes of it, and an entry
 * far ahead in the chain that opens under era 0 and says that it starts it.
 */
async function eraOfItsOwn(
  holder: Member,
  { groupId }: Founded,
  number = 1,
): Promise<(request: HttpRequest) => HttpResponse | null> {
  const { held } = await holder.group(groupId);
  const { state, keys } = held.snapshot;
  const own: EraKeys = eraKeysOf(number, random(32));
  const [era, older] = [state.eras[0], keys.get(0)];
  if (era === undefined || older === undefined) throw new TypeError("era 0 is held");
  const { account } = await holder.parts();
  const entry = signEntry(
    {
      groupId: held.groupId,
      index: 1_000,
      previousHash: random(32),
      era: 0,
      operations: [eraOperation(own)],
      author: account.identityKey,
      device: account.device.signing.publicKey,
      statements: [],
      time: 0,
    },
    account.device.signing,
  );
  const { sealed } = sealEntry(entry, held.groupId, older.chainKey, random);
  const item = { kind: "entry", seq: 5_000, day, index: 1_000, era: 0, starts: number, sealed, command: null } as const;
  const { boxes } = makeBoxes(held.groupId, own, boxRecipients(state, { ...era, number }));
  return ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    if (!pathname.startsWith(`/api/groups/${toBase64Url(held.groupId)}/`)) return null;
    const kept = [{ era: number, labelKey: toBase64Url(own.label.publicKey) }];
    if (pathname.endsWith("/eras")) return json(200, { newest: number, kept });
    if (pathname.endsWith("/tokens")) return json(201, { token: toBase64Url(random(32)), expiresInSeconds: 600 });
    if (pathname.endsWith("/boxes/find"))
      return cbor(
        encodeWire(
          FoundBoxes,
          boxes.map(({ label, box }) => ({ label, era: number, box })),
        ),
      );
    if (pathname.endsWith("/links")) return cbor(encodeWire(LinkPage, []));
    const items = searchParams.get("only") === "chain" ? [item] : [];
    if (pathname.endsWith("/log"))
      return cbor(encodeWire(LogPage, { items: [...items], next: null, newestSeq: 5_000 }));
    return null;
  };
}

const cbor = (body: Uint8Array): HttpResponse => ({
  status: 200,
  headers: { "content-type": "application/cbor" },
  body,
});
const json = (status: number, body: object): HttpResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: new TextEncoder().encode(JSON.stringify(body)),
});

test("attack 12: an era that the hall made up with an old key leaves nothing behind: the true ones open afterwards", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi", "dolores"] });
  const { ana, bongani, chidi, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  const made = await eraOfItsOwn(chidi, group);
  await bongani.close();
  await ana.remove(chidi, group);
  await ana.admit(group.groupId, [dolores]);
  await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 1 }]);
  await dolores.post(group, "after it all");
  await world.settle();

  bongani.between.lies = { answer: made };
  await bongani.reopen();
  await bongani.hall.settled();
  expect((await bongani.hall.groups.get(group.groupId)).standing.kind).toBe("stopped");
  expect(await bongani.warnings(group.groupId)).toContain("pass-differs");
  expect([...(await bongani.group(group.groupId)).held.snapshot.keys.keys()]).toEqual([0]);

  bongani.between.lies = {};
  await bongani.reopen();
  await world.settle();
  expect(await bongani.texts(group)).toEqual(["opening", "after it all"]);
  const { standing, memberCount } = await bongani.hall.groups.get(group.groupId);
  expect({ kind: standing.kind, memberCount }).toEqual({ kind: "member", memberCount: 3 });
  const hashes = async (member: Member) => (await member.group(group.groupId)).state.hashes.map(toHex);
  expect(await hashes(bongani)).toEqual(await hashes(ana));
});

test("attack 12: an era of a number out of all proportion does not send a program through all that would be before it", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  const made = await eraOfItsOwn(chidi, group, 2 ** 40);
  await bongani.close();
  let asked = 0;
  bongani.between.lies = {
    answer: (request) => {
      asked++;
      return made(request);
    },
  };
  await bongani.reopen();
  await bongani.hall.settled();
  expect((await bongani.hall.groups.get(group.groupId)).standing.kind).toBe("stopped");
  expect(asked).toBeLessThan(100);
  bongani.between.lies = {};
  await bongani.reopen();
  await world.settle();
  expect((await bongani.hall.groups.get(group.groupId)).standing.kind).toBe("member");
}, 60_000);

import { randomBytes } from "node:crypto";
import {
  bareStatement,
  box,
  type BoxPurpose,
  boxKeyPair,
  chainKeyBefore,
  contentKeyBefore,
  EncodingError,
  equalBytes,
  eraKeysOf,
  open,
  openBox,
  OpenError,
  openPreview,
  openRecord,
  openRequest,
  randomBoxSeed,
  seal,
  sealRequest,
  SignatureError,
  signPassChallenge,
  signingKeyPair,
  toHex,
  unbox,
  verifyBareStatement,
  verifyPassAnswer,
  verifyStewardCommand,
} from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEntry } from "../../crypto/src/group/entry.ts";
import { guest, groupId as inviteGroup, inviteOf, requestOf } from "../../crypto/src/invites/testing/invite-world.ts";
import { createWorld } from "../world.ts";

/** One thing that is sealed, boxed or signed, and whether its reader takes it. */
interface Example {
  readonly bytes: Uint8Array;
  readonly taken: (bytes: Uint8Array) => boolean;
}

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

/** Whether a reader that throws took it. */
function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof OpenError || error instanceof EncodingError || error instanceof SignatureError) return false;
    throw error;
  }
}

let world: Awaited<ReturnType<typeof createWorld<"ana" | "bongani">>>;
const examples = new Map<string, Example>();

beforeAll(async () => {
  pureExamples();
  world = await createWorld({ people: ["ana", "bongani"] });
  await hallExamples();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function pureExamples(): void {
  const key = random(32);
  const header = random(8);
  examples.set("a sealed text", {
    bytes: seal(random(1), header, key, random(24)),
    taken: (bytes) => reads(() => open(bytes, header, key)),
  });
  const recipient = boxKeyPair(random(32));
  for (const purpose of ["era", "vault", "link-device", "guest", "desk"] satisfies BoxPurpose[])
    examples.set(`a box for ${purpose}`, {
      bytes: box(purpose, random(1), header, recipient.publicKey, randomBoxSeed(random)),
      taken: (bytes) => reads(() => unbox(purpose, bytes, header, recipient)),
    });
  const pass = signingKeyPair(random(32));
  examples.set("an answer with the pass", {
    bytes: signPassChallenge({ origin: "http://localhost", groupId: random(32), era: 0, nonce: random(32) }, pass),
    taken: (bytes) => reads(() => verifyPassAnswer(bytes, pass.publicKey)),
  });
  const invite = inviteOf();
  const { secret } = invite;
  examples.set("an invite's preview", {
    bytes: invite.sealedPreview,
    taken: (bytes) => openPreview(bytes, inviteGroup, secret).kind === "opened",
  });
}

/** Out of a real hall: a record, an entry, an era's box and link, a steward's command, a statement. */
async function hallExamples(): Promise<void> {
  const { ana, bongani } = world;
  const group = await ana.foundGroup("W", { admits: [bongani] });
  await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 0 }]);
  await world.settle();
  const { held } = await ana.group(group.groupId);
  const { state, keys, stored } = held.snapshot;
  const { groupId } = held;
  const db = world.hall.app.databases.groups;
  const inGroup = await db
    .selectFrom("working_group")
    .select("no")
    .where("id", "=", Buffer.from(groupId))
    .executeTakeFirstOrThrow();
  const log = await db.selectFrom("log_item").selectAll().where("group_no", "=", inGroup.no).orderBy("seq").execute();

  const row = log
    .filter(({ kind }) => kind === 2)
    .toSorted((a, b) => (a.sealed?.length ?? 0) - (b.sealed?.length ?? 0))[0];
  const [first, second] = [keys.get(0), keys.get(1)];
  if (row === undefined || first === undefined || second === undefined) throw new TypeError("records and two eras");
  const { record_id, topic, target, era, expires, sealed } = row;
  if (record_id === null || era === null || sealed === null) throw new TypeError("a record");
  const fields = {
    recordId: plain(record_id),
    topic: topic && plain(topic),
    target: target && plain(target),
    era,
    expires,
  };
  const ofEra = keys.get(era) ?? first;
  examples.set("a record", {
    bytes: plain(sealed),
    taken: (bytes) =>
      openRecord({ ...fields, sealed: bytes }, { groupId, ...ofEra, firstChainKey: first.chainKey }).kind !== "refused",
  });

  const starting = log.find(({ starts }) => starts === 1);
  if (starting === undefined) throw new TypeError("an era was begun");
  if (starting.sealed === null || starting.chain_index === null || starting.era === null)
    throw new TypeError("an entry");
  const entry = {
    groupId,
    index: starting.chain_index,
    era: starting.era,
    startsEra: 1,
    sealed: plain(starting.sealed),
  };
  examples.set("an entry", {
    bytes: entry.sealed,
    taken: (bytes) => reads(() => openEntry({ ...entry, sealed: bytes }, first.chainKey)),
  });
  if (starting.command === null) throw new TypeError("an era comes with a command");
  examples.set("a steward's command", {
    bytes: plain(starting.command),
    taken: (bytes) => reads(() => verifyStewardCommand(bytes)),
  });

  const link = await db.selectFrom("era_link").selectAll().where("group_no", "=", inGroup.no).executeTakeFirstOrThrow();
  const [chain, content] = [plain(link.chain), plain(link.content ?? new Uint8Array())];
  examples.set("a link's chain half", {
    bytes: chain,
    taken: (bytes) => chainKeyBefore(groupId, 1, second.chainKey, [{ chain: bytes, content: null }], [entry]) !== null,
  });
  const [older] = state.eras;
  if (older === undefined || second.contentKey === null) throw new TypeError("two eras");
  const { contentKey } = second;
  examples.set("a link's content half", {
    bytes: content,
    taken: (bytes) => contentKeyBefore(groupId, older, contentKey, [{ chain, content: bytes }]) !== null,
  });

  const { account } = await ana.parts();
  const own = account.boxKeys()[0];
  const boxes = await db
    .selectFrom("group_box")
    .selectAll()
    .where("group_no", "=", inGroup.no)
    .where("era", "=", 1)
    .execute();
  if (own === undefined || stored.newest === null) throw new TypeError("an account");
  const { eraKey } = eraKeysOf(stored.newest.era, stored.newest.eraKey);
  const mine = boxes.map((one) => plain(one.box)).find((bytes) => reads(() => openBox(bytes, groupId, 1, own.box)));
  if (mine === undefined) throw new TypeError("ana has a box");
  examples.set("an era's box", {
    bytes: mine,
    taken: (bytes) => reads(() => equalBytes(openBox(bytes, groupId, 1, own.box).eraKey, eraKey)),
  });
  examples.set("a statement", {
    bytes: bareStatement(account.device.statement),
    taken: (bytes) => verifyBareStatement(bytes).kind === "verified",
  });
}

test("attack 15: every byte of everything sealed, boxed or signed counts", () => {
  expect(examples.size).toBeGreaterThanOrEqual(15);
  let flipped = 0;
  const survived: string[] = [];
  for (const [what, { bytes, taken }] of examples) {
    expect([what, taken(bytes)]).toEqual([what, true]);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      if (taken(changed))
        survived.push(`${what}: byte ${at} of ${bytes.length} in ${toHex(bytes.subarray(at, at + 1))}`);
      flipped++;
    }
    expect([what, taken(bytes.subarray(0, -1)), taken(Uint8Array.of(...bytes, 0))]).toEqual([what, false, false]);
  }
  expect(survived).toEqual([]);
  expect(flipped).toBeGreaterThan(10_000);
});

test("attack 15: a guest's request, byte by byte", () => {
  const made = inviteOf();
  const { keys, deskKeys: desk } = made;
  const { sealed } = sealRequest(requestOf(made), keys, guest.device.signing, desk.boxKey.publicKey, random);
  const taken = (bytes: Uint8Array): boolean =>
    openRequest(bytes, desk.boxKey, { groupId: inviteGroup, inviteId: made.keys.inviteId }, keys.requestKey.publicKey)
      .kind === "opened";
  expect(taken(sealed)).toBe(true);
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect([at, taken(changed)]).toEqual([at, false]);
  }
});

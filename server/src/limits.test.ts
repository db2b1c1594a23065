import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toBase64url } from "./contract/base64url.ts";
import { BoxQuery, NewBoxes } from "./contract/boxes.ts";
import { groupLimits } from "./contract/group-limits.ts";
import { NewLink } from "./contract/groups.ts";
import { limits } from "./contract/limits.ts";
import { dayOf } from "./clock.ts";
import { cbor, type Founded, GroupWorld } from "./groups/testing/group-world.ts";
import { encodeClientFrame, type LiveClient } from "./groups/testing/live-client.ts";
import { bytes, link, record } from "./groups/testing/test-group.ts";
import { ask, registered, signIn } from "./testing/test-account.ts";
import { testNow } from "./testing/test-app.ts";
import { keepTickets } from "./tickets/ticket-store.ts";

const today = dayOf(testNow);

let world: GroupWorld;
let founded: Founded;
let client: LiveClient;
let session: { readonly authorization: string };
beforeAll(async () => {
  world = await GroupWorld.create();
  founded = await world.found();
  client = await world.subscriber(founded.group, 0, 1);
  const { group, steward } = founded;
  await client.expect("appended", {
    kind: "chain",
    group: group.id,
    chain: group.entry({ index: 1, era: 0, starts: 1, steward, link: link("content") }),
  });
  await client.expect("subscribed", { kind: "renew", group: group.id, token: await world.token(group, 1) });
  session = await signIn(world.hall, await registered(world.hall));
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** The code of what was refused; "taken" for what was not. */
type Answered = Promise<string>;

async function json(
  method: "POST" | "PUT",
  url: string,
  payload: object,
  headers: Readonly<Record<string, string>> = {},
): Answered {
  const reply = await ask(world.hall.app, method, `/api${url}`, { payload, headers });
  return reply.statusCode < 300 ? "taken" : reply.json<{ readonly code: string }>().code;
}

const body = async (rest: string, sent: Uint8Array): Answered => {
  const token = await world.token(founded.group, 1);
  return (await world.ask("POST", world.path(founded.group, rest), { token, body: sent })).code ?? "taken";
};

const frame = async (asked: Parameters<LiveClient["ask"]>[0]): Answered => {
  const answer = await client.ask(asked);
  return answer.kind === "refused" ? answer.code : "taken";
};

async function mailbox(
  preview: Uint8Array | null,
): Promise<{ readonly code: string; readonly write: (item: Uint8Array) => Answered }> {
  const [ticket, writeToken, id] = [randomBytes(32), toBase64url(randomBytes(32)), toBase64url(randomBytes(16))];
  await keepTickets(world.hall.databases.groups, "mailbox", [ticket], today);
  const code = await json("PUT", `/mailboxes/${id}`, {
    ticket: toBase64url(ticket),
    readKey: toBase64url(randomBytes(32)),
    writeToken,
    expiryDay: today + 7,
    itemLimit: 10,
    preview: preview === null ? null : toBase64url(preview),
  });
  const headers = { authorization: `Mailbox ${writeToken}` };
  const write = async (item: Uint8Array): Answered =>
    json("POST", `/mailboxes/${id}/items`, { sealed: toBase64url(item) }, headers);
  return { code, write };
}

/** A request of a steward that is a frame of exactly so many bytes: boxes, and an entry that fills it up. */
async function chainOf(size: number): Answered {
  const { group, steward } = await world.found();
  const own = await world.subscriber(group, 0, 1);
  const boxes = Array.from({ length: 3_560 }, () => ({ label: bytes(16), box: bytes(groupLimits.boxBytes) }));
  const of = (entryBytes: number) => group.entry({ index: 1, era: 0, sealed: bytes(entryBytes), boxes, steward });
  const lengthOf = (chain: ReturnType<typeof of>): number =>
    encodeClientFrame({ kind: "chain", request: 2, group: group.id, chain }).length;
  const some = 500_000;
  const chain = of(some + size - lengthOf(of(some)));
  expect(lengthOf(chain)).toBe(size);
  const answer = await own.ask({ kind: "chain", group: group.id, chain });
  return answer.kind === "refused" ? answer.code : "taken";
}

interface Limit {
  readonly limit: number;
  /** Sends something of this size or number. */
  readonly send: (size: number) => Answered;
  /** The answer up to the limit. */
  readonly within: string;
  readonly above: string;
}

const tooLarge = "body-too-large";
const within = "taken";

const table: Readonly<Record<string, Limit>> = {
  "bytes of a vault": {
    limit: limits.vaultBytes,
    send: async (size) => {
      const tag = (await ask(world.hall.app, "GET", "/api/account/vault", { headers: session })).json<{
        tag: string | null;
      }>();
      return json("PUT", "/account/vault", { vault: toBase64url(bytes(size)), replaces: tag.tag }, session);
    },
    within,
    above: tooLarge,
  },
  "bytes of a statement": {
    limit: limits.statementBytes,
    send: async (size) => json("POST", "/account/statements", { statements: [toBase64url(bytes(size))] }, session),
    within: "statement-refused",
    above: tooLarge,
  },
  "bytes of a preview": {
    limit: limits.previewBytes,
    send: async (size) => (await mailbox(bytes(size))).code,
    within,
    above: tooLarge,
  },
  "bytes of a mailbox's item": {
    limit: limits.mailboxItemBytes,
    send: async (size) => (await mailbox(null)).write(bytes(size)),
    within,
    above: tooLarge,
  },
  "bytes of an answer to a challenge": {
    limit: groupLimits.passAnswerBytes,
    send: async (size) => (await world.askToken(founded.group, bytes(size))).code ?? "taken",
    within: "pass-refused",
    above: tooLarge,
  },
  "bytes of a steward's command": {
    limit: groupLimits.commandBytes,
    send: async (size) => body("/commands", bytes(size)),
    within: "malformed-request",
    above: tooLarge,
  },
  "bytes of a box": {
    limit: groupLimits.boxBytes,
    send: async (size) => {
      const boxes = [{ label: bytes(16), box: bytes(size), command: null }];
      return body("/boxes", cbor(NewBoxes, { era: 1, boxes }));
    },
    within,
    above: tooLarge,
  },
  "boxes added at once": {
    limit: groupLimits.boxesPerRequest,
    send: async (count) => {
      const boxes = Array.from({ length: count }, () => ({ label: bytes(16), box: bytes(300), command: null }));
      return body("/boxes", cbor(NewBoxes, { era: 1, boxes }));
    },
    within,
    above: tooLarge,
  },
  "labels asked for at once": {
    limit: groupLimits.labelsPerQuery,
    send: async (count) => {
      const labels = Array.from({ length: count }, () => bytes(16));
      return body("/boxes/find", cbor(BoxQuery, { labels, hashesOnly: false }));
    },
    within,
    above: tooLarge,
  },
  "bytes of a link's text": {
    limit: groupLimits.linkBytes,
    send: async (size) => {
      const given = { chain: bytes(size), content: null };
      return body("/links", cbor(NewLink, { era: 1, link: given, command: null }));
    },
    within,
    above: tooLarge,
  },
  "records in one append": {
    limit: groupLimits.recordsPerAppend,
    send: async (count) =>
      frame({ kind: "append", group: founded.group.id, records: Array.from({ length: count }, () => record(1)) }),
    within,
    above: tooLarge,
  },
  "bytes of a record": {
    limit: groupLimits.recordBytes,
    send: async (size) =>
      frame({ kind: "append", group: founded.group.id, records: [record(1, { sealed: bytes(size) })] }),
    within,
    above: "record-too-large",
  },
  "bytes of an entry": {
    limit: groupLimits.entryBytes,
    send: async (size) => {
      const { group, steward } = await world.found();
      const own = await world.subscriber(group, 0, 1);
      const chain = group.entry({ index: 1, era: 0, steward, sealed: bytes(size) });
      const answer = await own.ask({ kind: "chain", group: group.id, chain });
      return answer.kind === "refused" ? answer.code : "taken";
    },
    within,
    above: "chain-request-too-large",
  },
  "bytes of a chain request": {
    limit: groupLimits.chainRequestBytes,
    send: chainOf,
    within,
    above: "chain-request-too-large",
  },
  "bytes of a first chain request": {
    limit: groupLimits.chainRequestBytes,
    send: async (size) => {
      const answer = await world.ask("PUT", `/groups/${toBase64url(bytes(32))}`, { body: new Uint8Array(size) });
      return answer.code ?? "taken";
    },
    within: "malformed-request",
    above: tooLarge,
  },
  "labels awaited on one connection": {
    limit: groupLimits.awaitsPerSocket,
    send: async (count) => {
      const own = await world.connect();
      const group = founded.group.id;
      const waiting = Array.from({ length: count }, async () => own.ask({ kind: "await", group, label: bytes(16) }));
      const answers = await Promise.all(waiting);
      own.close();
      const refused = answers.flatMap((answer) => (answer.kind === "refused" ? [answer.code] : []));
      expect(refused.length).toBeLessThanOrEqual(1);
      return refused[0] ?? "taken";
    },
    within,
    above: "too-many-requests",
  },
};

test.each(Object.entries(table))(
  "%s: taken below and at the limit, refused with its code above",
  async (_, row) => {
    const answers = [];
    for (const size of [row.limit - 1, row.limit, row.limit + 1]) answers.push(await row.send(size));
    expect(answers).toEqual([row.within, row.within, row.above]);
  },
  120_000,
);

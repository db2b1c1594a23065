import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problems } from "../contract/problem.ts";
import { closeCodes } from "../contract/live.ts";
import { GroupWorld } from "../groups/testing/group-world.ts";
import { bytes, record } from "../groups/testing/test-group.ts";
import { toBase64url } from "../contract/base64url.ts";

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function answerTo(text: string): Promise<string> {
  const socket = connect(world.port, "127.0.0.1");
  socket.write(text);
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

test.each([
  ["a header that is none", "GET / HTTP/1.1\r\nbad header line\r\n\r\n", "malformed-request"],
  ["no HTTP at all", "hello\r\n\r\n", "malformed-request"],
  [
    "a body of two lengths",
    "POST /api/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "malformed-request",
  ],
  ["a header of 20,000 bytes", `GET / HTTP/1.1\r\nHost: x\r\nA: ${"x".repeat(20_000)}\r\n\r\n`, "body-too-large"],
] as const)("%s is answered with a problem and the headers of every answer", async (_, text, code) => {
  const [head = "", body = ""] = (await answerTo(text)).split("\r\n\r\n");
  const { status, title } = problems[code];
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(JSON.parse(body)).toEqual({ type: "about:blank", title, status, code });
  for (const header of [
    "content-type: application/problem+json",
    "cache-control: no-store",
    "referrer-policy: no-referrer",
  ])
    expect(head.toLowerCase()).toContain(header);
  expect(world.hall.logged()).toBe("");
});

test("a connection on which nothing moves is ended, one that waits for live news is not", async () => {
  const { server } = world.hall.app;
  expect(server.timeout).toBeGreaterThanOrEqual(60_000);
  expect(server.timeout).toBeLessThanOrEqual(300_000);
  const { group } = await world.found();
  const writer = await world.subscriber(group, 0, 1);
  const sealed = bytes(65_536);
  for (let turn = 0; turn < 2; turn += 1)
    await writer.expect("appended", {
      kind: "append",
      group: group.id,
      records: Array.from({ length: 60 }, () => record(0, { sealed })),
    });
  const token = toBase64url(await world.token(group, 0));
  const held: Socket[] = [];
  server.on("connection", (socket) => held.push(socket));
  // The same limit, in a time that a test can wait for.
  server.setTimeout(500);
  const waiting = await world.subscriber(group, 0, 121);
  const stubborn = connect(world.port, "127.0.0.1");
  stubborn.on("error", () => undefined);
  const path = `/api/groups/${toBase64url(group.id)}/log?after=1&limit=500`;
  stubborn.pause();
  // Many requests on one connection: their answers do not fit into what the network holds.
  stubborn.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Group ${token}\r\n\r\n`.repeat(20));
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (held.length === 2 && held[1]?.destroyed === true) {
        clearInterval(look);
        resolve();
      }
    }, 20);
  });
  await waiting.expect("done", { kind: "unwatch", mailbox: bytes(16) });
  waiting.close();
  expect(await waiting.closed).not.toBe(closeCodes.idle);
  stubborn.destroy();
});

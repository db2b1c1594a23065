import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { groupLimits } from "../contract/group-limits.ts";
import { closeCodes, livePath } from "../contract/live.ts";
import { encodeClientFrame } from "../groups/testing/live-client.ts";
import { GroupWorld } from "../groups/testing/group-world.ts";
import { bytes, record } from "../groups/testing/test-group.ts";

/** A masked binary websocket message of less than 64 KiB. */
function masked(payload: Uint8Array): Buffer {
  const mask = randomBytes(4);
  const head = Buffer.from([0x82, 0x80 | 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** A websocket whose owner reads nothing until told to. */
async function connectStubborn(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  const key = randomBytes(16).toString("base64");
  const lines = [`GET ${livePath} HTTP/1.1`, "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"];
  socket.write([...lines, `Sec-WebSocket-Key: ${key}`, "Sec-WebSocket-Version: 13", "", ""].join("\r\n"));
  await new Promise((resolve) => {
    socket.once("data", resolve);
  });
  socket.pause();
  return socket;
}

test("a reader that does not keep up is cut with its code, the others are not, and it is not buffered without limit", async () => {
  await using world = await GroupWorld.create();
  const { group } = await world.found();
  const stubborn = await connectStubborn(world.port);
  const token = await world.token(group, 0);
  stubborn.write(masked(encodeClientFrame({ kind: "subscribe", request: 1, group: group.id, token, after: 1 })));
  const author = await world.subscriber(group, 0, 1);
  const sealed = bytes(groupLimits.recordBytes);
  const turns = Math.ceil((groupLimits.socketBacklogBytes + 24 * 1024 * 1024) / (groupLimits.recordBytes * 32));
  for (let turn = 0; turn < turns; turn += 1) {
    const records = Array.from({ length: 32 }, () => record(0, { sealed }));
    await author.expect("appended", { kind: "append", group: group.id, records });
  }
  await author.until(() => author.seqs().length === turns * 32);
  // A close frame is 0x88, its length 2, then the code.
  const closing = Buffer.from([0x88, 2, closeCodes.slowReader >> 8, closeCodes.slowReader & 255]);
  let received = 0;
  let tail = Buffer.alloc(0);
  stubborn.on("error", () => undefined);
  const ended = new Promise((resolve) => {
    stubborn.once("close", resolve);
  });
  await new Promise<void>((resolve) => {
    stubborn.on("data", (chunk: Buffer) => {
      received += chunk.length;
      tail = Buffer.concat([tail, chunk]).subarray(-closing.length);
      if (tail.equals(closing)) resolve();
    });
    stubborn.resume();
  });
  world.timers.advance(5_000);
  await ended;
  expect(received).toBeLessThan(turns * 32 * groupLimits.recordBytes);
});

import { createServer } from "node:http";
import { afterEach, expect, test } from "vitest";
import { Unreachable } from "../../core/platform.ts";
import { longestAnswer, webHttp } from "./web-http.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const part = 1024 * 1024;

/** A hall that answers with this many bytes, in parts, and says how many it got rid of. */
async function answering(bytes: number): Promise<{ url: string; sent: () => number; close: () => Promise<void> }> {
  let sent = 0;
  const server = createServer((_, response) => {
    const more = (): void => {
      while (sent < bytes) {
        const length = Math.min(part, bytes - sent);
        sent += length;
        if (!response.write(new Uint8Array(length).fill(7))) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("there is no port");
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  closing.push(close);
  return {
    url: `http://127.0.0.1:${address.port}/api`,
    sent: () => sent,
    close,
  };
}

const get = async (url: string) =>
  webHttp().send({ method: "GET", url, headers: {}, body: null, timeoutMilliseconds: 30_000 });

test.each([0, 1, longestAnswer - 1, longestAnswer])("an answer of %i bytes is read whole", async (bytes) => {
  const hall = await answering(bytes);
  const { status, body } = await get(hall.url);
  expect([status, body.length, body.every((byte) => byte === 7)]).toEqual([200, bytes, true]);
});

test("an answer that is longer is not read to its end", async () => {
  const hall = await answering(longestAnswer + 1);
  await expect(get(hall.url)).rejects.toThrow("no end");
  const endless = await answering(longestAnswer * 100);
  await expect(get(endless.url)).rejects.toThrow(Unreachable);
  expect(endless.sent()).toBeLessThan(longestAnswer * 2);
});

test("where nobody listens, the hall cannot be reached", async () => {
  const gone = await answering(1);
  await gone.close();
  await expect(get(gone.url)).rejects.toThrow(Unreachable);
});

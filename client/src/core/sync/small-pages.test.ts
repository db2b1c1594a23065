import { LogPage } from "@unionhall/server/contract";
import { expect, test } from "vitest";
import { decodeWire, encodeWire } from "../api/wire-bytes.ts";
import type { Platform } from "../platform.ts";
import { listeningHall } from "./testing/listening-hall.ts";

/** A hall whose pages of the log have room for one item each. Says how many pages were asked for. */
function singleItems(asked: () => void): (platform: Platform) => Platform {
  return (platform) => ({
    ...platform,
    http: {
      send: async (request) => {
        const response = await platform.http.send(request);
        if (!new URL(request.url).pathname.endsWith("/log") || response.status !== 200) return response;
        asked();
        const page = decodeWire(LogPage, response.body);
        const [first] = page.items;
        if (first === undefined || page.items.length === 1) return response;
        return { ...response, body: encodeWire(LogPage, { ...page, items: [first], next: first.seq }) };
      },
    },
  });
}

test("a log whose pages hold one item each is read to its end, and asked for about as often as it has items", async () => {
  await using hall = await listeningHall();
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
  const rules = { history: "all", retentionDays: null } as const;
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "0" });
  await ana.hall.settled();
  await ben.hall.settled();
  await ben.hall.close();
  for (let post = 1; post <= 5; post++) await ana.hall.topics.reply(groupId, topicId, String(post));
  await ana.hall.settled();
  let pages = 0;
  await ben.reopen(singleItems(() => (pages += 1)));
  await ben.until(async () => (await ben.texts(groupId, topicId)).length === 6);
  expect(await ben.texts(groupId, topicId)).toEqual(["0", "1", "2", "3", "4", "5"]);
  expect(pages).toBeLessThan(40);
});

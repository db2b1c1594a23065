import { afterAll, beforeAll, expect, test } from "vitest";
import { Unreachable, type Platform } from "../platform.ts";
import { listeningHall, type ListeningHall } from "./testing/listening-hall.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

/** A hall that takes requests with this in their address and never answers them. */
function silentAt(part: string, asked: () => void): (platform: Platform) => Platform {
  return (platform) => ({
    ...platform,
    http: {
      send: async (request) => {
        if (!request.url.includes(part)) return platform.http.send(request);
        asked();
        return new Promise((_, reject) => request.stop?.onStop(() => reject(new Unreachable("stopped"))));
      },
    },
  });
}

for (const part of ["/log", "/boxes/find", "/challenges"])
  test(`a program closes although the hall never answers ${part}`, async () => {
    const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
    const rules = { history: "all", retentionDays: null } as const;
    const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
    await ben.comeIn(ana, groupId);
    await ben.hall.settled();
    await ben.hall.close();
    await ana.hall.topics.create(groupId, { title: "Strike", text: "meanwhile" });
    await (await ana.group(groupId)).propose([{ kind: "new-era", after: 0 }]);
    await ana.hall.settled();
    const asked = Promise.withResolvers<void>();
    await ben.reopen(silentAt(part, asked.resolve));
    await ben.hall.session.state();
    await asked.promise;
    await ben.hall.close();
    // The same device goes on where it was.
    await ben.reopen();
    await ben.hall.settled();
    expect((await ben.hall.groups.get(groupId)).era).toBe(1);
    expect(await ben.hall.topics.list(groupId)).toHaveLength(1);
  });

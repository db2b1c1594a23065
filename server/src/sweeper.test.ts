import { sql } from "kysely";
import { expect, test } from "vitest";
import { GroupBlobs, untilWaiting } from "./blobs/testing/group-blobs.ts";
import { limits } from "./contract/limits.ts";
import { GroupWorld } from "./groups/testing/group-world.ts";
import { bytes } from "./groups/testing/test-group.ts";
import { startSweeping, sweep } from "./sweeper.ts";
import { testNow } from "./testing/test-app.ts";

test("a long sweep ends with its step when it is asked to stop, and the next one goes on", async () => {
  await using world = await GroupWorld.create();
  const { databases } = world.hall;
  const blobs = await GroupBlobs.of(world, await world.found());
  for (let count = 0; count < 9; count += 1) await blobs.begin(bytes(16), 5);
  // Its own sweep, which began with it, would be the one that is seen waiting.
  await world.hall.app.close();
  const left = async (): Promise<number> => (await databases.groups.selectFrom("blob").select("id").execute()).length;
  const later = (): number => testNow + limits.blobUnfinishedDays * 86_400_000;
  const stopped = await databases.groups.transaction().execute(async (trx) => {
    await sql`lock table blob in share mode`.execute(trx);
    const stop = startSweeping(databases, later, (error) => {
      throw error;
    });
    await untilWaiting(trx, 1);
    return { end: stop() };
  });
  await stopped.end;
  expect(await left()).toBe(5);
  await sweep(databases, later);
  expect(await left()).toBe(0);
});

import { expect, test } from "vitest";
import { HttpApi } from "../../client/src/core/api/http-api.ts";
import { HallError } from "../../client/src/core/problems.ts";
import { webHttp } from "../../client/src/platform/web/web-http.ts";
import { fromBase64Url } from "@unionhall/crypto";
import { CreateChallenge, GetVault } from "../../server/src/contract/index.ts";
import { LiveClient } from "../../server/src/groups/testing/live-client.ts";
import { createWorld, type Member } from "../world.ts";
import { junk } from "../world/own-program.ts";

const foreign = ["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1", "https://localhost"];

/** The session tokens that a device has used, as they went over the line. */
function sessionsOf({ between }: Member): readonly string[] {
  const used = between.sent.map(({ headers }) => headers["authorization"] ?? "");
  return [...new Set(used.filter((one) => one.startsWith("Bearer ")).map((one) => one.slice("Bearer ".length)))];
}

async function vaultWith(session: string, { origin }: Member): Promise<string> {
  const sessions = { session: async () => fromBase64Url(session), forget: () => {} };
  try {
    const { status } = await new HttpApi(origin, webHttp({ origin }), sessions).call(GetVault, {});
    return String(status);
  } catch (error) {
    if (error instanceof HallError) return error.problem;
    throw error;
  }
}

test("attack 36: a page of another origin opens no live connection and is answered nothing", async () => {
  await using world = await createWorld({ people: ["ana"] });
  const { ana } = world;
  const [session = ""] = sessionsOf(ana);
  const live = `${ana.origin.replace("http", "ws")}/api/live`;
  for (const origin of [...foreign, `${ana.origin}.evil.example`]) {
    await expect(LiveClient.connect(live, { origin })).rejects.toThrow("refused");
    for (const { method, path } of [CreateChallenge, GetVault]) {
      const headers = { origin, authorization: `Bearer ${session}` };
      const reply = await fetch(ana.origin + path, { method, headers });
      expect([origin, reply.status, await reply.json()]).toMatchObject([origin, 403, { code: "origin-refused" }]);
    }
  }
  // The hall's own pages and programs get in.
  (await LiveClient.connect(live, { origin: ana.origin })).close();
  (await LiveClient.connect(live)).close();
  expect(await vaultWith(session, ana)).toBe("200");
});

test("attack 36: a session is the hall's own, is never in a cookie, and is worth nothing from signing out on", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const [session = ""] = sessionsOf(ana);
  expect(await vaultWith(session, ana)).toBe("200");
  // Whoever makes one up, or plants one before somebody signs in, has nothing: signing in always gives another.
  const planted = Buffer.from(junk(32)).toString("base64url");
  const ownCookies: (string | null)[] = [];
  bongani.between.lies = {
    reply: (_, reply) => {
      ownCookies.push(reply.headers["set-cookie"] ?? null);
      return reply;
    },
  };
  expect(await vaultWith(planted, ana)).not.toBe("200");
  await bongani.reopen();
  await bongani.hall.settled();
  await bongani.hall.session.setSettings({ theme: "dark" });
  await world.settle();
  expect(await vaultWith(planted, ana)).not.toBe("200");
  expect(new Set(ownCookies)).toEqual(new Set([null]));
  expect(sessionsOf(bongani)).not.toContain(planted);

  // Signing out ends every session that the device opened, those of former runs of the program too.
  await ana.reopen();
  await ana.hall.session.setSettings({ theme: "dark" });
  const opened = sessionsOf(ana);
  expect(opened.length).toBeGreaterThanOrEqual(2);
  for (const one of opened) expect(await vaultWith(one, ana)).toBe("200");
  await ana.hall.session.signOut();
  for (const one of opened) expect(await vaultWith(one, ana)).not.toBe("200");
  expect(await vaultWith(sessionsOf(bongani).at(-1) ?? "", bongani)).toBe("200");
});

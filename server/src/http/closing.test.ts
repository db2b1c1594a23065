import { Agent, request } from "node:http";
import { expect, test } from "vitest";
import { createTestApp, type TestApp } from "../testing/test-app.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function listening({ app }: TestApp): Promise<number> {
  await app.listen({ port: 0, host: "127.0.0.1" });
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function askOver(agent: Agent, port: number, path: string): Promise<Answer> {
  return await new Promise((done, failed) => {
    const asked = request({ agent, host: "127.0.0.1", port, path }, (reply) => {
      let body = "";
      reply.setEncoding("utf8").on("data", (text: string) => (body += text));
      reply.on("end", () => done({ status: reply.statusCode ?? 0, body }));
    });
    asked.on("error", failed).end();
  });
}

test("a hall that stops finishes what was begun, and tells who comes new to come again", async () => {
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const closing = Promise.withResolvers<void>();
  await using hall = await createTestApp({
    extend: (app) => {
      app.get("/api/slow", async () => {
        begun.resolve();
        await finish.promise;
        return { finished: true };
      });
      // Runs after the hall's own: new work is refused from here on.
      app.addHook("preClose", async () => {
        closing.resolve();
        await finish.promise;
      });
    },
  });
  const port = await listening(hall);
  const [slow, kept] = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
  expect((await askOver(kept, port, "/healthz")).status).toBe(200);
  const answer = askOver(slow, port, "/api/slow");
  await begun.promise;
  const closed = hall.app.close();
  await closing.promise;
  const late = await askOver(kept, port, "/healthz");
  expect(late.status).toBe(503);
  expect(late.body).toContain("hall-closing");
  finish.resolve();
  expect(await answer).toEqual({ status: 200, body: '{"finished":true}' });
  await closed;
  await expect(askOver(new Agent(), port, "/healthz")).rejects.toThrow("ECONNREFUSED");
  for (const agent of [slow, kept]) agent.destroy();
});

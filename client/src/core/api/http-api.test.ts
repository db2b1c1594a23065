import { expect, test } from "vitest";
import {
  CreateTickets,
  CreateChallenge,
  FindBoxes,
  GetHall,
  PutChunk,
  ReadGroup,
  ReadTopics,
  type Endpoint,
} from "@unionhall/server/contract";
import * as contract from "@unionhall/server/contract";
import { Unreachable, type Http, type HttpRequest, type HttpResponse } from "../platform.ts";
import type { Api } from "./api.ts";
import { HttpApi, type SessionSource } from "./http-api.ts";

const origin = "https://hall.example";
const groupId = "g".repeat(43);
const token = new Uint8Array([1, 2, 3]);
const session = new Uint8Array(32).fill(9);

function json(status: number, body: unknown): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

function problem(code: string, status = 409): HttpResponse {
  const body = { type: "about:blank", title: "no", status, code };
  return { ...json(status, body), headers: { "content-type": "application/problem+json" } };
}

interface Asked {
  readonly api: Api;
  readonly requests: HttpRequest[];
  readonly forgotten: Uint8Array[];
}

/** An API whose server answers with these replies, in their order. */
function answering(...replies: readonly (HttpResponse | Error)[]): Asked {
  const requests: HttpRequest[] = [];
  const forgotten: Uint8Array[] = [];
  const http: Http = {
    send: async (request) => {
      const reply = replies[Math.min(requests.length, replies.length - 1)];
      requests.push(request);
      if (reply === undefined || reply instanceof Error) throw reply ?? new Unreachable("no reply");
      return reply;
    },
  };
  const sessions: SessionSource = { session: async () => session, forget: (one) => void forgotten.push(one) };
  return { api: new HttpApi(origin, http, sessions), requests, forgotten };
}

test("a request is what the endpoint says: method, address, parameters, query, body and token", async () => {
  const { api, requests } = answering({
    status: 200,
    headers: { "content-type": "application/cbor" },
    body: Uint8Array.of(0x80),
  });
  const reply = await api.call(ReadTopics, { params: { groupId }, query: { limit: 5, newest: 2 }, token });
  expect(reply.body).toEqual(Uint8Array.of(0x80));
  expect(requests[0]).toMatchObject({
    method: "GET",
    url: `${origin}/api/groups/${groupId}/topics?limit=5&newest=2`,
    body: null,
  });
  expect(requests[0]?.headers["authorization"]).toBe("Group AQID");
});

test("bytes go as what the endpoint says they are", async () => {
  const bytes = Uint8Array.of(1, 2);
  const { api, requests } = answering({ status: 204, headers: {}, body: new Uint8Array() });
  await api.call(PutChunk, { params: { groupId, blobId: "b", place: 0 }, body: bytes, token });
  await expect(api.call(FindBoxes, { params: { groupId }, body: bytes })).rejects.toThrow("204");
  expect(requests.map(({ body, headers }) => [body, headers["content-type"]])).toEqual([
    [bytes, "application/octet-stream"],
    [bytes, "application/cbor"],
  ]);
});

test("a session goes with account requests only, and never with one about groups, mailboxes or the hall", async () => {
  const endpoints = Object.values(contract).filter(
    (one): one is typeof GetHall => typeof one === "object" && one !== null && "plane" in one && "method" in one,
  );
  expect(endpoints.length).toBeGreaterThan(25);
  for (const endpoint of endpoints as readonly Endpoint[]) {
    const { api, requests } = answering(problem("internal-error", 500));
    const params = { groupId, mailboxId: "m", topic: "t", target: "t", recordId: "r", blobId: "b", seq: 1, place: 0 };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one call for all endpoints
    const call = { params, query: {}, body: {}, token } as never;
    await expect(api.call(endpoint, call)).rejects.toMatchObject({ problem: "server-busy" });
    const sent = requests.some(({ headers }) => headers["authorization"]?.startsWith("Bearer "));
    expect([endpoint.path, sent]).toEqual([
      endpoint.path,
      endpoint.plane === "account" && endpoint.authorization === "session",
    ]);
  }
});

test("a session that the server does not know any more is made anew, once", async () => {
  const first = answering(problem("session-ended", 401), json(201, { tickets: [] }));
  const tickets = { body: { purpose: "group", count: 1 } } as const;
  expect(await first.api.call(CreateTickets, tickets)).toMatchObject({ kind: "ok", body: { tickets: [] } });
  expect(first.forgotten).toEqual([session]);
  const stubborn = answering(problem("session-ended", 401));
  await expect(stubborn.api.call(CreateTickets, tickets)).rejects.toMatchObject({ problem: "server-refused" });
  expect(stubborn.requests).toHaveLength(2);
});

test("expected problems are answers, others are thrown in core's words", async () => {
  const tickets = { body: { purpose: "group", count: 1 } } as const;
  expect(await answering(problem("quota-spent", 429)).api.call(CreateTickets, tickets, ["quota-spent"])).toMatchObject({
    kind: "problem",
    code: "quota-spent",
  });
  const thrown = [
    ["quota-spent", "quota-spent"],
    ["too-many-requests", "server-busy"],
    ["hall-closing", "server-busy"],
    ["unknown-group", "group-unknown"],
    ["malformed-request", "server-refused"],
    ["internal-error", "server-busy"],
  ] as const;
  for (const [code, said] of thrown)
    await expect(answering(problem(code)).api.call(CreateTickets, tickets)).rejects.toMatchObject({ problem: said });
  await expect(answering(new Unreachable("x")).api.call(GetHall, {})).rejects.toMatchObject({ problem: "offline" });
});

test("a reply that is none of the contract's is a lie: other status, other form, no problem where one should be", async () => {
  const lies: readonly HttpResponse[] = [
    json(202, { challenge: "A".repeat(43) }),
    json(201, { challenge: "too short" }),
    json(201, []),
    { status: 201, headers: {}, body: Uint8Array.of(1, 2) },
    { status: 201, headers: { "content-type": "application/json" }, body: Uint8Array.of(0xff) },
    { status: 502, headers: { "content-type": "text/html" }, body: new TextEncoder().encode("<html>bad gateway") },
    problem("not-a-code-of-the-contract"),
  ];
  for (const lie of lies)
    await expect(answering(lie).api.call(CreateChallenge, {})).rejects.toMatchObject({ problem: "server-lies" });
  const whole = json(201, { challenge: "A".repeat(43), more: "of a newer hall" });
  expect(await answering(whole).api.call(CreateChallenge, {})).toMatchObject({ kind: "ok" });
  const asJson = answering(json(200, {})).api.call(FindBoxes, { params: { groupId }, body: token });
  await expect(asJson).rejects.toMatchObject({ problem: "server-lies" });
  await expect(answering(json(200, {})).api.call(ReadGroup, { params: { groupId }, token })).rejects.toMatchObject({
    problem: "server-lies",
  });
});

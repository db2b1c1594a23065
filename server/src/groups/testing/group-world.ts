import { anyData, decodeWithin, encodeWithin } from "@unionhall/crypto/verify";
import type { Static, TSchema } from "typebox";
import { fromBase64url, toBase64url } from "../../contract/base64url.ts";
import { BoxQuery, FoundBoxes } from "../../contract/boxes.ts";
import { NewGroup } from "../../contract/groups.ts";
import { livePath } from "../../contract/live.ts";
import { LogPage } from "../../contract/log.ts";
import { fromWire, toWire } from "../../contract/wire.ts";
import { createTestApp, type TestApp, type TestAppOptions, testNow } from "../../testing/test-app.ts";
import { keepTickets } from "../../tickets/ticket-store.ts";
import { LiveClient } from "./live-client.ts";
import { ManualTimers } from "./manual-timers.ts";
import { box, bytes, TestGroup, TestSteward } from "./test-group.ts";

export interface Answer {
  readonly status: number;
  /** The problem's code. */
  readonly code: string | undefined;
  readonly json: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
}

/** A group that was founded, with its first steward. */
export interface Founded {
  readonly group: TestGroup;
  readonly steward: TestSteward;
}

const maxBytes = 64 * 1024 * 1024;
const maxItems = 1_000_000;
const day = Math.floor(testNow / 86_400_000);

export function cbor<const S extends TSchema>(schema: S, value: Static<S>): Uint8Array {
  return encodeWithin(anyData(), toWire(schema, value), maxBytes, maxItems);
}

export function uncbor<const S extends TSchema>(schema: S, encoded: Uint8Array): Static<S> {
  return fromWire(schema, decodeWithin(anyData(), encoded, maxBytes, maxItems));
}

/** A whole server that listens, on fresh databases, with a clock and timers that the test moves. */
export class GroupWorld implements AsyncDisposable {
  readonly hall: TestApp;
  readonly timers: ManualTimers;
  readonly #url: string;

  private constructor(hall: TestApp, timers: ManualTimers, url: string) {
    this.hall = hall;
    this.timers = timers;
    this.#url = url;
  }

  static async create(changes: TestAppOptions = {}): Promise<GroupWorld> {
    const timers = new ManualTimers();
    const hall = await createTestApp({ timers, ...changes });
    await hall.app.listen({ port: 0, host: "127.0.0.1" });
    const address = hall.app.server.address();
    if (address === null || typeof address === "string") throw new Error("the hall does not listen");
    return new GroupWorld(hall, timers, `127.0.0.1:${address.port}`);
  }

  get origin(): string {
    return this.hall.origin;
  }

  get port(): number {
    return Number(this.#url.split(":")[1]);
  }

  /** Moves the server's clock and runs what is due. */
  advance(milliseconds: number): void {
    this.hall.advance(milliseconds);
    this.timers.advance(milliseconds);
  }

  async ask(
    method: "GET" | "POST" | "PUT",
    path: string,
    {
      token,
      body,
      json,
      headers = {},
    }: {
      readonly token?: Uint8Array;
      readonly body?: Uint8Array;
      readonly json?: object;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Answer> {
    const reply = await this.hall.app.inject({
      method,
      url: `/api${path}`,
      headers: {
        ...(token === undefined ? {} : { authorization: `Group ${toBase64url(token)}` }),
        ...(body === undefined ? {} : { "content-type": "application/cbor" }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: Buffer.from(body) }),
      ...(json === undefined ? {} : { payload: json }),
    });
    const isJson = String(reply.headers["content-type"]).includes("json");
    const parsed: Readonly<Record<string, unknown>> = isJson ? (reply.json() ?? {}) : {};
    return {
      status: reply.statusCode,
      code: typeof parsed["code"] === "string" ? parsed["code"] : undefined,
      json: parsed,
      bytes: new Uint8Array(reply.rawPayload),
    };
  }

  path(group: TestGroup, rest = ""): string {
    return `/groups/${toBase64url(group.id)}${rest}`;
  }

  async ticket(): Promise<Uint8Array> {
    const ticket = bytes(32);
    await keepTickets(this.hall.databases.groups, "group", [ticket], day);
    return ticket;
  }

  /** Founds a group with one steward, era 0 and one box. */
  async found(): Promise<Founded> {
    const group = new TestGroup(this.origin);
    const steward = new TestSteward(this.origin);
    const chain = group.entry({ index: 0, era: 0, starts: 0, boxes: [box()], steward, stewards: [steward] });
    const answer = await this.create(group, { ticket: await this.ticket(), chain });
    if (answer.status !== 201) throw new Error(`founding was refused: ${answer.code ?? answer.status}`);
    return { group, steward };
  }

  async create(group: TestGroup, body: NewGroup): Promise<Answer> {
    return this.ask("PUT", this.path(group), { body: cbor(NewGroup, body) });
  }

  async challenge(): Promise<Uint8Array> {
    const { json } = await this.ask("POST", "/challenges");
    return fromBase64url(String(json["challenge"])) ?? bytes(0);
  }

  async askToken(group: TestGroup, answer: Uint8Array): Promise<Answer> {
    return this.ask("POST", this.path(group, "/tokens"), { json: { answer: toBase64url(answer) } });
  }

  async token(group: TestGroup, era: number): Promise<Uint8Array> {
    const { json, code } = await this.askToken(group, group.answer(era, await this.challenge()));
    if (code !== undefined) throw new Error(`no token: ${code}`);
    return fromBase64url(String(json["token"])) ?? bytes(0);
  }

  async page(token: Uint8Array, path: string): Promise<LogPage> {
    const answer = await this.ask("GET", path, { token });
    if (answer.status !== 200) throw new Error(`no page: ${answer.code ?? answer.status}`);
    return uncbor(LogPage, answer.bytes);
  }

  async boxes(group: TestGroup, labels: readonly Uint8Array[], hashesOnly = false): Promise<FoundBoxes> {
    const body = cbor(BoxQuery, { labels: [...labels], hashesOnly });
    const answer = await this.ask("POST", this.path(group, "/boxes/find"), { body });
    if (answer.status !== 200) throw new Error(`no boxes: ${answer.code ?? answer.status}`);
    return uncbor(FoundBoxes, answer.bytes);
  }

  async connect(headers: Readonly<Record<string, string>> = {}): Promise<LiveClient> {
    return LiveClient.connect(`ws://${this.#url}${livePath}`, headers);
  }

  /** A connection that has subscribed with a token of this era. */
  async subscriber(group: TestGroup, era: number, after = 0): Promise<LiveClient> {
    const client = await this.connect();
    await client.expect("subscribed", {
      kind: "subscribe",
      group: group.id,
      token: await this.token(group, era),
      after,
    });
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hall[Symbol.asyncDispose]();
  }
}

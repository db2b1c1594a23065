import { sql } from "kysely";
import { toBase64url } from "../../contract/base64url.ts";
import { limits } from "../../contract/limits.ts";
import type { GroupReader } from "../../groups/group-store.ts";
import type { Founded, GroupWorld } from "../../groups/testing/group-world.ts";
import { bytes } from "../../groups/testing/test-group.ts";

export interface BlobReply {
  readonly status: number;
  /** The problem's code. */
  readonly code: string | undefined;
  readonly json: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface Asked {
  readonly body?: object;
  readonly chunk?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The blobs of one group, asked with one token. */
export class GroupBlobs {
  readonly world: GroupWorld;
  readonly #path: string;
  readonly #token: Uint8Array;

  private constructor(world: GroupWorld, path: string, token: Uint8Array) {
    this.world = world;
    this.#path = path;
    this.#token = token;
  }

  static async of(world: GroupWorld, { group }: Pick<Founded, "group">, era = 0): Promise<GroupBlobs> {
    return new GroupBlobs(world, `/api${world.path(group, "/blobs")}`, await world.token(group, era));
  }

  path(id: Uint8Array, place?: number): string {
    return `${this.#path}/${toBase64url(id)}${place === undefined ? "" : `/chunks/${place}`}`;
  }

  get authorization(): string {
    return `Group ${toBase64url(this.#token)}`;
  }

  async begin(id: Uint8Array, size: number, expiryDay: number | null = null): Promise<BlobReply> {
    return this.ask("PUT", this.path(id), { body: { bytes: size, expiryDay } });
  }

  async state(id: Uint8Array): Promise<BlobReply> {
    return this.ask("GET", this.path(id));
  }

  async put(id: Uint8Array, place: number, chunk: Uint8Array): Promise<BlobReply> {
    return this.ask("PUT", this.path(id, place), { chunk });
  }

  async read(id: Uint8Array, place: number): Promise<BlobReply> {
    return this.ask("GET", this.path(id, place));
  }

  async list(after?: string): Promise<BlobReply> {
    return this.ask("GET", after === undefined ? this.#path : `${this.#path}?after=${after}`);
  }

  /** A whole blob of this content under an id of its own. */
  async keep(content: Uint8Array, expiryDay: number | null = null): Promise<Uint8Array> {
    const id = bytes(16);
    const begun = await this.begin(id, content.length, expiryDay);
    if (begun.status !== 200) throw new Error(`not begun: ${begun.code ?? begun.status}`);
    for (const [place, chunk] of chunksIn(content).entries()) {
      const put = await this.put(id, place, chunk);
      if (put.status !== 204) throw new Error(`chunk ${place} not taken: ${put.code ?? put.status}`);
    }
    return id;
  }

  async ask(method: "GET" | "PUT", url: string, { body, chunk, headers = {} }: Asked = {}): Promise<BlobReply> {
    const reply = await this.world.hall.app.inject({
      method,
      url,
      headers: {
        authorization: this.authorization,
        ...(chunk === undefined ? {} : { "content-type": "application/octet-stream" }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
      ...(chunk === undefined ? {} : { payload: Buffer.from(chunk) }),
    });
    const isJson = String(reply.headers["content-type"]).includes("json");
    const json: Readonly<Record<string, unknown>> = isJson ? (reply.json() ?? {}) : {};
    return {
      status: reply.statusCode,
      code: typeof json["code"] === "string" ? json["code"] : undefined,
      json,
      bytes: new Uint8Array(reply.rawPayload),
      headers: reply.headers,
    };
  }
}

export function chunksIn(content: Uint8Array): readonly Uint8Array[] {
  const length = limits.blobChunkBytes;
  return Array.from({ length: Math.ceil(content.length / length) }, (_, place) =>
    content.subarray(place * length, (place + 1) * length),
  );
}

/** Resolves when so many connections of this database wait for a lock that another holds. */
export async function untilWaiting(db: GroupReader, connections: number): Promise<void> {
  const waiting = sql<{
    count: number;
  }>`select count(distinct pid) as count from pg_locks join pg_stat_activity using (pid)
    where datname = current_database() and not granted`;
  while ((await waiting.execute(db)).rows[0]?.count !== connections) continue;
}

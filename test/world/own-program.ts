import { randomBytes } from "node:crypto";
import { eraKeysOf, type EraKeys } from "@unionhall/crypto";
import { HttpApi } from "../../client/src/core/api/http-api.ts";
import { webHttp } from "../../client/src/platform/web/web-http.ts";
import { GroupServer } from "../../client/src/core/sync/group-server.ts";
import { BeginBlob, limits, PutChunk, type ServerFrame, toBase64url } from "../../server/src/contract/index.ts";
import { LiveClient } from "../../server/src/groups/testing/live-client.ts";
import type { Member } from "./member.ts";

export const junk = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** What is enough to speak for a group. */
export interface KeysHeld {
  readonly server: GroupServer;
  readonly keys: EraKeys;
  readonly origin: string;
}

export async function keysHeldBy(member: Member, group: string): Promise<KeysHeld> {
  const { groupId, newest } = await member.group(group);
  const { origin } = member;
  // Its own line: the one of the member's own program ends when that is closed.
  const api = new HttpApi(origin, webHttp({ origin }), null);
  if (newest === null) throw new TypeError(`${member.name} is in`);
  return { server: new GroupServer(groupId, api, origin), keys: eraKeysOf(newest.era, newest.eraKey), origin };
}

/** What a member with a program of its own can do with the keys it holds: everything the server allows. */
export class OwnProgram implements Disposable {
  readonly era: number;
  readonly server: GroupServer;
  readonly token: Uint8Array;
  readonly socket: LiveClient;
  readonly #origin: string;

  private constructor(origin: string, era: number, server: GroupServer, token: Uint8Array, socket: LiveClient) {
    this.#origin = origin;
    this.era = era;
    this.server = server;
    this.token = token;
    this.socket = socket;
  }

  /** Subscribed with a new token of the newest era that the member holds. */
  static async of(member: Member, group: string): Promise<OwnProgram> {
    return OwnProgram.with(await keysHeldBy(member, group));
  }

  /** The same with keys that were taken along before. */
  static async with({ server, keys, origin }: KeysHeld): Promise<OwnProgram> {
    const token = await server.token(keys, Date.now());
    if (token === null) throw new TypeError("whoever has the era's key has its pass");
    const socket = await LiveClient.connect(`${origin.replace("http", "ws")}/api/live`);
    const { groupId } = server;
    await socket.expect("subscribed", { kind: "subscribe", group: groupId, token: token.token, after: 0 });
    return new OwnProgram(origin, keys.number, server, token.token, socket);
  }

  /** An entry that opens for nobody, at this index. */
  async appendJunk(index: number): Promise<ServerFrame> {
    const request = { index, era: this.era, starts: null, sealed: junk(300), boxes: [], link: null, command: null };
    return this.socket.ask({ kind: "chain", group: this.server.groupId, chain: request });
  }

  /** Whether the server had room for junk under a label of the newest era. */
  async addJunkBox(label: Uint8Array): Promise<boolean> {
    const box = { label, box: junk(1_256), command: null };
    return (await this.server.addBoxes(this.token, { era: this.era, boxes: [box] }))?.added === 1;
  }

  /** A whole blob of this many bytes. */
  async keepBlob(length: number): Promise<void> {
    const api = new HttpApi(this.#origin, webHttp({ origin: this.#origin }), null);
    const { token } = this;
    const params = { groupId: toBase64url(this.server.groupId), blobId: toBase64url(junk(16)) };
    await api.call(BeginBlob, { params, body: { bytes: length, expiryDay: null }, token });
    for (let place = 0; place * limits.blobChunkBytes < length; place++) {
      const body = junk(Math.min(limits.blobChunkBytes, length - place * limits.blobChunkBytes));
      await api.call(PutChunk, { params: { ...params, place }, body, token });
    }
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}

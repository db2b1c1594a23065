import { randomBytes } from "node:crypto";
import { eraKeysOf } from "@unionhall/crypto";
import { GroupServer } from "../../client/src/core/sync/group-server.ts";
import type { ClientFrame, ServerFrame } from "../../server/src/contract/index.ts";
import { LiveClient } from "../../server/src/groups/testing/live-client.ts";
import type { Member } from "./member.ts";

export type ChainRequest = Extract<ClientFrame, { readonly kind: "chain" }>["chain"];

export const junk = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** What a member with a program of its own can do with the keys it holds: everything the server allows. */
export class OwnProgram implements Disposable {
  readonly era: number;
  readonly server: GroupServer;
  readonly token: Uint8Array;
  readonly socket: LiveClient;

  private constructor(era: number, server: GroupServer, token: Uint8Array, socket: LiveClient) {
    this.era = era;
    this.server = server;
    this.token = token;
    this.socket = socket;
  }

  /** Subscribed with a new token of the newest era that the member holds. */
  static async of(member: Member, group: string): Promise<OwnProgram> {
    const { groupId, newest } = await member.group(group);
    const { api, clock } = await member.parts();
    if (newest === null) throw new TypeError(`${member.name} is in`);
    const server = new GroupServer(groupId, api, member.origin);
    const token = await server.token(eraKeysOf(newest.era, newest.eraKey), clock.now());
    if (token === null) throw new TypeError(`${member.name} has the pass`);
    const socket = await LiveClient.connect(`${member.origin.replace("http", "ws")}/api/live`);
    await socket.expect("subscribed", { kind: "subscribe", group: groupId, token: token.token, after: 0 });
    return new OwnProgram(newest.era, server, token.token, socket);
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

  [Symbol.dispose](): void {
    this.socket.close();
  }
}

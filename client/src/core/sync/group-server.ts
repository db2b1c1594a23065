import { signPassChallenge, toBase64Url, fromBase64Url, type EraKeys } from "@unionhall/crypto";
import {
  AddBoxes,
  AddLink,
  BoxQuery,
  CreateChallenge,
  CreateGroupToken,
  FindBoxes,
  FoundBoxes,
  groupLimits,
  LinkPage,
  LogPage,
  NewBoxes,
  NewLink,
  ReadEras,
  ReadGroup,
  ReadLinks,
  ReadLog,
  ReadRecord,
  SendCommand,
} from "@unionhall/server/contract";
import type { Api, ValueOf } from "../api/api.ts";
import { decodeWire, encodeWire } from "../api/wire-bytes.ts";
import { HallError } from "../problems.ts";

export type ServerLogPage = ValueOf<typeof LogPage>;
export type ServerLogItem = ServerLogPage["items"][number];
export type ServerLinks = ValueOf<typeof LinkPage>;
export type ServerBox = ValueOf<typeof FoundBoxes>[number];
export interface ServerEras {
  readonly newest: number;
  readonly kept: readonly { readonly era: number; readonly labelKey: Uint8Array }[];
}
export interface ServerGroup {
  readonly newestSeq: number;
  readonly headIndex: number;
  readonly era: number;
  readonly pass: Uint8Array;
  readonly labelKey: Uint8Array;
  readonly stewards: readonly Uint8Array[];
}

/** A group token, and until when it is worth trying (milliseconds since 1970). */
export interface GroupToken {
  readonly token: Uint8Array;
  readonly era: number;
  readonly until: number;
}

const ended = ["token-ended", "era-ended", "unknown-era"] as const;

/** The smallest page of the log: half a mebibyte at most. */
const fewestItems = 8;

/** What one group's part of the server can be asked, in bytes (protocol section 4). Nothing here carries a session. */
export class GroupServer {
  readonly groupId: Uint8Array;
  readonly #api: Api;
  readonly #origin: string;
  readonly #params: { readonly groupId: string };

  #pageItems: number = groupLimits.itemsPerPage;

  constructor(groupId: Uint8Array, api: Api, origin: string) {
    this.groupId = groupId;
    this.#api = api;
    this.#origin = origin;
    this.#params = { groupId: toBase64Url(groupId) };
  }

  /** @throws HallError `group-unknown` when there is no such group or it was deleted */
  async eras(): Promise<ServerEras> {
    const reply = await this.#api.call(ReadEras, { params: this.#params }, ["unknown-group", "group-deleted"]);
    if (reply.kind === "problem") throw gone();
    const { newest, kept } = reply.body;
    return { newest, kept: kept.map(({ era, labelKey }) => ({ era, labelKey: fromBase64Url(labelKey) })) };
  }

  /** A token by the pass of an era; null when the server knows another pass, or none, for it. */
  async token(keys: EraKeys, now: number): Promise<GroupToken | null> {
    const challenge = await this.#api.call(CreateChallenge, {});
    const nonce = fromBase64Url(challenge.body.challenge);
    const answer = signPassChallenge(
      { origin: this.#origin, groupId: this.groupId, era: keys.number, nonce },
      keys.pass,
    );
    const call = { params: this.#params, body: { answer: toBase64Url(answer) } };
    const reply = await this.#api.call(CreateGroupToken, call, [
      "pass-refused",
      "unknown-era",
      "unknown-group",
      "group-deleted",
    ]);
    if (reply.kind === "problem") {
      if (reply.code === "pass-refused" || reply.code === "unknown-era") return null;
      throw gone();
    }
    const { token, expiresInSeconds } = reply.body;
    return { token: fromBase64Url(token), era: keys.number, until: now + Math.max(0, expiresInSeconds - 30) * 1_000 };
  }

  /** Null when the token has ended. After a page that did not come, the next is a smaller one: a thin network may bring that. */
  async log(token: Uint8Array, after: number, only?: "chain"): Promise<ServerLogPage | null> {
    const limit = this.#pageItems;
    const query = { after, limit, ...(only === undefined ? {} : { only }) };
    this.#pageItems = Math.max(fewestItems, Math.floor(limit / 4));
    const reply = await this.#api.call(ReadLog, { params: this.#params, query, token }, ["token-ended"]);
    this.#pageItems = Math.min(groupLimits.itemsPerPage, limit * 2);
    return reply.kind === "problem" ? null : decodeWire(LogPage, reply.body);
  }

  async record(token: Uint8Array, recordId: Uint8Array): Promise<ServerLogItem | null> {
    const params = { ...this.#params, recordId: toBase64Url(recordId) };
    const reply = await this.#api.call(ReadRecord, { params, token }, ["token-ended", "unknown-record"]);
    return reply.kind === "problem" ? null : (decodeWire(LogPage, reply.body).items[0] ?? null);
  }

  /** The links of eras `from` to `to`, both included; null when the token has ended. */
  async links(token: Uint8Array, from: number, to: number): Promise<ServerLinks | null> {
    const reply = await this.#api.call(ReadLinks, { params: this.#params, query: { from, to }, token }, [
      "token-ended",
      "era-ended",
    ]);
    return reply.kind === "problem" ? null : decodeWire(LinkPage, reply.body);
  }

  /** Boxes, or with `hashesOnly` their hashes, under up to 256 labels. */
  async boxes(labels: readonly Uint8Array[], hashesOnly = false): Promise<readonly ServerBox[]> {
    const body = encodeWire(BoxQuery, { labels: [...labels], hashesOnly });
    const reply = await this.#api.call(FindBoxes, { params: this.#params, body });
    return decodeWire(FoundBoxes, reply.body);
  }

  /** What the server holds of the newest state; null when the token is not of the newest era. */
  async group(token: Uint8Array): Promise<ServerGroup | null> {
    const reply = await this.#api.call(ReadGroup, { params: this.#params, token }, ["token-ended", "era-ended"]);
    if (reply.kind === "problem") return null;
    const { pass, labelKey, stewards } = reply.body;
    return {
      ...reply.body,
      pass: fromBase64Url(pass),
      labelKey: fromBase64Url(labelKey),
      stewards: stewards.map((key) => fromBase64Url(key)),
    };
  }

  /** How many of the boxes were new, and how many found no room; null when the era or the token has ended. */
  async addBoxes(
    token: Uint8Array,
    boxes: ValueOf<typeof NewBoxes>,
  ): Promise<{ readonly added: number; readonly noRoom: number } | null> {
    const call = { params: this.#params, body: encodeWire(NewBoxes, boxes), token };
    const reply = await this.#api.call(AddBoxes, call, ended);
    return reply.kind === "problem" ? null : reply.body;
  }

  /** One box with a steward's command. */
  async addCommandedBox(
    token: Uint8Array,
    era: number,
    box: ValueOf<typeof NewBoxes>["boxes"][number],
  ): Promise<"added" | "no-room" | "ended" | "counter-used"> {
    const call = { params: this.#params, body: encodeWire(NewBoxes, { era, boxes: [box] }), token };
    const reply = await this.#api.call(AddBoxes, call, [...ended, "steward-counter-used"]);
    if (reply.kind === "ok") return reply.body.noRoom > 0 ? "no-room" : "added";
    return reply.code === "steward-counter-used" ? "counter-used" : "ended";
  }

  async addLink(
    token: Uint8Array,
    link: ValueOf<typeof NewLink>,
  ): Promise<"added" | "no-room" | "ended" | "counter-used"> {
    const call = { params: this.#params, body: encodeWire(NewLink, link), token };
    const reply = await this.#api.call(AddLink, call, [...ended, "no-room", "steward-counter-used"]);
    if (reply.kind === "ok") return "added";
    if (reply.code === "steward-counter-used") return "counter-used";
    return reply.code === "no-room" ? "no-room" : "ended";
  }

  /** Sends a steward's command; `refused` where the key is not on the server's list, or a cut would take what is younger. */
  async command(command: Uint8Array): Promise<"done" | "counter-used" | "refused"> {
    const reply = await this.#api.call(SendCommand, { params: this.#params, body: command }, [
      "steward-counter-used",
      "steward-refused",
      "cut-refused",
    ]);
    if (reply.kind === "ok") return "done";
    return reply.code === "steward-counter-used" ? "counter-used" : "refused";
  }
}

function gone(): HallError {
  return new HallError("group-unknown", "there is no such group in this hall");
}

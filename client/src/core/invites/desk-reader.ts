import {
  accountOf,
  equalBytes,
  isIn,
  joinCheckInput,
  openRequest,
  statementForGroups,
  statementsOf,
  toHex,
  verifyStatement,
  type AccountState,
  type DeskKeys,
  type GroupInvite,
  type OpenedRequest,
} from "@unionhall/crypto";
import { limits } from "@unionhall/server/contract";
import type { EngineParts } from "../engine.ts";
import type { LoadedGroup } from "../sync/loaded-group.ts";
import { DeskServer, type DeskItem } from "./desk-server.ts";
import { storedDesks, storedRequests, type StoredDesk, type StoredRequest } from "./invite-store.ts";

export type DeskParts = Pick<EngineParts, "origin" | "api" | "clock" | "store" | "live">;

/** A desk that cannot be asked for more pages than this holds more than its limit: the server makes them up. */
const mostPages = 2 + (2 * limits.mailboxItems) / 100;

export const newStoredDesk: StoredDesk = { gone: false, cursor: 0, handedOn: null };

/**
 * One invite's desk, read with its keys (protocol section 7): requests are opened, checked and kept, junk is thrown out, and what another
 * facilitator has dealt with goes here, too.
 */
export class DeskReader {
  readonly #parts: DeskParts;
  readonly #group: LoadedGroup;
  readonly keys: DeskKeys;
  readonly invite: GroupInvite;
  readonly server: DeskServer;
  /** The first reading looks at every item: what is kept here and not there any more has been dealt with. */
  #readWhole = false;

  constructor(parts: DeskParts, group: LoadedGroup, invite: GroupInvite, keys: DeskKeys) {
    this.#parts = parts;
    this.#group = group;
    this.keys = keys;
    this.invite = invite;
    this.server = new DeskServer(invite.desk.mailboxId, parts.api, parts.origin);
  }

  get inviteId(): string {
    return toHex(this.invite.id);
  }

  /** A fresh right to read; 32 bytes that are none where the desk is gone. For the live connection, which serves others, too. */
  async watchToken(): Promise<Uint8Array> {
    const token = await this.server.token(this.keys.readKey, this.#parts.clock.now());
    return token?.token ?? new Uint8Array(32);
  }

  /** Tells how often items come, and that the watching ended. Returns the way to stop. */
  watch(on: { readonly mail: () => void; readonly ended: () => void }): () => void {
    const token = (): Promise<Uint8Array> => this.watchToken();
    return this.#parts.live.watch(this.invite.desk.mailboxId, { token, ...on });
  }

  /**
   * Reads what came. Says whether anything changed here.
   *
   * @throws HallError `offline`, `server-busy`, `server-lies`
   */
  async read(): Promise<"changed" | "same" | "gone"> {
    const token = await this.server.token(this.keys.readKey, this.#parts.clock.now());
    if (token === null) return "gone";
    const whole = !this.#readWhole;
    const desk = (await this.#desks().get(this.inviteId)) ?? newStoredDesk;
    const seen = new Set<number>();
    let changed = false;
    let after = whole ? 0 : desk.cursor;
    for (let page = 0; page < mostPages; page++) {
      const found = await this.server.items(token.token, after);
      if (found === null) return "gone";
      const { kept, junk } = await this.#take(found.items);
      changed ||= kept;
      for (const { seq } of found.items) seen.add(seq);
      for (const seq of junk) await this.server.takeOut(token.token, seq);
      after = found.items.at(-1)?.seq ?? after;
      if (!found.more || found.items.length === 0) break;
    }
    if (whole) changed = (await this.#dropMissing(seen)) || changed;
    this.#readWhole = true;
    return changed ? "changed" : "same";
  }

  /** Takes a request's item out of the desk. */
  async takeOut(seq: number): Promise<void> {
    const token = await this.server.token(this.keys.readKey, this.#parts.clock.now());
    if (token !== null) await this.server.takeOut(token.token, seq);
  }

  /** Ends the desk on the server. */
  async close(): Promise<void> {
    const token = await this.server.token(this.keys.readKey, this.#parts.clock.now());
    if (token !== null) await this.server.close(token.token);
  }

  /** Opens and keeps items; answers which are not to lie there any longer. */
  async #take(items: readonly DeskItem[]): Promise<{ readonly kept: boolean; readonly junk: readonly number[] }> {
    const place = { groupId: this.#group.groupId, inviteId: this.invite.id };
    const opened = items.map(({ seq, sealed }) => ({
      seq,
      found: openRequest(sealed, this.keys.boxKey, place, this.invite.requestKey),
    }));
    return this.#parts.store.transaction(async (tx) => {
      const map = tx.map(storedRequests, this.#group.groupId);
      const desks = tx.map(storedDesks, this.#group.groupId);
      const junk: number[] = [];
      let kept = false;
      for (const { seq, found } of opened) {
        const request = this.#requestOf(seq, found);
        const known = request === null ? null : await map.get(toHex(request.requestId));
        if (request === null || known?.state === "refused") {
          if (found.kind === "opened" || found.reason !== "newer-version") junk.push(seq);
        } else if (known === null) {
          await map.put(toHex(request.requestId), request);
          kept = true;
        } else if (known.seq !== seq) await map.put(toHex(request.requestId), { ...known, seq });
      }
      const desk = (await desks.get(this.inviteId)) ?? newStoredDesk;
      const cursor = Math.max(desk.cursor, ...items.map(({ seq }) => seq));
      if (cursor !== desk.cursor) await desks.put(this.inviteId, { ...desk, cursor });
      return { kept, junk };
    });
  }

  /** Null for what is none, and for those of accounts that are in. */
  #requestOf(seq: number, found: OpenedRequest): StoredRequest | null {
    if (found.kind === "refused") return null;
    const { request, requestId, account } = found;
    const member = accountOf(this.#group.state, request.identityKey);
    if (member !== undefined && isIn(member)) return null;
    const { identityKey, stewardKey, name, union, note, inviteId } = request;
    return {
      requestId,
      inviteId,
      seq,
      identityKey,
      stewardKey,
      statements: statementsForGroups(account),
      name,
      union,
      note,
      checkInput: joinCheckInput(this.invite.desk, request, requestId),
      checkWords: null,
      receivedAt: Math.min(request.time, this.#parts.clock.now()),
      state: "open",
    };
  }

  /** What is kept here as open and does not lie there any more, another facilitator has dealt with. */
  async #dropMissing(seen: ReadonlySet<number>): Promise<boolean> {
    return this.#parts.store.transaction(async (tx) => {
      const map = tx.map(storedRequests, this.#group.groupId);
      let dropped = false;
      for (const { id, value } of await map.entries()) {
        const isOurs = equalBytes(value.inviteId, this.invite.id);
        if (!isOurs || value.state !== "open" || seen.has(value.seq)) continue;
        await map.delete(id);
        dropped = true;
      }
      return dropped;
    });
  }

  #desks() {
    return this.#parts.store.map(storedDesks, this.#group.groupId);
  }
}

/** What the account stated, in the form that an `admit` carries. */
function statementsForGroups(account: AccountState): StoredRequest["statements"] {
  return statementsOf(account).flatMap((wire) => {
    const verdict = verifyStatement(wire);
    return verdict.kind === "verified" ? [statementForGroups(verdict.statement)] : [];
  });
}

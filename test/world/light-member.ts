import { headOf, openRecord, sealRecord, toHex, type RecordKeys } from "@unionhall/crypto";
import type { ClientFrame } from "../../server/src/contract/index.ts";
import type { Founded, Member } from "./member.ts";
import { junk, keysHeldBy, type KeysHeld, OwnProgram } from "./own-program.ts";

type WireRecord = Extract<ClientFrame, { readonly kind: "append" }>["records"][number];

/**
 * A member with a small program: it holds what the member's own one held, writes posts one after the other as an outbox does, sends the same
 * bytes again until they are acknowledged, and reads the log from its beginning. It stores nothing and follows no chain.
 */
export class LightMember {
  readonly #held: KeysHeld;
  readonly #keys: RecordKeys;
  readonly #posts: readonly WireRecord[];
  /** Where the hall acknowledged each record, by its id in hex. */
  readonly seqOf = new Map<string, number>();
  #next = 0;

  private constructor(held: KeysHeld, keys: RecordKeys, posts: readonly WireRecord[]) {
    this.#held = held;
    this.#keys = keys;
    this.#posts = posts;
  }

  /** Takes over from the member's own program, which is closed. The group has had one era. */
  static async of(member: Member, group: Founded, texts: readonly string[]): Promise<LightMember> {
    const keysHeld = await keysHeldBy(member, group.groupId);
    const { held, state, groupId } = await member.group(group.groupId);
    const { account } = await member.parts();
    const head = headOf(state);
    if (head === null) throw new TypeError("a group has a first entry");
    const { number: era, chainKey, contentKey } = keysHeld.keys;
    const keys = { groupId, chainKey, contentKey, firstChainKey: chainKey };
    const topic = Uint8Array.from(Buffer.from(group.topicId, "hex"));
    const place = { topic, target: null, era, expires: null, author: account.identityKey, head };
    let { number, acknowledged: previous } = held.snapshot.stored.own;
    const posts = texts.map((text) => {
      const body = { kind: "post", text, reply: null, mentions: [], files: [] } as const;
      const own = { body, statement: null, number: (number += 1), previous, seen: [], vaultVersion: 1 };
      const draft = { ...place, ...own, time: Date.now(), salt: junk(16) };
      const sealed = sealRecord(draft, account.device.signing, keys);
      if (sealed.kind === "refused") throw new TypeError(`a post is refused: ${sealed.reason}`);
      previous = { number, hash: sealed.hash };
      return sealed.record;
    });
    await member.close();
    return new LightMember(keysHeld, keys, posts);
  }

  /** Sends what is not acknowledged, a post after the other, until all are or the connection ends. */
  async deliver(acknowledged: () => void = () => {}): Promise<"all" | "cut off"> {
    using program = await OwnProgram.with(this.#held);
    const { socket } = program;
    const over = socket.closed.then(() => null);
    for (; this.#next < this.#posts.length; this.#next++) {
      const records = this.#posts.slice(this.#next, this.#next + 1);
      const frame = { kind: "append", group: this.#keys.groupId, records } as const;
      const answer = await Promise.race([socket.ask(frame), over]);
      if (answer === null) return "cut off";
      if (answer.kind !== "appended") throw new TypeError(`the hall answered ${JSON.stringify(answer)}`);
      for (const [at, { recordId }] of records.entries()) this.seqOf.set(toHex(recordId), answer.seqs[at] ?? 0);
      acknowledged();
    }
    return "all";
  }

  /** As if the last acknowledgement had not come: the post before goes out once more, as it was. */
  forgetLastAnswer(): void {
    this.#next = Math.max(0, this.#next - 1);
  }

  /** The texts of the topic, in the log's order; everything in it must open. */
  async texts(): Promise<readonly string[]> {
    using program = await OwnProgram.with(this.#held);
    const texts: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page = await program.server.log(program.token, after);
      if (page === null) throw new TypeError("the token is good");
      for (const item of page.items) {
        if (item.kind !== "record" || item.topic === null) continue;
        const opened = openRecord(item, this.#keys);
        if (opened.kind !== "opened") throw new TypeError(`a record does not open: ${opened.kind}`);
        if (opened.body.kind === "post" || opened.body.kind === "topic") texts.push(opened.body.text);
      }
      after = page.next;
    }
    return texts;
  }
}

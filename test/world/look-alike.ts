import { randomBytes } from "node:crypto";
import {
  linkKeys,
  boxLabel,
  makeBox,
  parseLink,
  signingKeyPair,
  toBase64Url,
  type LabelledBox,
  type LinkKeys,
  type Preview,
} from "@unionhall/crypto";
import { encodeWire } from "../../client/src/core/api/wire-bytes.ts";
import type { HttpRequest, HttpResponse } from "../../client/src/core/platform.ts";
import { eraOperation, firstEra } from "../../crypto/src/group/era.ts";
import { type Entry, NO_PREVIOUS_HASH, sealEntry, signEntry } from "../../crypto/src/group/entry.ts";
import type { OperationOf } from "../../crypto/src/group/operations.ts";
import { person } from "../../crypto/src/group/testing/people.ts";
import { FoundBoxes, LinkPage, LogPage } from "../../server/src/contract/index.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const mallory = person("mallory");

/**
 * Another group in place of the one that an instant link leads to, by somebody who holds the link and has the server do as asked: it holds the
 * link's own invite, its box opens with the link's keys, and every answer about it fits. Only its first entry is another.
 */
export class LookAlike {
  readonly groupId: Uint8Array;
  readonly #prefix: string;
  readonly #era = firstEra(random);
  readonly #keys: LinkKeys;
  readonly #box: LabelledBox;
  readonly #log: LogPage;
  /** Paths that the guest asked for. */
  readonly asked: string[] = [];

  constructor(link: string, preview: Preview) {
    const parsed = parseLink(link);
    if (parsed.kind !== "invite") throw new TypeError("an invite link");
    this.groupId = parsed.groupId;
    this.#prefix = `/api/groups/${toBase64Url(parsed.groupId)}`;
    this.#keys = linkKeys(parsed.groupId, parsed.secret);
    const { boxKey, labelKey } = this.#keys;
    const owner = { kind: "invite", invite: this.#keys.inviteId } as const;
    const recipient = { ...owner, boxKey: boxKey.publicKey, labelKey: labelKey.publicKey, index: 0 } as const;
    const made = makeBox(this.groupId, this.#era, recipient);
    if (made === null) throw new TypeError("the link's keys are good");
    this.#box = { box: made.box, label: boxLabel(labelKey, this.#era.label.publicKey, owner, this.groupId, 0) };
    const { sealed } = sealEntry(this.#founding(preview), this.groupId, this.#era.chainKey, random);
    const place = { kind: "entry", seq: 1, day: 20_000 } as const;
    const item = { ...place, index: 0, era: 0, starts: 0, sealed, command: null };
    this.#log = { items: [item], next: null, newestSeq: 1 };
  }

  /** The look-alike's answer to a question about the group; null for any other. */
  readonly answer = ({ url, method }: HttpRequest): HttpResponse | null => {
    const { pathname } = new URL(url);
    if (!pathname.startsWith(this.#prefix)) return null;
    const path = pathname.slice(this.#prefix.length);
    this.asked.push(path);
    const labelKey = toBase64Url(this.#era.label.publicKey);
    if (path === "/eras") return json(200, { newest: 0, kept: [{ era: 0, labelKey }] });
    if (path === "/tokens") return json(201, { token: toBase64Url(random(32)), expiresInSeconds: 600 });
    if (path === "/boxes/find") return cbor(encodeWire(FoundBoxes, [{ ...this.#box, era: 0 }]));
    if (path === "/log" && method === "GET") return cbor(encodeWire(LogPage, this.#log));
    if (path === "/links") return cbor(encodeWire(LinkPage, []));
    return { status: 503, headers: {}, body: new Uint8Array() };
  };

  #founding(preview: Preview) {
    const { deskId, inviteId, requestKey, boxKey, labelKey } = this.#keys;
    const { deskBoxKey, deskReadKey, expiry, uses, presets, rules } = preview;
    const invite: OperationOf<"invite"> = {
      kind: "invite",
      id: inviteId,
      admission: { kind: "instant", keys: { boxKey: boxKey.publicKey, labelKey: labelKey.publicKey } },
      expiry,
      uses,
      presets,
      requestKey: requestKey.publicKey,
      desk: { mailboxId: deskId, boxKey: deskBoxKey, readKey: deskReadKey, boxes: [] },
    };
    const stewardKey = signingKeyPair(random(32)).publicKey;
    const entry: Entry = {
      groupId: null,
      index: 0,
      previousHash: NO_PREVIOUS_HASH,
      era: 0,
      operations: [{ kind: "found", rules, continues: null, stewardKey }, invite, eraOperation(this.#era)],
      author: mallory.key,
      device: mallory.device().publicKey,
      statements: [mallory.certifies(0, 0)],
      time: Date.now(),
    };
    return signEntry(entry, mallory.device());
  }
}

function json(status: number, body: unknown): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

function cbor(body: Uint8Array): HttpResponse {
  return { status: 200, headers: { "content-type": "application/cbor" }, body };
}

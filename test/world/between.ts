import { decodeWire, encodeWire } from "../../client/src/core/api/wire-bytes.ts";
import {
  Unreachable,
  type Http,
  type HttpRequest,
  type HttpResponse,
  type Sockets,
} from "../../client/src/core/platform.ts";
import { ClientFrame, FoundBoxes, LinkPage, LogPage, ServerFrame } from "../../server/src/contract/index.ts";

type Item = LogPage["items"][number];
export type LogItems = readonly Item[];

/**
 * What a lying server may do to one member, in terms of the contract. Each gets what the honest server said and gives what the member sees.
 * What is not given is passed on unchanged.
 */
export interface Lies {
  /** Items of a group's log, by pages and live. */
  readonly items?: (items: LogItems) => LogItems;
  readonly links?: (links: LinkPage) => LinkPage;
  readonly boxes?: (boxes: FoundBoxes) => FoundBoxes;
  /** Any reply, after the others had their turn. */
  readonly reply?: (request: HttpRequest, reply: HttpResponse) => HttpResponse;
  /** Instead of asking the server; null asks it. */
  readonly answer?: (request: HttpRequest) => HttpResponse | null;
  /** Lets a request wait before it goes out. */
  readonly hold?: (request: HttpRequest) => Promise<void>;
  /** Frames to and from the live connection. */
  readonly toServer?: (frame: ClientFrame) => readonly ClientFrame[];
  readonly fromServer?: (frame: ServerFrame) => readonly ServerFrame[];
  /** Lets a frame of the server wait before it comes through; those behind it do not. Null: at once. */
  readonly holdFromServer?: (frame: ServerFrame) => Promise<void> | null;
}

/** The line between one device and the hall: it can be cut, is written down, and may lie. */
export class Between {
  readonly #http: Http;
  readonly #sockets: Sockets;
  readonly #open = new Set<() => void>();
  online = true;
  lies: Lies = {};
  /** Every HTTP request that went out. */
  readonly sent: HttpRequest[] = [];
  /** Every address a socket was opened at, and every frame that went out. */
  readonly socketAddresses: string[] = [];
  readonly frames: Uint8Array[] = [];

  constructor(http: Http, sockets: Sockets) {
    this.#http = http;
    this.#sockets = sockets;
  }

  cut(): void {
    this.online = false;
    this.hangUp();
  }

  /** Closes every socket; new ones may be opened. */
  hangUp(): void {
    for (const close of this.#open) close();
    this.#open.clear();
  }

  readonly http: Http = {
    send: async (request) => {
      if (!this.online) throw new Unreachable("cut off");
      this.sent.push(request);
      await this.lies.hold?.(request);
      const own = this.lies.answer?.(request) ?? null;
      const reply = own ?? this.#altered(request, await this.#http.send(request));
      return this.lies.reply?.(request, reply) ?? reply;
    },
  };

  readonly sockets: Sockets = {
    open: (url, events) => {
      if (!this.online) {
        queueMicrotask(() => events.closed(1006, "cut off"));
        return { bufferedBytes: 0, send: () => {}, close: () => {} };
      }
      this.socketAddresses.push(url);
      const socket = this.#sockets.open(url, {
        ...events,
        message: (bytes) => {
          const held = this.#heldBack(bytes);
          const told = this.#told(bytes);
          const pass = (): void => told.forEach((one) => events.message(one));
          if (held === null) pass();
          else void held.then(pass);
        },
      });
      this.#open.add(() => socket.close());
      return {
        get bufferedBytes() {
          return socket.bufferedBytes;
        },
        send: (bytes) => {
          for (const frame of this.#asked(bytes)) {
            this.frames.push(frame);
            socket.send(frame);
          }
        },
        close: (code, reason) => socket.close(code, reason),
      };
    },
  };

  #altered(request: HttpRequest, reply: HttpResponse): HttpResponse {
    if (reply.status !== 200) return reply;
    const { pathname } = new URL(request.url);
    const { items, links, boxes } = this.lies;
    if (items !== undefined && /\/log$|\/records\/[^/]+$/.test(pathname)) {
      const page = decodeWire(LogPage, reply.body);
      const shown = items(page.items);
      const newestSeq = Math.max(page.newestSeq, shown.at(-1)?.seq ?? 0);
      return { ...reply, body: encodeWire(LogPage, { ...page, items: shown, newestSeq }) };
    }
    if (links !== undefined && pathname.endsWith("/links"))
      return { ...reply, body: encodeWire(LinkPage, links(decodeWire(LinkPage, reply.body))) };
    if (boxes !== undefined && pathname.endsWith("/boxes/find"))
      return { ...reply, body: encodeWire(FoundBoxes, boxes(decodeWire(FoundBoxes, reply.body))) };
    return reply;
  }

  #heldBack(bytes: Uint8Array): Promise<void> | null {
    const { holdFromServer } = this.lies;
    return holdFromServer === undefined ? null : holdFromServer(decodeWire(ServerFrame, bytes));
  }

  #told(bytes: Uint8Array): readonly Uint8Array[] {
    const { items, fromServer } = this.lies;
    if (items === undefined && fromServer === undefined) return [bytes];
    const frame = decodeWire(ServerFrame, bytes);
    const altered = frame.kind === "items" && items !== undefined ? { ...frame, items: items(frame.items) } : frame;
    return (fromServer?.(altered) ?? [altered]).map((one) => encodeWire(ServerFrame, one));
  }

  #asked(bytes: Uint8Array): readonly Uint8Array[] {
    const { toServer } = this.lies;
    if (toServer === undefined) return [bytes];
    return toServer(decodeWire(ClientFrame, bytes)).map((one) => encodeWire(ClientFrame, one));
  }
}

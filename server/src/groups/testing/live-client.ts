import { anyData, decodeWithin, encodeWithin } from "@unionhall/crypto/verify";
import { ClientFrame, ServerFrame } from "../../contract/live.ts";
import { fromWire, toWire } from "../../contract/wire.ts";

type WithoutRequest<F> = F extends ClientFrame ? Omit<F, "request"> : never;
export type Request = WithoutRequest<ClientFrame>;
export type FrameOf<Kind extends ServerFrame["kind"]> = Extract<ServerFrame, { readonly kind: Kind }>;

const maxBytes = 64 * 1024 * 1024;
const maxItems = 1_000_000;

export function encodeClientFrame(frame: ClientFrame): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encodeWithin(anyData(), toWire(ClientFrame, frame), maxBytes, maxItems));
}

/** A connection to the live endpoint that speaks the contract, with a real websocket. */
export class LiveClient {
  /** Everything the server pushed, in order. */
  readonly pushed: ServerFrame[] = [];
  /** The code the connection ended with. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (frame: ServerFrame) => void>();
  #waiting: (() => void)[] = [];
  #requests = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code }) => {
        resolve(code);
      });
    });
    socket.addEventListener("message", ({ data }: { readonly data: ArrayBuffer }) => {
      this.#take(fromWire(ServerFrame, decodeWithin(anyData(), new Uint8Array(data), maxBytes, maxItems)));
    });
  }

  /** @throws when the server refuses the upgrade */
  static async connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<LiveClient> {
    // Node's own WebSocket takes headers, which browsers do not.
    const socket: WebSocket = Reflect.construct(WebSocket, [url, { headers }]);
    socket.binaryType = "arraybuffer";
    const client = new LiveClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => {
        resolve();
      });
      socket.addEventListener("error", () => {
        reject(new Error("the upgrade was refused"));
      });
    });
    return client;
  }

  /** Sends a request; its one answer. */
  async ask(request: Request): Promise<ServerFrame> {
    this.#requests += 1;
    const number = this.#requests;
    const answer = new Promise<ServerFrame>((resolve) => {
      this.#answers.set(number, resolve);
    });
    this.#socket.send(encodeClientFrame({ ...request, request: number }));
    return answer;
  }

  /** {@link ask}, where the answer has to be of this kind. */
  async expect<Kind extends ServerFrame["kind"]>(kind: Kind, request: Request): Promise<FrameOf<Kind>> {
    const answer = await this.ask(request);
    if (isOf(answer, kind)) return answer;
    throw new Error(`expected ${kind}, got ${describe(answer)}`);
  }

  /** The code with which a request is refused. */
  async refusal(request: Request): Promise<string> {
    return (await this.expect("refused", request)).code;
  }

  sendRaw(data: Uint8Array<ArrayBuffer> | string): void {
    this.#socket.send(data);
  }

  /** Waits until what was pushed fulfils the condition. */
  async until(isFulfilled: (pushed: readonly ServerFrame[]) => boolean): Promise<void> {
    while (!isFulfilled(this.pushed))
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
  }

  /** The first pushed frame of this kind, when it comes. */
  async next<Kind extends ServerFrame["kind"]>(kind: Kind): Promise<FrameOf<Kind>> {
    await this.until((pushed) => pushed.some((frame) => frame.kind === kind));
    const [first] = this.of(kind);
    if (first === undefined) throw new Error(`no ${kind} came`);
    return first;
  }

  of<Kind extends ServerFrame["kind"]>(kind: Kind): readonly FrameOf<Kind>[] {
    return this.pushed.filter((frame) => isOf(frame, kind));
  }

  /** The seqs of all pushed items, in order. */
  seqs(): readonly number[] {
    return this.of("items").flatMap(({ items }) => items.map(({ seq }) => seq));
  }

  close(): void {
    this.#socket.close();
  }

  #take(frame: ServerFrame): void {
    const settle = "request" in frame ? this.#answers.get(frame.request) : undefined;
    if (settle !== undefined && "request" in frame) {
      this.#answers.delete(frame.request);
      settle(frame);
    } else this.pushed.push(frame);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

function isOf<Kind extends ServerFrame["kind"]>(frame: ServerFrame, kind: Kind): frame is FrameOf<Kind> {
  return frame.kind === kind;
}

function describe(frame: ServerFrame): string {
  return frame.kind === "refused" ? `refused ${frame.code}` : frame.kind;
}

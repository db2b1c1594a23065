import type { StopSignal } from "./stop.ts";

/**
 * What core needs from the place it runs in (architecture, "Who may import whom"). Adapters: `platform/memory.ts` (tests),
 * `platform/node.ts` (command line), `platform/browser.ts` (worker).
 */
export interface Platform {
  /** Scheme, host and port of the hall, without a slash at the end: `https://hall.example`. */
  readonly origin: string;
  /** How this device is called among the account's own devices; at most 128 bytes. */
  readonly deviceName: string;
  readonly http: Http;
  readonly sockets: Sockets;
  readonly storage: Storage;
  readonly keys: KeyStore;
  readonly lock: DeviceLock;
  readonly clock: Clock;
  readonly random: Random;
}

/** Gives `length` bytes from the system's generator. */
export type Random = (length: number) => Uint8Array;

export interface Clock {
  /** Milliseconds since 1970, a safe integer. May jump. */
  now(): number;
  /** Resolves after `milliseconds`, or early when stopped; says which. */
  sleep(milliseconds: number, stop?: StopSignal): Promise<"slept" | "stopped">;
}

/* ---------------------------------------------------------------- network */

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** A hall that says nothing for so long, before or within its answer, counts as unreachable. */
  readonly timeoutMilliseconds: number;
  readonly stop?: StopSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Http {
  /** Neither follows redirects nor sends cookies or a referrer. @throws {Unreachable} when there was no whole answer */
  send(request: HttpRequest): Promise<HttpResponse>;
}

/** No whole answer came: nothing is known about what the server did. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

export interface Sockets {
  /** Starts opening a binary websocket; `url` begins with `ws:` or `wss:`. Events come later, never during the call. */
  open(url: string, events: SocketEvents): Socket;
}

export interface SocketEvents {
  readonly opened: () => void;
  readonly message: (bytes: Uint8Array) => void;
  /** Once, as the last event, also when it never opened (then 1006). */
  readonly closed: (code: number, reason: string) => void;
}

export interface Socket {
  /** Bytes given to {@link send} and not yet handed to the network. */
  readonly bufferedBytes: number;
  /** Does nothing on a socket that is not open. */
  send(bytes: Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/* ---------------------------------------------------------------- storage */

/** Ordered by the keys' bytes; a shorter key comes before its extensions. Keys are 1 to 128 bytes. */
export interface Storage {
  read(key: Uint8Array): Promise<Uint8Array | null>;
  /** In the order of `keys`. */
  readMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | null)[]>;
  range(range: KeyRange): Promise<readonly StoredEntry[]>;
  /** All or nothing, in the order given; durable once resolved. @throws {StorageFull} @throws {DeviceLost} */
  write(changes: readonly StoredChange[]): Promise<void>;
  /** Removes every entry. */
  erase(): Promise<void>;
  close(): Promise<void>;
}

export interface KeyRange {
  /** First key, included. */
  readonly from: Uint8Array;
  /** First key no longer included. */
  readonly before: Uint8Array;
  /** At least 1. */
  readonly limit: number;
  readonly direction: "forward" | "backward";
}

export interface StoredEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export type StoredChange =
  | { readonly kind: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: "delete"; readonly key: Uint8Array };

/** The device has no room for the change; nothing of it was written. */
export class StorageFull extends Error {
  override readonly name = "StorageFull";
}

/** Another tab or program has taken this device over; nothing was written. */
export class DeviceLost extends Error {
  override readonly name = "DeviceLost";
}

/* ---------------------------------------------------------------- the local key */

/**
 * Keeps one small value, the key slot, apart from {@link Storage}, and seals under a key that cannot leave the device: a non-extractable
 * WebCrypto key in the browser. On Node there is no such key; there the file's mode (0600) protects, and `seals` is false.
 */
export interface KeyStore {
  load(): Promise<KeySlot>;
  /** Durable once resolved. */
  save(slot: Uint8Array): Promise<void>;
  erase(): Promise<void>;
  /** Whether {@link seal} protects anything. */
  readonly seals: boolean;
  seal(plain: Uint8Array): Promise<Uint8Array>;
  /** Null when this device's key is gone or another one. */
  open(sealed: Uint8Array): Promise<Uint8Array | null>;
}

export type KeySlot =
  | { readonly kind: "empty" }
  | { readonly kind: "kept"; readonly slot: Uint8Array }
  /** There was a slot, and the system threw it away. */
  | { readonly kind: "evicted" };

/* ---------------------------------------------------------------- one writer */

/** One writer per device: tabs of a browser, processes on one folder (threat model 33). */
export interface DeviceLock {
  /**
   * Takes the lock. `wait` is the longest wait in milliseconds; null waits for as long as it takes. `steal` takes it from a holder that
   * does not answer, where the platform can; the former holder's `lost` is called.
   *
   * @returns null when it was not free in time, or when stopped
   */
  take(options: {
    readonly wait: number | null;
    readonly steal?: boolean;
    readonly stop?: StopSignal;
    readonly lost: () => void;
  }): Promise<HeldLock | null>;
}

export interface HeldLock {
  release(): Promise<void>;
}

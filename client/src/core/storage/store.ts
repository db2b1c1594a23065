/**
 * What core keeps on this device (protocol section 3, "On a device"). Everything is sealed under the local key, and neither names, ids nor
 * values stand in clear; see `sealed-store.ts` for what does.
 *
 * Two shapes of collection, each declared once beside the feature that owns it:
 *
 * ```ts
 * const groups = defineMap<StoredGroup>({ name: "groups", version: 1 });
 * const log = defineList<StoredItem>({ name: "log", version: 1 });
 *
 * await store.transaction(async (tx) => {
 *   await tx.list(log, groupId).put(seq, item);
 *   await tx.map(groups).put(groupId, group);
 * });
 * const last50 = await store.list(log, groupId).range({ limit: 50, direction: "backward" });
 * ```
 */
export interface Store extends Collections {
  /**
   * Runs `work` alone, then writes everything it changed at once; durable once resolved. Reads inside see the changes made inside. When
   * `work` throws, nothing is written. Never call a transaction from inside another: it would wait for itself.
   */
  transaction<T>(work: (tx: Collections) => Promise<T>): Promise<T>;
}

/** Outside a transaction each writing call is a transaction of its own. */
export interface Collections {
  map<V>(kind: MapKind<V>, scope?: Scope): StoredMap<V>;
  list<V>(kind: ListKind<V>, scope?: Scope): StoredList<V>;
}

/** Parts one collection kind into many, for example by group and topic. */
export type Scope = string | Uint8Array | readonly (string | Uint8Array)[];

/** Values by an id, without an order of their own. For hundreds to a few thousand values; each is sealed by itself. */
export interface StoredMap<V> {
  get(id: Id): Promise<V | null>;
  getMany(ids: readonly Id[]): Promise<readonly (V | null)[]>;
  /** Everything, in no order that means anything. */
  entries(): Promise<readonly { readonly id: Id; readonly value: V }[]>;
  put(id: Id, value: V): Promise<void>;
  delete(id: Id): Promise<void>;
  /** Takes out every value of this scope. */
  clear(): Promise<void>;
}

export type Id = string | Uint8Array | number;

/**
 * Values by position, a safe integer from 0 with few gaps; for the bulk, 100,000 values and more. New values are small entries of their own,
 * and go into sealed blocks of {@link blockLength} positions as soon as a block has been passed.
 */
export interface StoredList<V> {
  get(position: number): Promise<V | null>;
  /** Values in order of position, from `from` (included; by default the end that `direction` starts at). */
  range(window: ListWindow): Promise<readonly { readonly position: number; readonly value: V }[]>;
  /** The highest position that holds a value. */
  last(): Promise<number | null>;
  put(position: number, value: V): Promise<void>;
  putMany(values: readonly { readonly position: number; readonly value: V }[]): Promise<void>;
  delete(position: number): Promise<void>;
  clear(): Promise<void>;
}

export interface ListWindow {
  readonly from?: number;
  readonly limit: number;
  readonly direction: "forward" | "backward";
}

export const blockLength = 50;

/**
 * A value that can be kept: null, booleans, safe integers and finite numbers, text, bytes, arrays and plain objects of these. `undefined`
 * members of objects are left out.
 */
export type MapKind<V> = { readonly shape: "map"; readonly name: string; readonly version: number; readonly holds?: V };
export type ListKind<V> = {
  readonly shape: "list";
  readonly name: string;
  readonly version: number;
  readonly holds?: V;
};

/** Declares a kind of map. `version` goes up when the form of the values changes; values of another version read as absent. */
export function defineMap<V>(kind: { readonly name: string; readonly version: number }): MapKind<V> {
  return { shape: "map", ...kind };
}

/** Declares a kind of list; see {@link defineMap}. */
export function defineList<V>(kind: { readonly name: string; readonly version: number }): ListKind<V> {
  return { shape: "list", ...kind };
}

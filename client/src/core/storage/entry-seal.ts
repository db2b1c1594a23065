import { deriveKey, open, seal, SEAL_NONCE_BYTES, toHex } from "@unionhall/crypto";
import type { Random } from "../platform.ts";
import { HallError } from "../problems.ts";
import { decodePlain, encodePlain } from "./plain-value.ts";
import type { Id, Scope } from "./store.ts";

/** First byte of every sealed entry's key; `0x00` is kept for what stands beside the store. */
const sealedEntries = 0x01;
export const tagBytes = 16;

/**
 * Turns names into keys and values into sealed bytes. An entry's key is `0x01 ‖ tag of the collection (16) ‖ rest`, where the tag is a keyed
 * hash of kind and scope; the key is the header of the seal, so no entry opens in another's place.
 */
export class EntrySeal {
  readonly #random: Random;
  #keys: { readonly index: Uint8Array; readonly seal: Uint8Array } | null;
  readonly #prefixes = new Map<string, Uint8Array>();

  /** @param localKey 32 bytes */
  constructor(localKey: Uint8Array, random: Random) {
    this.#keys = { index: deriveKey(localKey, "store-index"), seal: deriveKey(localKey, "store-seal") };
    this.#random = random;
  }

  /** What a collection's keys begin with, 17 bytes. */
  prefix(shape: "map" | "list", name: string, scope: Scope): Uint8Array {
    const parts = typeof scope === "string" || scope instanceof Uint8Array ? [scope] : scope;
    const known = JSON.stringify([
      shape,
      name,
      ...parts.map((part) => (typeof part === "string" ? part : [toHex(part)])),
    ]);
    let prefix = this.#prefixes.get(known);
    if (prefix === undefined) {
      const tag = deriveKey(this.#opened().index, "store-collection", shape, name, [...parts]);
      prefix = Uint8Array.of(sealedEntries, ...tag.subarray(0, tagBytes));
      this.#prefixes.set(known, prefix);
    }
    return prefix;
  }

  /** Key of one value of a map: the prefix and 16 bytes of a keyed hash of its id. */
  idKey(prefix: Uint8Array, id: Id): Uint8Array {
    const hash = deriveKey(this.#opened().index, "store-id", prefix, id);
    return Uint8Array.of(...prefix, ...hash.subarray(0, tagBytes));
  }

  seal(key: Uint8Array, value: unknown): Uint8Array {
    return seal(encodePlain(value), key, this.#opened().seal, this.#random(SEAL_NONCE_BYTES));
  }

  /**
   * The value that {@link seal} sealed under this key: only what this program wrote opens, so the caller knows its form.
   *
   * @throws HallError `storage-evicted` when the bytes are not those that were sealed here
   */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what the collection holds
  open<T>(key: Uint8Array, sealed: Uint8Array): T {
    const keys = this.#opened();
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the seal vouches for who wrote it, and the key for the collection
      return decodePlain(open(sealed, key, keys.seal)) as T;
    } catch {
      throw new HallError("storage-evicted", "something kept on this device is damaged");
    }
  }

  /** Overwrites the keys; everything after that is refused with `locked`. */
  forget(): void {
    this.#keys?.index.fill(0);
    this.#keys?.seal.fill(0);
    this.#keys = null;
    this.#prefixes.clear();
  }

  #opened(): { readonly index: Uint8Array; readonly seal: Uint8Array } {
    if (this.#keys === null) throw new HallError("locked", "this device is locked");
    return this.#keys;
  }
}

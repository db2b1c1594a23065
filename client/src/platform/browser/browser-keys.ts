import type { KeyStore } from "../../core/platform.ts";
import type { Database } from "./idb-storage.ts";

/** Remembers, outside the storage that a browser may throw away as a whole, that there was an account here. */
export interface Marker {
  readonly wasHere: boolean;
  set(here: boolean): void;
}

const slotName = "slot";
const keyName = "wrapping-key";
const nonceBytes = 12;
const purpose = new TextEncoder().encode("unionhall/v1/device-seal");

/** The key slot in IndexedDB, and a WebCrypto key (AES-256-GCM) beside it that no script can read out: only use, here. */
export function browserKeys(database: Database, marker: Marker): KeyStore {
  const wrappingKey = async (): Promise<CryptoKey | null> => {
    const key: unknown = await database.get("device", keyName);
    return key instanceof CryptoKey ? key : null;
  };
  return {
    seals: true,
    async load() {
      const slot: unknown = await database.get("device", slotName);
      if (slot instanceof Uint8Array) return { kind: "kept", slot };
      return { kind: marker.wasHere ? "evicted" : "empty" };
    },
    async save(slot) {
      await put(database, slotName, slot.slice());
      marker.set(true);
    },
    async erase() {
      marker.set(false);
      const transaction = database.transaction("device", "readwrite", { durability: "strict" });
      await Promise.all([transaction.store.delete(slotName), transaction.store.delete(keyName), transaction.done]);
    },
    async seal(plain) {
      const key = (await wrappingKey()) ?? (await makeKey(database));
      const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
      const sealed = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv: nonce, additionalData: purpose },
        key,
        plain.slice(),
      );
      return new Uint8Array([...nonce, ...new Uint8Array(sealed)]);
    },
    async open(sealed) {
      const key = await wrappingKey();
      if (key === null) return null;
      const algorithm = { name: "AES-GCM", iv: sealed.slice(0, nonceBytes), additionalData: purpose };
      try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.slice(nonceBytes)));
      } catch {
        return null;
      }
    },
  };
}

async function makeKey(database: Database): Promise<CryptoKey> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await put(database, keyName, key);
  return key;
}

async function put(database: Database, name: string, value: unknown): Promise<void> {
  const transaction = database.transaction("device", "readwrite", { durability: "strict" });
  await Promise.all([transaction.store.put(value, name), transaction.done]);
}

import type { KeyStore, KeySlot } from "../../core/platform.ts";

/** A key slot in memory. `seals` stands for a browser's non-extractable key: sealing turns every bit, which is enough for a test to see. */
export class MemoryKeys implements KeyStore {
  readonly seals = true;
  slot: KeySlot = { kind: "empty" };

  async load(): Promise<KeySlot> {
    return this.slot;
  }

  async save(slot: Uint8Array): Promise<void> {
    this.slot = { kind: "kept", slot: slot.slice() };
  }

  async erase(): Promise<void> {
    this.slot = { kind: "empty" };
  }

  async seal(plain: Uint8Array): Promise<Uint8Array> {
    return plain.map((byte) => byte ^ 0xff);
  }

  async open(sealed: Uint8Array): Promise<Uint8Array | null> {
    return sealed.map((byte) => byte ^ 0xff);
  }
}

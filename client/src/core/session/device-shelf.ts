import { concat, equalBytes } from "@unionhall/crypto";
import type { KeySlot, Platform, StoredChange } from "../platform.ts";
import { readKeySlot, type KeySlotContent } from "./key-slot.ts";

/**
 * How far the account on this device is. Stands in clear beside the sealed store, under a key of its own: `device id (16) ‖ stage (1)`, and
 * changes in the same write as what it is about.
 */
export type Stage = "begun" | "settled";

const stageKey = Uint8Array.of(0x00);
const stages = { begun: 1, settled: 2 } as const satisfies Record<Stage, number>;

export type DeviceShelf =
  | { readonly kind: "empty" }
  | { readonly kind: "evicted" }
  | { readonly kind: "kept"; readonly stage: Stage; readonly slot: KeySlotContent };

/** What is on this device, without opening it. */
export async function readShelf({ storage, keys }: Pick<Platform, "storage" | "keys">): Promise<DeviceShelf> {
  const [kept, marker] = await Promise.all([keys.load(), storage.read(stageKey)]);
  return shelfOf(kept, marker);
}

function shelfOf(kept: KeySlot, marker: Uint8Array | null): DeviceShelf {
  const stage = marker === null ? null : marker[16] === stages.settled ? "settled" : "begun";
  if (kept.kind === "evicted") return { kind: "evicted" };
  if (kept.kind === "empty") return stage === "settled" ? { kind: "evicted" } : { kind: "empty" };
  const slot = readKeySlot(kept.slot);
  if (slot === null || stage === null || marker === null) return { kind: "evicted" };
  if (!equalBytes(marker.subarray(0, 16), slot.deviceId)) return { kind: stage === "begun" ? "empty" : "evicted" };
  return { kind: "kept", stage, slot };
}

/** Belongs into the write that brings the account to this stage. @param deviceId 16 bytes */
export function stageChange(deviceId: Uint8Array, stage: Stage): StoredChange {
  return { kind: "put", key: stageKey, value: concat(deviceId, Uint8Array.of(stages[stage])) };
}

/** Takes everything of an account off this device. Interrupted at any point, what is left counts as empty, never as evicted. */
export async function clearShelf({ storage, keys }: Pick<Platform, "storage" | "keys">): Promise<void> {
  const marker = await storage.read(stageKey);
  if (marker !== null) await storage.write([stageChange(marker.subarray(0, 16), "begun")]);
  await keys.erase();
  await storage.erase();
}

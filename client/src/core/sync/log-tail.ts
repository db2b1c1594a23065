import { entryHash, equalBytes, recordHash, remnantHash } from "@unionhall/crypto";
import { sealedEntry } from "./apply-entry.ts";
import type { ServerLogItem } from "./group-server.ts";

/**
 * By what an item of the log is known again (32 bytes), also after its body was taken away. The log of a hall that was put back to an older
 * state, and has gone on since, has another item at the same place.
 */
export function tailOf(groupId: Uint8Array, item: ServerLogItem): Uint8Array {
  switch (item.kind) {
    case "entry":
      return entryHash(sealedEntry(groupId, item));
    case "record":
      return recordHash(item);
    case "tombstone":
      return remnantHash(item);
    case "command":
      // The end of its signature.
      return item.command.slice(-32);
  }
}

export function isTail(tail: Uint8Array, groupId: Uint8Array, item: ServerLogItem): boolean {
  return equalBytes(tail, tailOf(groupId, item));
}

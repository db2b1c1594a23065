/** Tells whoever watches a mailbox on a live connection that something new lies in it. In this process only. */
export interface DeskNews {
  /** After the item is durable. `mailboxId` 16 bytes. */
  tell(mailboxId: Uint8Array): void;
  /** Returns the way to stop. */
  watch(mailboxId: Uint8Array, listener: () => void): () => void;
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id).toString("hex");
}

export function createDeskNews(): DeskNews {
  const listeners = new Map<string, Set<() => void>>();
  return {
    tell(mailboxId) {
      for (const listener of listeners.get(keyOf(mailboxId)) ?? []) listener();
    },
    watch(mailboxId, listener) {
      const key = keyOf(mailboxId);
      const watching = listeners.get(key) ?? new Set();
      listeners.set(key, watching.add(listener));
      return () => {
        watching.delete(listener);
        if (watching.size === 0) listeners.delete(key);
      };
    },
  };
}

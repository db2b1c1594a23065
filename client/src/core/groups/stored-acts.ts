import { toHex, type Entry, type GroupState, type Operation } from "@unionhall/crypto";
import type { StoredAct } from "../sync/group-store.ts";

/** What an entry does, as it is kept for the record that people read. `after`: the state after the entry. */
export function storedActs(entry: Entry, after: GroupState): readonly StoredAct[] {
  return entry.operations.map((operation) => storedAct(operation, entry, after));
}

function storedAct(operation: Operation, entry: Entry, after: GroupState): StoredAct {
  switch (operation.kind) {
    case "found":
      return { kind: "found", ...operation.rules };
    case "admit": {
      const { identityKey, role, invite } = operation;
      return { kind: "admit", who: identityKey, role, inviteId: invite === null ? null : toHex(invite) };
    }
    case "join":
      return { kind: "join", who: entry.author, inviteId: toHex(operation.invite) };
    case "remove":
      return { kind: "remove", who: operation.identityKey };
    case "leave":
      return { kind: "leave", who: entry.author };
    case "role":
      return { kind: "role", who: operation.identityKey, role: operation.role };
    case "rules":
      return { kind: "rules", ...operation.rules };
    case "account-update":
      return {
        kind: "account-update",
        who: operation.identityKey,
        revokes: revokedBy(operation.identityKey, entry, after),
      };
    case "invite":
      return { kind: "invite", inviteId: toHex(operation.id), mode: operation.admission.kind, uses: operation.uses };
    case "end-invite":
      return { kind: "end-invite", inviteId: toHex(operation.id) };
    case "cut":
      return { kind: "cut", day: operation.day };
    case "era":
      return { kind: "era", era: operation.number };
  }
}

/** How many devices of an account are revoked since this entry. */
function revokedBy(identityKey: Uint8Array, entry: Entry, after: GroupState): number {
  const devices = after.accounts.get(toHex(identityKey))?.devices ?? [];
  return devices.filter(({ revokedAt }) => revokedAt === entry.index).length;
}

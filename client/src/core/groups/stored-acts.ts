import { toHex, type Entry, type GroupDevice, type GroupState, type Operation } from "@unionhall/crypto";
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
        adds: devicesOf(operation.identityKey, after).filter(({ certifiedAt }) => certifiedAt === entry.index).length,
        revokes: devicesOf(operation.identityKey, after).filter(({ revokedAt }) => revokedAt === entry.index).length,
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

function devicesOf(identityKey: Uint8Array, after: GroupState): readonly GroupDevice[] {
  return after.accounts.get(toHex(identityKey))?.devices ?? [];
}

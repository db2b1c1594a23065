/** Founding a group anew (protocol section 5): what the old state gives to the first entries of the new group. */
import { encodeWithin } from "../primitives/encoding.ts";
import { type GroupAccount, type GroupState, headOf, isFacilitator, membersOf } from "./group-state.ts";
import { MAX_OPERATIONS, MAX_SEALED_ENTRY_BYTES } from "./limits.ts";
import { type Continues, operationCodec, type OperationOf } from "./operations.ts";
import { sameBytes } from "./same-bytes.ts";
import { standingAt } from "./standing.ts";

/** What `found` names: the old group and the head at which it is left. Null for a state without an entry. */
export function continuationOf(old: GroupState): Continues | null {
  const head = headOf(old);
  return head === null ? null : { groupId: old.groupId, headIndex: head.index, headHash: head.hash };
}

/** Bytes of operations that go into one entry at most: padded and sealed it stays under its limit. */
const PORTION_BYTES = (MAX_SEALED_ENTRY_BYTES * 3) / 4;

/**
 * `admit` for every other member of the old group, with the keys that its state holds, in portions: the first for
 * the entry that founds (up to 62 beside `found` and `era`), each further one for an entry of its own (up to 63 beside
 * an `era`). Roles stay, unless the steward key is struck. `leaveOut`: who shut the others out.
 */
export function admissionsOf(
  old: GroupState,
  founder: Uint8Array,
  leaveOut: readonly Uint8Array[],
): readonly (readonly OperationOf<"admit">[])[] {
  const portions: OperationOf<"admit">[][] = [[]];
  let room = PORTION_BYTES;
  for (const account of membersOf(old)) {
    if ([founder, ...leaveOut].some((other) => sameBytes(other, account.identityKey))) continue;
    const admit = admissionOf(account);
    const size = encodeWithin(operationCodec, admit, MAX_SEALED_ENTRY_BYTES).length;
    const portion = portions.at(-1) ?? [];
    const isFull = portion.length >= MAX_OPERATIONS - (portions.length === 1 ? 2 : 1) || size > room;
    if (isFull) portions.push([admit]);
    else portion.push(admit);
    room = (isFull ? PORTION_BYTES : room) - size;
  }
  return portions;
}

function admissionOf(account: GroupAccount): OperationOf<"admit"> {
  const { identityKey, statements, stewardKey } = account;
  const role = isFacilitator(account) && stewardKey !== null ? "facilitator" : "member";
  return { kind: "admit", identityKey, statements, stewardKey, role, invite: null, request: null };
}

/**
 * Whether `next` is to be shown as one with `old`: its first entry names this group and a head on its chain, and its
 * founder was a member at that head.
 */
export function continuesGroup(next: GroupState, old: GroupState): boolean {
  const { continues } = next;
  const founder = [...next.accounts.values()].find(({ stays }) => stays[0]?.came.kind === "founded");
  if (continues === null || founder === undefined || !sameBytes(continues.groupId, old.groupId)) return false;
  const hash = old.hashes[continues.headIndex];
  const isKnownHead = hash !== undefined && sameBytes(hash, continues.headHash);
  return isKnownHead && standingAt(old, founder.identityKey, continues.headIndex) !== null;
}

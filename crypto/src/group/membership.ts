/** Coming into a group: `found`, `admit`, `join` (protocol sections 5 and 7). */
import { type AccountState, emptyAccount } from "../account/account-state.ts";
import { bytes, encode, structure, type ValueOf } from "../primitives/encoding.ts";
import { verifySignature } from "../primitives/verify-signature.ts";
import { addVerified, isRevoked, knownOf, withKnown } from "./account-union.ts";
import { accountOf, type CameIn, type GroupAccount, type GroupState, membersOf } from "./group-state.ts";
import { closedReason, inviteOf, isInstant, withUseTaken } from "./invite-state.ts";
import {
  type EntryContext,
  fails,
  type Fails,
  type Judged,
  memberOf,
  notFacilitator,
  stands,
  withAccount,
} from "./judgement.ts";
import { MAX_ACCOUNTS } from "./limits.ts";
import type { OperationOf, Role } from "./operations.ts";
import { sameBytes } from "./same-bytes.ts";
import { isStewardKeyFree } from "./steward-list.ts";

export function judgeFound(
  state: GroupState,
  operation: OperationOf<"found">,
  { entry, author }: EntryContext,
): Judged {
  if (entry.index !== 0 || entry.operations[0] !== operation) return fails("first-entry-form");
  if (author.boxKey === null) return fails("no-box-key");
  const { rules, continues, stewardKey } = operation;
  const coming = { known: author, stewardKey, role: "facilitator", came: { kind: "founded" } } as const;
  return stands(withComing({ ...state, rules, continues }, coming, entry.index));
}

export function judgeAdmit(state: GroupState, operation: OperationOf<"admit">, context: EntryContext): Judged {
  const { author, index } = context.entry;
  const refusal = notFacilitator(state, author);
  if (refusal !== null) return refusal;
  const { identityKey, statements, stewardKey, role, invite, request } = operation;
  if (memberOf(state, identityKey) !== undefined) return fails("target-already-in");
  const known = comingAccount(state, identityKey, statements, stewardKey);
  if (known.kind === "fails") return known;
  const came: CameIn = { kind: "admitted", by: author, invite, request };
  const next = withComing(state, { known: known.account, stewardKey, role, came }, index);
  const needsEra = state.rules?.history === "from-joining";
  if (invite === null) return stands(next, { needsEra });
  const used = inviteOf(state, invite);
  if (used === undefined) return fails("invite-unknown");
  const closed = closedReason(used, context.moment);
  if (closed !== null) return fails(closed);
  if (role === "facilitator" && used.presets.role !== "facilitator") return fails("role-above-invite");
  return stands(withUseTaken(next, used, index), { needsEra });
}

export function judgeJoin(state: GroupState, operation: OperationOf<"join">, context: EntryContext): Judged {
  const { author, index } = context.entry;
  const { statements, stewardKey, invite } = operation;
  if (memberOf(state, author) !== undefined) return fails("target-already-in");
  if (accountOf(state, author)?.stays.at(-1)?.ended === "removed") return fails("removed-before");
  const used = inviteOf(state, invite);
  if (used === undefined) return fails("invite-unknown");
  if (!isInstant(used)) return fails("invite-not-instant");
  const closed = closedReason(used, context.moment);
  if (closed !== null) return fails(closed);
  const known = comingAccount(state, author, statements, stewardKey);
  if (known.kind === "fails") return known;
  if (!holdsLink(state, operation, context, known.boxKey)) return fails("request-signature-invalid");
  const came: CameIn = { kind: "joined", invite };
  const next = withComing(state, { known: known.account, stewardKey, role: used.presets.role, came }, index);
  const cutsItselfOff = isRevoked(known.account, context.entry.device);
  return stands(withUseTaken(next, used, index), { mayFollow: cutsItselfOff ? "nothing" : "anything" });
}

/** What the invite's request key signs: see {@link joinClaim}. */
export const joinClaimStructure = structure("join", 2048, {
  groupId: bytes(32),
  invite: bytes(16),
  identityKey: bytes(32),
  device: bytes(32),
  boxKey: bytes(1216),
});
/** What the holder of an instant link vouches for: who comes in by it. */
export type JoinClaim = ValueOf<typeof joinClaimStructure>;

/**
 * What the invite's request key signs for a `join`: CBOR `["unionhall/v1/join", group id (32), invite (16), identity
 * key (32), device (32), box key (1216)]`.
 *
 * @throws {EncodingError} `wrong-shape` when a field has another length
 */
export function joinClaim(claim: JoinClaim): Uint8Array {
  return encode(joinClaimStructure, claim);
}

function holdsLink(
  state: GroupState,
  { invite, signature }: OperationOf<"join">,
  { entry }: EntryContext,
  boxKey: Uint8Array,
): boolean {
  const requestKey = inviteOf(state, invite)?.requestKey;
  const { author, device } = entry;
  const claim = joinClaim({ groupId: state.groupId, invite, identityKey: author, device, boxKey });
  return requestKey !== undefined && verifySignature(requestKey, claim, signature);
}

type ComingAccount = { readonly kind: "known"; readonly account: AccountState; readonly boxKey: Uint8Array };

/** Judges the statements and the steward key of an account that comes in, together with what is kept of it. */
function comingAccount(
  state: GroupState,
  identityKey: Uint8Array,
  statements: OperationOf<"admit">["statements"],
  stewardKey: Uint8Array | null,
): ComingAccount | Fails {
  const former = accountOf(state, identityKey);
  const union = addVerified(former === undefined ? emptyAccount(identityKey) : knownOf(former), statements);
  if (union.kind === "fault") return fails(union.reason);
  const { boxKey } = union.account;
  if (boxKey === null) return fails("no-box-key");
  if (stewardKey !== null && !isStewardKeyFree(state, identityKey, stewardKey)) return fails("steward-key-used");
  if (membersOf(state).length >= MAX_ACCOUNTS) return fails("group-full");
  return { kind: "known", account: union.account, boxKey: boxKey.publicKey };
}

interface Coming {
  readonly known: AccountState;
  readonly stewardKey: Uint8Array | null;
  readonly role: Role;
  readonly came: CameIn;
}

function withComing(state: GroupState, { known, stewardKey, role, came }: Coming, index: number): GroupState {
  const former = accountOf(state, known.identityKey) ?? newcomer(known.identityKey, stewardKey);
  const begins = { from: index, until: null };
  const account: GroupAccount = {
    ...withKnown(former, known, index),
    stewardKey,
    spentStewardKeys: spentBy(former, stewardKey),
    stays: [...former.stays, { ...begins, ended: null, came }],
    facilitations: role === "facilitator" ? [...former.facilitations, begins] : former.facilitations,
  };
  return withAccount(state, account);
}

/** A former steward key that is not taken up again is spent. */
function spentBy(
  { stewardKey: former, spentStewardKeys }: GroupAccount,
  now: Uint8Array | null,
): readonly Uint8Array[] {
  const isTakenUp = former === null || (now !== null && sameBytes(former, now));
  return isTakenUp ? spentStewardKeys : [...spentStewardKeys, former];
}

function newcomer(identityKey: Uint8Array, stewardKey: Uint8Array | null): GroupAccount {
  return {
    identityKey,
    statements: [],
    devices: [],
    boxKeys: [],
    stewardKey,
    spentStewardKeys: [],
    stays: [],
    facilitations: [],
    lastWords: [],
  };
}

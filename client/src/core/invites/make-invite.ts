import {
  fromBase64Url,
  isFacilitator,
  makeInvite,
  membersOf,
  openDeskKeys,
  toHex,
  type DeskRecipient,
  type GroupState,
  type MadeInvite,
} from "@unionhall/crypto";
import { CreateTickets, limits } from "@unionhall/server/contract";
import type { EngineParts } from "../engine.ts";
import { HallError } from "../problems.ts";
import type { LoadedGroup } from "../sync/loaded-group.ts";
import { orStopped } from "../stop.ts";
import { DeskServer } from "./desk-server.ts";
import { mayPass, type Errands } from "./errands.ts";
import { checkMakeInvite, deskExpiryDay, expiryOf, fitting, nameMaxBytes } from "./invite-rules.ts";
import { invitePlans, type StoredPlan } from "./invite-store.ts";
import type { MakeInvite } from "./invites-door.ts";
import { withInvite, withInviteEnded } from "./vault-invites.ts";

type MakingParts = Pick<
  EngineParts,
  "origin" | "api" | "clock" | "random" | "account" | "vault" | "store" | "profile" | "stop"
> & { readonly errands: Errands };

/**
 * Makes an invite (protocol section 7): tickets from the account's quota, everything else decided and stored, then the desk on the server, then the
 * chain. When this rejects, there is no such invite and none will come; but with `timed-out` it goes on by itself.
 *
 * @returns the invite's id (16 bytes)
 * @throws HallError `not-a-facilitator`, `number-out-of-range`, `note-too-long`, `quota-spent`, `offline`, `timed-out`
 */
export async function makeInviteFor(parts: MakingParts, group: LoadedGroup, input: MakeInvite): Promise<Uint8Array> {
  if (group.role !== "facilitator") throw new HallError("not-a-facilitator", "only facilitators invite");
  checkMakeInvite(input, group.state.rules?.history ?? "all");
  const plan = await newPlan(parts, group, input);
  try {
    await carryOutPlan(parts, group, plan);
  } catch (error) {
    // Closed on the way, or dead: the stored plan goes on at the next start.
    if (!(error instanceof HallError) || parts.stop.stopped) throw error;
    if (error.problem === "timed-out") goOnWithPlan(parts, group, plan);
    else await dropPlan(parts, plan);
    throw error;
  }
  return plan.operation.id;
}

/** Goes on with a plan until the invite is there, or cannot come about any more: after an earlier run of the program, or where no word came. */
export function goOnWithPlan(parts: MakingParts, group: LoadedGroup, plan: StoredPlan): void {
  parts.errands.run(`plan ${toHex(plan.operation.id)}`, async () => {
    await resumePlan(parts, group, plan);
    return "done";
  });
}

/** @throws HallError only what may pass */
async function resumePlan(parts: MakingParts, group: LoadedGroup, plan: StoredPlan): Promise<void> {
  try {
    await carryOutPlan(parts, group, plan);
  } catch (error) {
    if (!(error instanceof HallError) || parts.stop.stopped || mayPass(error)) throw error;
    await dropPlan(parts, plan);
  }
}

async function newPlan(parts: MakingParts, group: LoadedGroup, input: MakeInvite): Promise<StoredPlan> {
  const [ticket] = await tickets(parts, "mailbox", 1);
  if (ticket === undefined) throw new HallError("server-lies", "the hall gave fewer tickets than it was asked for");
  const registering = await tickets(parts, "register", input.uses);
  const made = madeOf(parts, group, input, registering);
  const plan: StoredPlan = {
    groupId: group.groupId,
    secret: made.secret,
    operation: made.operation,
    desk: {
      ticket,
      readKey: made.deskKeys.readKey.publicKey,
      writeToken: made.keys.deskWriteToken,
      expiryDay: deskExpiryDay(made.operation.expiry),
      // The same for every invite: the number tells the server nothing.
      itemLimit: limits.mailboxItems,
      preview: made.sealedPreview,
    },
    note: input.note,
  };
  await parts.store.map(invitePlans).put(toHex(plan.operation.id), plan);
  return plan;
}

function madeOf(
  { account, clock, profile, random }: MakingParts,
  { groupId, id, name, state }: LoadedGroup,
  input: MakeInvite,
  registering: readonly Uint8Array[],
): MadeInvite {
  const plan = {
    groupId,
    groupName: fitting(name ?? id.slice(0, 8), nameMaxBytes),
    inviterName: fitting(profile().name, nameMaxBytes) || toHex(account.accountId).slice(0, 8),
    inviter: account.identityKey,
    rules: state.rules ?? { history: "all", retentionDays: null },
    admission: input.mode,
    expiry: expiryOf(input, clock.now()),
    uses: input.uses,
    // The note is for one's own list: it stays in the vault.
    presets: { role: "member", union: null, language: null, note: null },
    tickets: registering,
    facilitators: deskReaders(state),
  } as const;
  return makeInvite(plan, random);
}

/** Every facilitator of this moment, with the box key that counts. */
function deskReaders(state: GroupState): readonly DeskRecipient[] {
  return membersOf(state)
    .filter(isFacilitator)
    .flatMap(({ identityKey, boxKeys }) => {
      const boxKey = boxKeys.at(-1)?.boxKey.publicKey;
      return boxKey === undefined ? [] : [{ identityKey, boxKey }];
    });
}

async function tickets(
  { api }: MakingParts,
  purpose: "register" | "mailbox",
  count: number,
): Promise<readonly Uint8Array[]> {
  const { body } = await api.call(CreateTickets, { body: { purpose, count } });
  return body.tickets.slice(0, count).map((ticket) => fromBase64Url(ticket));
}

/** Every step can be repeated: the link in the vault, the desk, the entry, and then the plan is done with. */
async function carryOutPlan(parts: MakingParts, group: LoadedGroup, plan: StoredPlan): Promise<void> {
  const { vault, clock, api, origin, store, stop } = parts;
  const { secret, operation, desk, note } = plan;
  const kept = { groupId: plan.groupId, secret, expires: operation.expiry, note };
  await vault.note((content) => withInvite(content, kept, clock.now()));
  const opened = await new DeskServer(operation.desk.mailboxId, api, origin).open(desk);
  if (opened === "refused") throw new HallError("server-refused", "the hall did not open a desk for the invite");
  await orStopped(group.propose([operation]), stop);
  await store.map(invitePlans).delete(toHex(operation.id));
}

/** The invite will not come about: nothing of it is shown or kept, and its desk goes if it can, with the preview and the tickets in it. */
async function dropPlan(parts: MakingParts, plan: StoredPlan): Promise<void> {
  const { vault, clock, store, errands } = parts;
  const id = toHex(plan.operation.id);
  // First, as it needs no room: a plan that is there goes on at the next start.
  await store.map(invitePlans).delete(id);
  errands.run(`close plan ${id}`, async () => {
    await closeDesk(parts, plan);
    return "done";
  });
  await vault.note((content) => withInviteEnded(content, plan.secret, clock.now()));
}

async function closeDesk(
  { account, api, origin, clock }: MakingParts,
  { groupId, operation }: StoredPlan,
): Promise<void> {
  const boxKeys = account.boxKeys().map(({ box }) => box);
  const keys = openDeskKeys(operation.desk, { groupId, inviteId: operation.id }, account.identityKey, boxKeys);
  const desk = new DeskServer(operation.desk.mailboxId, api, origin);
  const reading = keys === null ? null : await desk.token(keys.readKey, clock.now());
  if (reading !== null) await desk.close(reading.token);
}

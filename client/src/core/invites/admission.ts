import {
  accountOf,
  boxLabel,
  equalBytes,
  inviteFault,
  isIn,
  KeyError,
  linkKeys,
  openBox,
  OpenError,
  refusalLabel,
  requestLabel,
  toHex,
  type EraKeys,
  type GroupInvite,
  type GroupState,
  type LinkKeys,
} from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import type { Account, BoxKeys } from "../session/account.ts";
import { GroupServer } from "../sync/group-server.ts";
import type { StoredJoin } from "./invite-store.ts";
import { isRefusal } from "./request-refusal.ts";

/** An answer to one's own request that lies among a group's boxes. */
export type Answer =
  /** A key of an era. Whether it is the group's is for entering to find out. */
  { readonly kind: "box"; readonly keys: EraKeys } | { readonly kind: "refused" };

/** What a guest waits for. */
export interface Awaited {
  /** 32 bytes each. */
  readonly groupId: Uint8Array;
  readonly requestId: Uint8Array;
}

type AdmissionParts = Pick<EngineParts, "api" | "origin" | "live" | "account">;

interface OwnLabel {
  readonly label: Uint8Array;
  readonly era: number;
  readonly boxKeys: readonly BoxKeys[];
}

/**
 * Watches for the answer to one's own request: the box under the request's label and the ordinary one, in whichever era is the newest, and the note
 * of a refusal. Only what this device asked for is ever looked at: a box that somebody lays for a stranger stays where it is (threat model 28).
 */
class AdmissionWatch {
  readonly #parts: AdmissionParts;
  readonly #awaited: Awaited;
  readonly #onAnswer: (answer: Answer) => void;
  readonly #stopNote: () => void;
  #labels: readonly OwnLabel[] = [];
  #stopLabels: readonly (() => void)[] = [];

  constructor(parts: AdmissionParts, awaited: Awaited, onAnswer: (answer: Answer) => void) {
    this.#parts = parts;
    this.#awaited = awaited;
    this.#onAnswer = onAnswer;
    const { groupId, requestId } = awaited;
    // The note's label is the same in every era: what is said of eras comes with it, from the first answer on.
    this.#stopNote = parts.live.awaitBox(groupId, refusalLabel(requestId, groupId), {
      box: ({ box }) => {
        if (isRefusal(box.box, requestId, groupId)) onAnswer({ kind: "refused" });
      },
      era: ({ era, labelKey }) => this.#follow(era, labelKey),
      ended: () => {},
    });
  }

  stop(): void {
    this.#stopNote();
    for (const stop of this.#stopLabels) stop();
    this.#stopLabels = [];
  }

  /** Labels differ by era: those of the newest are awaited, in place of those before. */
  #follow(era: number, labelKey: Uint8Array): void {
    const labels = labelsOf(this.#parts.account, this.#awaited, era, labelKey);
    const known = new Set(this.#labels.map(({ label }) => toHex(label)));
    if (labels.length === known.size && labels.every(({ label }) => known.has(toHex(label)))) return;
    const { groupId } = this.#awaited;
    const stopBefore = this.#stopLabels;
    this.#labels = labels;
    this.#stopLabels = labels.map((own) =>
      this.#parts.live.awaitBox(groupId, own.label, {
        box: ({ box }) => {
          const keys = opened(box.box, groupId, own);
          if (keys !== null) this.#onAnswer({ kind: "box", keys });
        },
        era: () => {},
        ended: () => {},
      }),
    );
    for (const stop of stopBefore) stop();
  }
}

/** One watch per group at a time. */
export class AdmissionWatches {
  readonly #parts: AdmissionParts;
  readonly #watches = new Map<string, { readonly requestId: Uint8Array; readonly watch: AdmissionWatch }>();

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Watches for this request in place of an earlier one; the same again goes on. */
  watch(awaited: Awaited, onAnswer: (answer: Answer) => void): void {
    const id = toHex(awaited.groupId);
    const before = this.#watches.get(id);
    if (before !== undefined && equalBytes(before.requestId, awaited.requestId)) return;
    before?.watch.stop();
    const watch = new AdmissionWatch(this.#parts, awaited, onAnswer);
    this.#watches.set(id, { requestId: awaited.requestId, watch });
  }

  stop(id: string): void {
    this.#watches.get(id)?.watch.stop();
    this.#watches.delete(id);
  }
}

/**
 * Looks once, by HTTP, whether there is an answer.
 *
 * @throws HallError `offline`, `group-unknown`
 */
export async function lookForAnswers(
  { api, origin, account }: Omit<AdmissionParts, "live">,
  awaited: Awaited,
): Promise<readonly Answer[]> {
  const { groupId, requestId } = awaited;
  const server = new GroupServer(groupId, api, origin);
  const eras = await server.eras();
  const newest = eras.kept.find(({ era }) => era === eras.newest);
  const labels = newest === undefined ? [] : labelsOf(account, awaited, newest.era, newest.labelKey);
  const found = await server.boxes([...labels.map(({ label }) => label), refusalLabel(requestId, groupId)]);
  return found.flatMap(({ label, box }): readonly Answer[] => {
    const own = labels.find((one) => equalBytes(one.label, label));
    if (own === undefined) return isRefusal(box, requestId, groupId) ? [{ kind: "refused" }] : [];
    const keys = opened(box, groupId, own);
    return keys === null ? [] : [{ kind: "box", keys }];
  });
}

function labelsOf(
  account: Account,
  { groupId, requestId }: Awaited,
  era: number,
  labelKey: Uint8Array,
): readonly OwnLabel[] {
  const boxKeys = account.boxKeys();
  const owner = { kind: "account", identityKey: account.identityKey } as const;
  const ordinary = boxKeys.flatMap((keys): readonly OwnLabel[] => {
    try {
      return [{ label: boxLabel(keys.label, labelKey, owner, groupId, era), era, boxKeys: [keys] }];
    } catch (error) {
      // A label key of low order is none that a member's program made.
      if (error instanceof KeyError) return [];
      throw error;
    }
  });
  return [{ label: requestLabel(requestId, groupId, era), era, boxKeys }, ...ordinary];
}

/** Null for junk: whoever is in the era can lay some under any label. */
function opened(box: Uint8Array, groupId: Uint8Array, { era, boxKeys }: OwnLabel): EraKeys | null {
  for (const { box: pair } of boxKeys) {
    try {
      return openBox(box, groupId, era, pair);
    } catch (error) {
      if (!(error instanceof OpenError)) throw error;
    }
  }
  return null;
}

/**
 * Whether the group that the box opened is the one that the link led to, and this account came in as it asked to: the chain holds the link's invite
 * as the preview showed it, and that invite, or another by which this account asked into the same group before and never heard of an answer
 * (`before`, secrets of links), was not over then (protocol section 7). The chain's own rules have judged the rest.
 */
export function isAsAsked(
  state: GroupState,
  join: StoredJoin,
  identityKey: Uint8Array,
  before: readonly Uint8Array[],
): boolean {
  const keys = linkKeys(join.groupId, join.secret);
  const invite = inviteBy(state, keys);
  const account = accountOf(state, identityKey);
  if (invite === null || account === undefined || !isIn(account)) return false;
  const fault = join.preview === null ? null : inviteFault(state, keys, join.preview, 0);
  if (fault === "differs-from-preview" || fault === "not-in-chain") return false;
  const cameAt = account.stays.at(-1)?.from ?? 0;
  return (
    wasOpenAt(invite, cameAt) ||
    before.some((secret) => wasOpenAt(inviteBy(state, linkKeys(join.groupId, secret)), cameAt))
  );
}

/** Null where the chain has no invite by this link. */
function inviteBy(state: GroupState, { inviteId, requestKey }: LinkKeys): GroupInvite | null {
  const invite = state.invites.get(toHex(inviteId));
  return invite !== undefined && equalBytes(invite.requestKey, requestKey.publicKey) ? invite : null;
}

function wasOpenAt(invite: GroupInvite | null, index: number): boolean {
  return invite !== null && invite.since < index && (invite.ended === null || invite.ended.index >= index);
}

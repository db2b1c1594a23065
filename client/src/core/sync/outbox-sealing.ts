import {
  bareStatement,
  deviceAt,
  equalBytes,
  headOf,
  newestEra,
  placeOfKind,
  recordIdOf,
  sealRecord,
  type RecordBody,
  type RecordDraft,
  type SealRefusal,
} from "@unionhall/crypto";
import { HallError, type HallProblem } from "../problems.ts";
import type { GroupDraft } from "./group-draft.ts";
import type { GroupParts } from "./group-parts.ts";
import { asFailed, sealLine } from "./outbox-plan.ts";
import type { OutboxItem } from "./outbox-store.ts";

/** Where a record stands: ids of 16 bytes. And when, in milliseconds since 1970, if not now. */
export interface RecordPlace {
  readonly topic?: Uint8Array;
  readonly target?: Uint8Array;
  readonly time?: number;
}

const dayMilliseconds = 86_400_000;

/** A record as it comes into the outbox, not sealed yet. @throws HallError as {@link requireMember} */
export async function newOutboxItem(
  parts: GroupParts,
  draft: GroupDraft,
  body: RecordBody,
  { topic, target, time }: RecordPlace,
): Promise<OutboxItem> {
  requireMember(draft);
  const { random, clock, account } = parts;
  const salt = random(16);
  const recordId = recordIdOf(draft.groupId, account.device.signing.publicKey, salt);
  const existing = await draft.caches.outbox.all(draft.tx);
  const now = clock.now();
  const own = body.kind !== "unknown" && placeOfKind(body.kind).topic === "own";
  return {
    order: Math.max(-1, ...existing.map(({ order }) => order)) + 1,
    salt,
    recordId,
    body,
    topic: own ? recordId : (topic ?? null),
    target: target ?? null,
    expires: expiryOf(draft, body, now),
    time: time ?? now,
    sealed: null,
    versions: [],
    state: { kind: "waiting" },
  };
}

/** Seals everything that must be sealed before it can go, in its order. */
export async function sealWaiting(parts: GroupParts, draft: GroupDraft): Promise<void> {
  const newest = draft.stored.newest;
  // A record's head lies inside its era: once the chain here is in an era whose keys are not here yet, sealing waits for them.
  if (newest === null || newestEra(draft.state)?.number !== newest.era) return;
  const { own } = draft.stored;
  const items = await draft.caches.outbox.all(draft.tx);
  const { changed, number } = sealLine(items, own, newest.era, (next) =>
    seal(parts, draft, next.item, next.number, next.previous, newest.era),
  );
  for (const item of changed) await draft.caches.outbox.put(draft.tx, item);
  if (changed.length > 0) draft.set({ own: { ...own, number } });
}

function seal(
  parts: GroupParts,
  draft: GroupDraft,
  item: OutboxItem,
  number: number,
  previous: RecordDraft["previous"],
  era: number,
): OutboxItem {
  const { account, vault } = parts;
  const keys = draft.recordKeys(era);
  const head = headOf(draft.state);
  if (keys === null || head === null) throw new HallError("group-stopped", "the keys of the newest era are not here");
  const device = account.device.signing;
  const certified = deviceAt(draft.state, account.identityKey, device.publicKey, head.index) === "live";
  const { body, topic, target, expires, time, salt } = item;
  const sealed = sealRecord(
    {
      body,
      topic: topic !== null && equalBytes(topic, item.recordId) ? null : topic,
      target,
      era,
      expires,
      author: account.identityKey,
      statement: certified ? null : bareStatement(account.device.statement),
      number,
      previous,
      seen: draft.stored.seen,
      head,
      vaultVersion: vault.version(),
      time,
      salt,
    },
    device,
    keys,
  );
  if (sealed.kind === "refused") return asFailed(item, problemOfSeal(sealed.reason));
  return {
    ...item,
    sealed: { record: sealed.record, hash: sealed.hash, number, previous: previous?.hash ?? null },
    state: { kind: "waiting" },
  };
}

function expiryOf(draft: GroupDraft, body: RecordBody, now: number): number | null {
  const days = draft.state.rules?.retentionDays ?? null;
  const isContent = body.kind !== "unknown" && !placeOfKind(body.kind).state;
  return days === null || !isContent || draft.stored.notebook ? null : Math.floor(now / dayMilliseconds) + days + 1;
}

/** @throws HallError unless this account is in the group and holds the newest era's keys */
export function requireMember(draft: Pick<GroupDraft, "stored" | "state">): void {
  const { standing } = draft.stored;
  switch (standing.kind) {
    case "member":
      return;
    case "removed":
      throw new HallError("removed", "this account was removed from the group");
    case "stopped":
      throw new HallError("group-stopped", "the group's newest era cannot be entered");
    case "left":
    case "arriving":
      throw new HallError("not-a-member", "this account is not in the group");
  }
}

function problemOfSeal(reason: SealRefusal): HallProblem {
  return reason === "too-large" || reason === "wrong-shape" ? "text-too-long" : "group-stopped";
}

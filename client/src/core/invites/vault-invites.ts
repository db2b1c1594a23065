import { equalBytes, type PendingJoin, type VaultContent, type VaultInvite } from "@unionhall/crypto";
import { seedsOf } from "./asked-seeds.ts";

/**
 * Invites and joins as the vault holds them (protocol section 3), and back. Every change is pure: it is made again on what another device wrote
 * meanwhile.
 */

/** An invite of this account, so that its link can be shown again on every device. */
export interface KeptInvite {
  readonly groupId: Uint8Array;
  readonly secret: Uint8Array;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** For one's own list. */
  readonly note: string;
}

/** What another device, or a recovered one, needs to go on with a join and to show it. */
export interface KeptJoin {
  readonly groupId: Uint8Array;
  readonly secret: Uint8Array;
  readonly requestId: Uint8Array | null;
  readonly stewardSeed: Uint8Array;
  readonly groupName: string;
  readonly inviterName: string;
  readonly checkWords: readonly string[];
  readonly askedAt: number;
  readonly expiry: number;
}

/** Those over are dropped, what is done first: a vault over its limits could not be written any more. */
const mostInvites = 2_000;
const mostJoins = 500;
/** Of one link: devices that ask at once name one each. */
const mostFormerSeeds = 8;
const monthMilliseconds = 30 * 24 * 60 * 60 * 1000;

export function withInvite(content: VaultContent, { note, ...invite }: KeptInvite, now: number): VaultContent {
  const others = content.invites.filter(({ secret }) => !equalBytes(secret, invite.secret));
  const added: VaultInvite = { ...invite, ended: false, changed: now, extra: extrasOf({ note }) };
  const kept = others.filter(({ expires }) => expires + monthMilliseconds > now);
  return { ...content, invites: [...newest(kept, mostInvites - 1), added] };
}

/** The invite was ended, or never came about. */
export function withInviteEnded(content: VaultContent, secret: Uint8Array, now: number): VaultContent {
  const invites = content.invites.map((invite) =>
    equalBytes(invite.secret, secret) && !invite.ended ? { ...invite, ended: true, changed: now } : invite,
  );
  return { ...content, invites };
}

/** The invites to a group that this account made. */
export function invitesIn(content: VaultContent, groupId: Uint8Array): readonly KeptInvite[] {
  return content.invites
    .filter((invite) => equalBytes(invite.groupId, groupId))
    .map(({ secret, expires, extra }) => ({ groupId, secret, expires, note: textIn(extra, "note") }));
}

export function withJoin(content: VaultContent, join: KeptJoin, now: number): VaultContent {
  const { groupId, secret, requestId, stewardSeed, ...shown } = join;
  const others = content.pendingJoins.filter((other) => !equalBytes(other.secret, secret));
  const replaced = content.pendingJoins.filter((other) => equalBytes(other.secret, secret));
  const formerSeeds = replaced.flatMap(seedsOf).filter((seed) => !equalBytes(seed, stewardSeed));
  const added: PendingJoin = {
    groupId,
    secret,
    requestId,
    stewardSeed,
    state: "waiting",
    changed: now,
    extra: extrasOf({
      ...shown,
      checkWords: shown.checkWords.join(" "),
      ...(formerSeeds.length > 0 ? { formerSeeds: formerSeeds.slice(0, mostFormerSeeds) } : {}),
    }),
  };
  return { ...content, pendingJoins: [...newest(others, mostJoins - 1), added] };
}

export function withJoinState(
  content: VaultContent,
  secret: Uint8Array,
  state: "done" | "given-up",
  now: number,
): VaultContent {
  const pendingJoins = content.pendingJoins.map((join) =>
    equalBytes(join.secret, secret) && join.state !== state ? { ...join, state, changed: now } : join,
  );
  return { ...content, pendingJoins };
}

/** How far the vault says that a join is; null when it does not know it. */
export function joinStateIn(content: VaultContent, secret: Uint8Array): PendingJoin["state"] | null {
  return content.pendingJoins.find((join) => equalBytes(join.secret, secret))?.state ?? null;
}

/** Secrets of the links by which this account asked into a group and did not come in, as far as it heard. */
export function secretsGivenUp(content: VaultContent, groupId: Uint8Array): readonly Uint8Array[] {
  return content.pendingJoins
    .filter((join) => join.state !== "done" && equalBytes(join.groupId, groupId))
    .map(({ secret }) => secret);
}

/** Joins that some device of this account began and none has ended. */
export function waitingJoinsIn(content: VaultContent): readonly KeptJoin[] {
  return content.pendingJoins
    .filter(({ state }) => state === "waiting")
    .map(({ groupId, secret, requestId, stewardSeed, extra, changed }) => ({
      groupId,
      secret,
      requestId,
      stewardSeed,
      groupName: textIn(extra, "groupName"),
      inviterName: textIn(extra, "inviterName"),
      checkWords: textIn(extra, "checkWords")
        .split(" ")
        .filter((word) => word !== ""),
      askedAt: numberIn(extra, "askedAt") ?? changed,
      expiry: numberIn(extra, "expiry") ?? changed + 3 * monthMilliseconds,
    }));
}

type Extra = VaultContent["extra"];

function extrasOf(values: Readonly<Record<string, Extra[number]["value"]>>): Extra {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function textIn(extra: Extra, name: string): string {
  const value = extra.find((one) => one.name === name)?.value;
  return typeof value === "string" ? value : "";
}

function numberIn(extra: Extra, name: string): number | null {
  const value = extra.find((one) => one.name === name)?.value;
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}

function newest<T extends { readonly changed: number }>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return items.toSorted((a, b) => b.changed - a.changed).slice(0, most);
}

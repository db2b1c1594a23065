/** A state in plain words, as an oracle can tell it too. */
import { toHex } from "../../primitives/bytes.ts";
import type { GroupAccount, GroupInvite, GroupState } from "../group-state.ts";
import { isFacilitator, isIn } from "../group-state.ts";
import type { History } from "../operations.ts";
import { NAMES } from "./described.ts";
import { person } from "./people.ts";
import { DAY, FOUNDED_AT, HOUR, InviteSecrets } from "./test-group.ts";

export interface StateSummary {
  /** How many items the chain has, void ones too. */
  readonly length: number;
  readonly rules: { readonly history: History; readonly retentionDays: number | null } | null;
  /** Everybody who is or was in, by name. */
  readonly accounts: Readonly<Record<string, AccountSummary>>;
  /** By number. */
  readonly invites: Readonly<Record<string, InviteSummary>>;
  readonly eras: readonly EraSummary[];
  /** `left` and `device-revoked` with the name, `invite-ended` with the number, in order of time: `"left bo"`, `"invite-ended 2"`. */
  readonly eraDue: readonly string[];
  /** Hours after the founding; null before any facilitator's entry counted. */
  readonly facilitatorTime: number | null;
  /** Days after the founding's day. */
  readonly cutDay: number | null;
}

export interface AccountSummary {
  readonly role: "facilitator" | "member" | null;
  /** `[from, until, how it ended]`, in chain indexes. */
  readonly stays: readonly (readonly [number, number | null, string | null])[];
  readonly facilitations: readonly (readonly [number, number | null])[];
  /** By number of the device: since which entry certified and revoked. */
  readonly devices: Readonly<Record<string, readonly [number | null, number | null]>>;
  /** `[since, generation]` */
  readonly boxKeys: readonly (readonly [number, number])[];
  /** `"ana 0"`: the 0th key of ana. */
  readonly steward: string | null;
  readonly lastWords: readonly WordsSummary[];
}

export interface WordsSummary {
  readonly index: number;
  readonly binds: "all" | "role";
  /** Numbers of the devices affected, ascending; null: all. */
  readonly devices: readonly number[] | null;
  /** Numbers of the accepted records, ascending, by number of the device. */
  readonly words: Readonly<Record<string, readonly number[]>>;
}

export interface InviteSummary {
  readonly usesLeft: number;
  /** `"by-hand 3"`: the cause and the entry that ended it. */
  readonly ended: string | null;
}

export interface EraSummary {
  readonly startIndex: number;
  readonly linksContent: boolean;
}

/** Devices and steward keys are told apart up to these numbers. */
const DEVICES = 5;
const STEWARD_KEYS = 8;
const INVITES = 8;

const names = new Map(NAMES.map((name) => [toHex(person(name).key), name]));
const inviteNumbers = new Map(Array.from({ length: INVITES }, (_, at) => [toHex(new InviteSecrets(at).id), at]));
const stewardNames = new Map(
  NAMES.flatMap((name) =>
    Array.from({ length: STEWARD_KEYS }, (_, at) => [toHex(person(name).stewardKey(at).publicKey), `${name} ${at}`]),
  ).map(([hex, label]) => [String(hex), String(label)]),
);

export function summaryOf(state: GroupState): StateSummary {
  return {
    length: state.hashes.length,
    rules: state.rules,
    accounts: Object.fromEntries(
      [...state.accounts.values()].map((one) => [nameOf(one.identityKey), summaryOfAccount(one)]),
    ),
    invites: Object.fromEntries([...state.invites.values()].map((one) => [numberOf(one.id), summaryOfInvite(one)])),
    eras: state.eras.map(({ startIndex, linksContent }) => ({ startIndex, linksContent })),
    eraDue: state.eraDue.map((due) =>
      due.kind === "invite-ended" ? `${due.kind} ${numberOf(due.invite)}` : `${due.kind} ${nameOf(due.identityKey)}`,
    ),
    facilitatorTime: state.eras.length === 0 ? null : (state.facilitatorTime - FOUNDED_AT) / HOUR,
    cutDay: state.cutDay === null ? null : state.cutDay - Math.floor(FOUNDED_AT / DAY),
  };
}

function nameOf(identityKey: Uint8Array): string {
  return names.get(toHex(identityKey)) ?? "a stranger";
}

function numberOf(invite: Uint8Array): number {
  return inviteNumbers.get(toHex(invite)) ?? -1;
}

function summaryOfAccount(account: GroupAccount): AccountSummary {
  const numbers = deviceNumbers(account);
  const numbered = (key: Uint8Array): number => numbers.get(toHex(key)) ?? -1;
  return {
    role: isIn(account) ? (isFacilitator(account) ? "facilitator" : "member") : null,
    stays: account.stays.map(({ from, until, ended }) => [from, until, ended]),
    facilitations: account.facilitations.map(({ from, until }) => [from, until]),
    devices: Object.fromEntries(
      account.devices.map(({ key, certifiedAt, revokedAt }) => [numbered(key), [certifiedAt, revokedAt]]),
    ),
    boxKeys: account.boxKeys.map(({ since, boxKey }) => [since, boxKey.generation]),
    steward: account.stewardKey === null ? null : (stewardNames.get(toHex(account.stewardKey)) ?? "a stranger's"),
    lastWords: account.lastWords.map(({ index, binds, devices, words }) => ({
      index,
      binds,
      devices: devices?.map(numbered).toSorted((a, b) => a - b) ?? null,
      words: Object.fromEntries(
        words.map(({ device, heads }) => [
          numbered(device),
          heads.map(({ number }) => number).toSorted((a, b) => a - b),
        ]),
      ),
    })),
  };
}

function deviceNumbers({ identityKey }: GroupAccount): ReadonlyMap<string, number> {
  const who = person(nameOf(identityKey));
  return new Map(Array.from({ length: DEVICES }, (_, at) => [toHex(who.device(at).publicKey), at]));
}

function summaryOfInvite({ usesLeft, ended }: GroupInvite): InviteSummary {
  return { usesLeft, ended: ended === null ? null : `${ended.cause} ${ended.index}` };
}

import {
  compareBytes,
  fromHex,
  lastWordsFor,
  lastWordsOf,
  stewardKeyPair,
  toHex,
  type GroupState,
  type LastWords,
  type RecordFacts,
  type RecordSet,
  type WordsHead,
} from "@unionhall/crypto";
import type { Account, Device } from "../session/account.ts";
import { recordsOfAccounts } from "./account-records.ts";
import { accountsLosingStanding, type Planner } from "./act-plan.ts";
import type { GroupAct } from "./group-act.ts";
import type { GroupDraft } from "./group-draft.ts";
import { nextStewardSeed } from "./own-steward-key.ts";

/**
 * Records (by `seq`) of which entries from `firstNewIndex` on may say something new: those that their last words do not lead to, and those of
 * devices that they certify. What new words lead to is judged as before.
 */
export async function recordsSpokenOf(draft: GroupDraft, firstNewIndex: number): Promise<readonly number[]> {
  const { state } = draft;
  const spokenOf = accountsSpokenOf(state, firstNewIndex);
  if (spokenOf.length === 0) return [];
  const records = await recordsOfAccounts(draft, spokenOf);
  return spokenOf
    .flatMap((identityKey) =>
      recordsOf(state, records.set, identityKey).filter((facts) =>
        isDoubted(state, records.set, facts, identityKey, firstNewIndex),
      ),
    )
    .flatMap(({ hash }) => records.get(hash)?.seq ?? []);
}

/** Those that name this account as author, and those of its devices that only a newer version of the program reads. */
function recordsOf({ accounts }: GroupState, records: RecordSet, identityKey: Uint8Array): readonly RecordFacts[] {
  const devices = accounts.get(toHex(identityKey))?.devices ?? [];
  const newer = devices
    .flatMap(({ key }) => records.ofDevice(toHex(key)))
    .filter(({ body }) => body.kind === "newer-version");
  return [...records.ofAuthor(toHex(identityKey)), ...newer];
}

function accountsSpokenOf({ accounts }: GroupState, firstNewIndex: number): readonly Uint8Array[] {
  return [...accounts.values()]
    .filter(
      ({ lastWords, devices }) =>
        lastWords.some(({ index }) => index >= firstNewIndex) ||
        devices.some(({ certifiedAt }) => certifiedAt !== null && certifiedAt >= firstNewIndex),
    )
    .map(({ identityKey }) => identityKey);
}

function isDoubted(
  state: GroupState,
  records: RecordSet,
  { hash, stub }: RecordFacts,
  author: Uint8Array,
  firstNewIndex: number,
): boolean {
  if (stub === null) return false;
  const device = fromHex(stub.device);
  const certified = state.accounts
    .get(toHex(author))
    ?.devices.some(({ key, certifiedAt }) => toHex(key) === stub.device && (certifiedAt ?? -1) >= firstNewIndex);
  const words = lastWordsFor(state, author, device, stub.headIndex).filter(({ index }) => index >= firstNewIndex);
  const leadsHere = (head: WordsHead): boolean => records.walks.reaches(stub.device, head, hash, stub.number) === "yes";
  return certified === true || words.some(({ heads }) => !heads.some(leadsHere));
}

/** What planning acts asks: of whom they take standing away, the last words are made from the records held of that account at this moment. */
export async function plannerFor(
  draft: GroupDraft,
  account: Pick<Account, "identityKey" | "state" | "boxKeys"> & { readonly device: Pick<Device, "signing"> },
  acts: readonly GroupAct[],
): Promise<Planner> {
  const { identityKey } = account;
  const about = { identityKey, account: account.state() };
  const affected = accountsLosingStanding(draft.state, acts, about);
  const records = affected.length === 0 ? null : await recordsOfAccounts(draft, affected);
  const sent = { device: account.device.signing.publicKey, heads: await ownHeads(draft) };
  const own = toHex(identityKey);
  return {
    ...about,
    nextStewardKey: (mine) => stewardKeyPair(nextStewardSeed({ account }, draft.groupId, mine)).publicKey,
    lastWordsOf: (of, devices) =>
      records === null ? [] : lastWordsOf(draft.state, records.set, of, devices, toHex(of) === own ? sent : null),
  };
}

/** Own last words: the last acknowledged record, and each by itself those sent and not acknowledged. */
async function ownHeads(draft: GroupDraft): Promise<LastWords[number]["heads"]> {
  const { acknowledged } = draft.stored.own;
  const heads = new Map<string, WordsHead>();
  if (acknowledged !== null) heads.set(toHex(acknowledged.hash), acknowledged);
  for (const { sealed, state } of await draft.caches.outbox.all(draft.tx))
    if (sealed !== null && state.kind !== "failed")
      heads.set(toHex(sealed.hash), { number: sealed.number, hash: sealed.hash });
  return [...heads.values()].toSorted((a, b) => a.number - b.number || compareBytes(a.hash, b.hash)).slice(-MOST_HEADS);
}

/** Records that one set of last words may name for one device. */
const MOST_HEADS = 64;

import {
  boxKeyHash,
  checkWords,
  joinCheckInput,
  newStewardSeed,
  sealRequest,
  statementForGroups,
  stewardKeyPair,
  type JoinRequest,
} from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import { HallError } from "../problems.ts";
import { fitting, nameMaxBytes } from "./invite-rules.ts";
import type { StoredJoin } from "./invite-store.ts";
import type { FollowedLink } from "./read-invite.ts";
import { seedToAskWith } from "./asked-seeds.ts";

type AskingParts = Pick<EngineParts, "account" | "clock" | "random" | "profile" | "vault">;

/** Longest language tag in a request. */
const languageMaxBytes = 35;

/**
 * All that a way in takes, to be stored before anything is sent: the steward key, and with approval the sealed request with its check words.
 *
 * @throws HallError `name-empty`
 */
export async function newJoin(parts: AskingParts, followed: FollowedLink, note: string): Promise<StoredJoin> {
  const { link, preview } = followed;
  const stewardSeed = seedToAskWith(parts.vault.content(), link.groupId) ?? newStewardSeed(parts.random);
  return {
    groupId: link.groupId,
    secret: link.secret,
    stewardSeed,
    preview: { ...preview, tickets: [] },
    way: preview.admission === "instant" ? { kind: "instant" } : await asking(parts, followed, note, stewardSeed),
    groupName: preview.groupName,
    inviterName: preview.inviterName,
    askedAt: parts.clock.now(),
    expiry: preview.expiry,
    inVault: false,
    state: "under-way",
  };
}

async function asking(
  parts: AskingParts,
  { link, keys, preview }: FollowedLink,
  note: string,
  stewardSeed: Uint8Array,
): Promise<StoredJoin["way"]> {
  const { account, clock, random } = parts;
  const state = account.state();
  if (state.boxKey === null) throw new HallError("no-account", "the account has no box key");
  const request: JoinRequest = {
    groupId: link.groupId,
    inviteId: keys.inviteId,
    identityKey: account.identityKey,
    device: account.device.signing.publicKey,
    boxKeyHash: boxKeyHash(state.boxKey),
    stewardKey: stewardKeyPair(stewardSeed).publicKey,
    statements: [...state.statements.values()].map(statementForGroups),
    ...introduction(parts),
    note: note.toWellFormed(),
    time: clock.now(),
  };
  const { sealed, requestId } = sealRequest(request, keys, account.device.signing, preview.deskBoxKey, random);
  const desk = { boxKey: preview.deskBoxKey, readKey: preview.deskReadKey };
  const words = await checkWords("join-request", joinCheckInput(desk, request, requestId));
  return { kind: "approval", requestId, checkWords: words, unsent: sealed };
}

function introduction({ profile }: AskingParts): Pick<JoinRequest, "name" | "union" | "language"> {
  const { name, union, languages } = profile();
  const shown = fitting(name, nameMaxBytes);
  if (shown === "") throw new HallError("name-empty", "a name is needed to ask");
  const [language = ""] = languages;
  return {
    name: shown,
    union: fitting(union ?? "", nameMaxBytes) || null,
    language: fitting(language, languageMaxBytes) || null,
  };
}

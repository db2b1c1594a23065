import { accountOf, fromHex, toHex, type GroupState, type OpenFacts } from "@unionhall/crypto";
import type { GroupDraft } from "./group-draft.ts";
import { refusedRecords, warnings } from "./group-store.ts";
import { isAccepted, openFacts, type Self, type VerdictChange } from "./verdict-change.ts";
import { unwarn, warn } from "./warnings.ts";

/** More gaps than this are not told one by one: anybody can name what never was. */
const mostGaps = 32;

/**
 * What records give away about the hall, and about members (protocol section 8): written on another chain, ahead of the chain that is shown here,
 * following upon records that are not here. A gap is taken back once what was missing has come.
 */
export async function followDoubts(draft: GroupDraft, changes: readonly VerdictChange[], self: Self): Promise<void> {
  const gaps = await gapsOf(draft);
  for (const { before, after, facts } of changes) {
    if (before === null) await takeBack(draft, gaps, facts.hash);
    if (isAhead(before) && !isAhead(after)) await takeBack(draft, gaps, aheadCause(facts.hash));
  }
  for (const change of changes) {
    const { after, facts } = change;
    if (isAhead(after)) await doubtHead(draft, gaps, change, self);
    if (isBodyWithheld(change)) await warnOfGap(draft, gaps, facts.hash, null, self);
    if (after.kind === "counted" && after.marks.includes("gap-before") && facts.stub !== null)
      await warnOfGap(draft, gaps, facts.stub.previousHash, null, self);
    if (change.before === null && isAccepted(after)) await doubtSeen(draft, gaps, change, self);
    if (after.kind === "refused" && after.reason !== "superseded") await keepRefusal(draft, change, after.reason, self);
  }
}

async function gapsOf({ tx, groupId }: GroupDraft): Promise<Set<string>> {
  const known = await tx.map(warnings, groupId).entries();
  return new Set(known.map(({ id }) => String(id)).filter((id) => id.startsWith("gap ")));
}

async function takeBack(draft: GroupDraft, gaps: Set<string>, cause: string): Promise<void> {
  if (gaps.delete(`gap ${cause}`)) await unwarn(draft, "gap", cause);
}

const isAhead = (verdict: VerdictChange["after"] | null): boolean =>
  verdict?.kind === "waiting" && verdict.reason === "head-ahead";

/** Of a record that is locked its link is said to be missing, once for the whole era. */
const isBodyWithheld = ({ after, facts }: VerdictChange): boolean =>
  after.kind === "closed" && after.reason === "withheld" && facts.body.kind === "gone";

const aheadCause = (hash: string): string => `ahead of ${hash}`;

/** In the log an entry comes before whoever wrote under it: one that is not here by then is held back. */
async function doubtHead(draft: GroupDraft, gaps: Set<string>, change: VerdictChange, self: Self): Promise<void> {
  const author = surelyBy(draft.state, change);
  if (author === null) return;
  const detail = "its author wrote a record under an entry of the chain that the hall does not show here";
  await warnBounded(draft, gaps, aheadCause(change.facts.hash), author, detail, self);
}

/** What its author had read before writing. One author's word: a hint. */
async function doubtSeen(draft: GroupDraft, gaps: Set<string>, change: VerdictChange, self: Self): Promise<void> {
  const open = openFacts(change);
  if (open === null) return;
  for (const hash of open.body.seen) {
    const found = await draft.caches.index.find(draft.tx, fromHex(hash));
    if (found.length === 0) await warnOfGap(draft, gaps, hash, fromHex(open.body.author), self);
  }
}

async function warnOfGap(
  draft: GroupDraft,
  gaps: Set<string>,
  missing: string,
  by: Uint8Array | null,
  self: Self,
): Promise<void> {
  const detail =
    by === null
      ? "a record that its author says was sent is missing here"
      : "a record that somebody says to have read is missing here";
  await warnBounded(draft, gaps, missing, by, detail, self);
}

async function warnBounded(
  draft: GroupDraft,
  gaps: Set<string>,
  cause: string,
  by: Uint8Array | null,
  detail: string,
  { now }: Self,
): Promise<void> {
  if (gaps.size >= mostGaps) return;
  gaps.add(`gap ${cause}`);
  await warn(draft, "gap", cause, { noticedAt: now, by, detail });
}

async function keepRefusal(draft: GroupDraft, change: VerdictChange, reason: string, self: Self): Promise<void> {
  const { seq, facts } = change;
  const list = draft.tx.list(refusedRecords, draft.groupId);
  const author = facts.body.kind === "open" ? fromHex(facts.body.author) : null;
  const crossed = reason === "other-chain" ? surelyBy(draft.state, change) : null;
  if (crossed !== null) await warnOfFork(draft, crossed, self);
  await list.put(((await list.last()) ?? -1) + 1, {
    seq,
    recordId: fromHex(facts.recordId),
    author,
    reason,
    noticedAt: self.now,
  });
  draft.say({ kind: "topics", groupId: draft.id });
}

/** A member wrote it on another chain: somebody showed the group in two versions. */
async function warnOfFork(draft: GroupDraft, by: Uint8Array, { now }: Self): Promise<void> {
  await warn(draft, "fork", `records of ${toHex(by)}`, {
    noticedAt: now,
    by,
    detail: "a record was written on another chain of this group than the one the hall shows here",
  });
}

/**
 * The identity key of its author, if its device is that one's for all that is known: whoever holds the group's keys can sign in anybody's name
 * with a device that nobody certified.
 */
function surelyBy(state: GroupState, { facts }: VerdictChange): Uint8Array | null {
  const { body, stub } = facts;
  if (body.kind !== "open" || stub === null) return null;
  const author = fromHex(body.author);
  return isCertified(state, author, stub.device, body) ? author : null;
}

function isCertified(state: GroupState, author: Uint8Array, device: string, body: OpenFacts): boolean {
  const account = accountOf(state, author);
  if (account === undefined) return false;
  return body.certified || account.devices.some(({ key }) => toHex(key) === device);
}

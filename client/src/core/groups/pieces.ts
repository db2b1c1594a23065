import { fromHex, openRecord, toHex, type RecordBody } from "@unionhall/crypto";
import { compareOrder } from "../topics/topic-order.ts";
import type { GroupDraft } from "../sync/group-draft.ts";
import { groupInfo, logItems, profiles, type PlaceInOrder, type StoredProfile } from "../sync/group-store.ts";
import { counts, openFacts, type VerdictChange } from "../sync/verdict-change.ts";

/** What changed verdicts mean for who somebody says to be, and for the group's name: of several, the one that stands last holds. */
export async function followPieces(draft: GroupDraft, changes: readonly VerdictChange[]): Promise<void> {
  for (const change of changes) {
    const kind = openFacts(change)?.body.recordKind;
    if (kind !== "profile" && kind !== "group-info") continue;
    if (counts(change.after)) await takePiece(draft, pieceOf(change));
    else if (counts(change.before)) await findPieceAgain(draft, change);
  }
}

interface Piece {
  readonly author: Uint8Array;
  readonly body: RecordBody | null;
  readonly at: PlaceInOrder;
}

function pieceOf({ facts, body, place }: VerdictChange): Piece {
  const author = facts.body.kind === "open" ? fromHex(facts.body.author) : new Uint8Array();
  return { author, body, at: { place, hash: fromHex(facts.hash) } };
}

async function takePiece(draft: GroupDraft, { author, body, at }: Piece): Promise<void> {
  if (body?.kind === "profile") await takeProfile(draft, toHex(author), { ...at, profile: profileIn(body) });
  if (body?.kind === "group-info") await takeInfo(draft, { ...at, name: body.name, description: body.description });
}

function profileIn(body: Extract<RecordBody, { readonly kind: "profile" }>): StoredProfile["profile"] {
  const { name, union, country, languages } = body;
  return { name, union, country, languages };
}

async function takeProfile(draft: GroupDraft, account: string, found: StoredProfile): Promise<void> {
  const map = draft.tx.map(profiles, draft.groupId);
  const held = await map.get(account);
  if (held !== null && !isLater(found, held)) return;
  await map.put(account, found);
  draft.tell("records");
  draft.say({ kind: "members", groupId: draft.id });
}

async function takeInfo(
  draft: GroupDraft,
  found: PlaceInOrder & { readonly name: string; readonly description: string },
): Promise<void> {
  const map = draft.tx.map(groupInfo, draft.groupId);
  const held = await map.get("info");
  if (held !== null && !isLater(found, held)) return;
  await map.put("info", found);
  draft.set({ info: { name: found.name, description: found.description } });
  draft.tell("records");
  draft.say({ kind: "group", groupId: draft.id });
  draft.say({ kind: "groups" });
}

function isLater(a: PlaceInOrder, b: PlaceInOrder): boolean {
  return compareOrder({ place: a.place, hash: toHex(a.hash) }, { place: b.place, hash: toHex(b.hash) }) > 0;
}

/** One that counted does not any more: if it was the one that held, the next before it is looked up. */
async function findPieceAgain(draft: GroupDraft, change: VerdictChange): Promise<void> {
  const { target } = change.facts;
  if (target === null) return;
  const { author, body } = pieceOf(change);
  if (body?.kind === "profile") await draft.tx.map(profiles, draft.groupId).delete(toHex(author));
  if (body?.kind === "group-info") await draft.tx.map(groupInfo, draft.groupId).delete("info");
  const { tx, caches } = draft;
  for (const seq of await caches.index.find(tx, fromHex(target))) {
    const facts = await caches.shelf.get(tx, seq);
    if (facts === null || facts.target === null || toHex(facts.target) !== target || !counts(facts.verdict)) continue;
    if (facts.body.kind !== "open") continue;
    await takePiece(draft, { author: facts.body.author, body: await bodyAt(draft, seq, facts.era), at: facts });
  }
}

async function bodyAt(draft: GroupDraft, seq: number, era: number): Promise<RecordBody | null> {
  const item = await draft.tx.list(logItems, draft.groupId).get(seq);
  const keys = draft.recordKeys(era);
  if (item?.kind !== "record" || keys === null) return null;
  const opened = openRecord(item, keys);
  return opened.kind === "opened" ? opened.body : null;
}

import { groupLimits } from "../contract/group-limits.ts";
import type { ClientFrame, ServerFrame } from "../contract/live.ts";
import type { GroupPlane } from "../groups/group-plane.ts";
import type { GroupToken, GroupTokens } from "../groups/group-token.ts";
import { refuse } from "../groups/refusal.ts";
import { costOf, type TokenRates } from "../groups/token-rates.ts";
import type { FoundBox } from "../contract/boxes.ts";
import type { DeskNews } from "../mailboxes/desk-news.ts";
import type { MailboxTokens } from "../mailboxes/mailbox-tokens.ts";
import type { FanOut, Missing } from "./fan-out.ts";
import { encodeFrame } from "./frames.ts";
import type { Membership } from "./membership.ts";
import { refusalOf } from "./refused-frame.ts";
import type { Timers } from "./timers.ts";

/** What stands under a label now, and the group's newest era. */
export interface AwaitedNow {
  readonly era: number;
  readonly labelKey: Uint8Array;
  readonly boxes: readonly FoundBox[];
}

export interface RequestDeps {
  readonly plane: GroupPlane;
  readonly tokens: GroupTokens;
  readonly rates: TokenRates;
  readonly fanOut: FanOut;
  readonly timers: Timers;
  readonly deskNews: DeskNews;
  readonly mailboxTokens: Pick<MailboxTokens, "isGood">;
  /** @throws {RefusedError} `unknown-group`, `group-deleted` */
  readonly readAwaited: (groupId: Uint8Array, label: Uint8Array) => Promise<AwaitedNow>;
  /** The answer to a request that ended in this error. */
  readonly refusedBy: (request: number, error: unknown) => ServerFrame;
}

type FrameOf<Kind extends ClientFrame["kind"]> = Extract<ClientFrame, { readonly kind: Kind }>;
type Say = (answer: ServerFrame) => void;

/**
 * Does what a frame asks for, and says so. An `append` and a `chain` are queued before this function first waits, so that they keep the order in
 * which they came.
 *
 * @throws {RefusedError} nothing of it was done
 */
export async function answerTo(
  deps: RequestDeps,
  membership: Membership,
  frame: ClientFrame,
  bytes: number,
  say: Say,
): Promise<void> {
  switch (frame.kind) {
    case "subscribe":
      return subscribe(deps, membership, frame, say);
    case "renew":
      return renew(deps, membership, frame, say);
    case "append":
      return append(deps, membership, frame, bytes, say);
    case "chain":
      return chain(deps, membership, frame, bytes, say);
    case "await":
      return awaitBox(deps, membership, frame, say);
    case "watch":
      watch(deps, membership, frame);
      break;
    case "unsubscribe":
      membership.leave(frame.group);
      break;
    case "stop-await":
      membership.stopAwait(frame.group);
      break;
    case "unwatch":
      membership.unwatch(frame.mailbox);
      break;
  }
  say({ kind: "done", request: frame.request });
}

function spend(deps: RequestDeps, token: GroupToken, cost: number): void {
  const wait = deps.rates.take(token.id, cost);
  if (wait !== null) refuse("too-many-requests", { retryAfterSeconds: wait });
}

function checkToken(deps: RequestDeps, { group, token }: FrameOf<"subscribe" | "renew">): GroupToken {
  const checked = deps.tokens.check(group, token) ?? refuse("token-ended");
  spend(deps, checked, 1);
  return checked;
}

function sayMissing({ request, group }: FrameOf<"subscribe" | "renew">, say: Say): (missing: Missing) => void {
  return ({ era, newestSeq, items }) => {
    say({ kind: "subscribed", request, group, era, newestSeq, byPages: items === null });
  };
}

async function subscribe(
  deps: RequestDeps,
  membership: Membership,
  frame: FrameOf<"subscribe">,
  say: Say,
): Promise<void> {
  const token = checkToken(deps, frame);
  const start = { era: token.era, after: frame.after };
  await membership.enter(frame.group, token, async () =>
    deps.fanOut.subscribe(membership.reader, frame.group, start, sayMissing(frame, say)),
  );
}

async function renew(deps: RequestDeps, membership: Membership, frame: FrameOf<"renew">, say: Say): Promise<void> {
  const { subscription } = membership.require(frame.group);
  const token = checkToken(deps, frame);
  await deps.fanOut.renew(subscription, token.era, sayMissing(frame, say));
  // A later one, of a newer era, may have been quicker.
  if (subscription.era === token.era) membership.replaceToken(frame.group, token);
}

async function append(
  deps: RequestDeps,
  membership: Membership,
  { request, group, records }: FrameOf<"append">,
  bytes: number,
  say: Say,
): Promise<void> {
  const { token } = membership.require(group);
  if (bytes > groupLimits.appendBytes || records.length > groupLimits.recordsPerAppend) refuse("body-too-large");
  spend(deps, token, costOf(bytes, records.length));
  const { seqs, day, refusal } = await deps.plane.append(group, { records, authorEra: token.era });
  if (refusal === null) say({ kind: "appended", request, seqs: [...seqs], day });
  else say(refusalOf(request, refusal, seqs));
}

async function chain(
  deps: RequestDeps,
  membership: Membership,
  { request, group, chain: asked }: FrameOf<"chain">,
  bytes: number,
  say: Say,
): Promise<void> {
  const { token } = membership.require(group);
  if (bytes > groupLimits.chainRequestBytes) refuse("chain-request-too-large");
  // Stewards' requests are outside the token's limit: nothing may starve a removal. Their connection's own was asked before (decision 0013).
  if (asked.command === null) spend(deps, token, costOf(bytes, 1));
  const { seq, day } = await deps.plane.chain(group, asked, token);
  say({ kind: "appended", request, seqs: [seq], day });
}

/** Entered before it is looked up, so that a box which comes in between is told at least once. */
async function awaitBox(
  deps: RequestDeps,
  membership: Membership,
  { request, group, label }: FrameOf<"await">,
  say: Say,
): Promise<void> {
  membership.await(group, label);
  try {
    const { era, labelKey, boxes } = await deps.readAwaited(group, label);
    say({ kind: "done", request });
    say({ kind: "era", group, era, labelKey });
    for (const box of boxes) say({ kind: "box", group, box });
  } catch (error) {
    membership.stopAwait(group);
    throw error;
  }
}

function watch(deps: RequestDeps, membership: Membership, { mailbox, token }: FrameOf<"watch">): void {
  if (!deps.mailboxTokens.isGood(token, mailbox)) refuse("token-ended");
  const message = encodeFrame({ kind: "mail", mailbox });
  membership.watch(mailbox, () =>
    deps.deskNews.watch(mailbox, () => {
      membership.reader.send(message);
    }),
  );
}

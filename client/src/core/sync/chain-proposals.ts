import {
  entryHash,
  equalBytes,
  eraKeysOf,
  nextEra as nextEraKeys,
  proposeEntry,
  sealEntryRequest,
  statementForGroups,
  stewardKeyPair,
  toHex,
  type Act,
  type Proposal,
} from "@unionhall/crypto";
import type { ProblemCode } from "@unionhall/server/contract";
import { HallError } from "../problems.ts";
import { planActs, problemOfRefusal, type Planner } from "./act-plan.ts";
import { AwaitedActs, type Waiting } from "./awaited-acts.ts";
import {
  chainRequests,
  storedRequests,
  type MadeRequest,
  type NumberedRequest,
  type StoredRequest,
} from "./chain-request-store.ts";
import { aboutWhat, type GroupAct, type Proposed } from "./group-act.ts";
import type { GroupDraft } from "./group-draft.ts";
import type { GroupParts } from "./group-parts.ts";
import type { HeldEra } from "./group-store.ts";
import type { HeldGroup } from "./held-group.ts";
import { withVaultGroup } from "./new-group.ts";
import { isListed, takeStewardSeed } from "./own-steward-key.ts";
import { passing, unsubscribed } from "./passing-refusals.ts";
import { plannerFor } from "./last-words.ts";

/** What one step with the first request came to. */
export type Step =
  | { readonly kind: "none" }
  /** The request has gone from the list; whoever waits for it knows. */
  | { readonly kind: "went-on" }
  /** Sent and accepted, or lost: the log shows which. Catch up, then take the next step. */
  | { readonly kind: "look" }
  /** Made anew for the same place; the log has nothing to say about it. */
  | { readonly kind: "again" }
  | { readonly kind: "not-subscribed" }
  /** The server takes no more entries with this token, or none today. `last`: it states own last words, and no record may follow it. */
  | { readonly kind: "token-spent"; readonly last: boolean }
  | { readonly kind: "wait"; readonly milliseconds: number; readonly last: boolean };

/** Another entry, or an era, came before: the log shows it. */
const overtaken: ReadonlySet<ProblemCode> = new Set(["index-taken", "index-ahead", "era-ended", "era-exists"]);

/**
 * Acts on a group's chain, one after the other, each until it stands in the chain or cannot any more. Stored before they are tried; a request
 * that may have been sent goes out again with the same bytes until the log shows what became of its index.
 */
export class ChainProposals {
  readonly #parts: GroupParts;
  readonly #held: HeldGroup;
  readonly #awaited = new AwaitedActs();

  constructor(parts: GroupParts, held: HeldGroup) {
    this.#parts = parts;
    this.#held = held;
  }

  /** Stores acts; `settled` resolves or rejects when it is known what became of them. {@link step} does the work. */
  async add(acts: readonly GroupAct[]): Promise<{ readonly settled: Promise<Proposed> }> {
    const { promise, resolve, reject } = Promise.withResolvers<Proposed>();
    await this.#store(acts, { resolve, reject, since: this.#parts.clock.now() });
    return { settled: promise };
  }

  /** Stores acts, unless the same wait already, that are tried until the chain shows what became of them: nobody waits, and nobody gives them up. */
  async wish(acts: readonly GroupAct[]): Promise<void> {
    const wished = JSON.stringify(acts.map(aboutWhat));
    const waits = (await this.#list()).some(({ request }) => JSON.stringify(request.acts.map(aboutWhat)) === wished);
    if (!waits) await this.#store(acts, null);
  }

  async #store(acts: readonly GroupAct[], waiting: Waiting | null): Promise<void> {
    let number = -1;
    try {
      await this.#held.change(async (draft) => {
        const map = draft.tx.map(chainRequests, draft.groupId);
        const numbers = (await map.entries()).map(({ id }) => Number(id));
        number = Math.max(-1, ...numbers) + 1;
        await map.put(number, { acts, made: null, nextEra: null, abandoned: false });
        if (waiting !== null) this.#awaited.set(number, waiting);
      });
    } catch (error) {
      if (waiting !== null) this.#awaited.unset(number, waiting);
      throw error;
    }
  }

  /** Era keys that own requests under way would bring. */
  async atHand(): Promise<readonly HeldEra[]> {
    const stored = await this.#held.store.map(chainRequests, this.#held.groupId).entries();
    return stored.flatMap(({ value }) => (value.nextEra === null ? [] : [value.nextEra]));
  }

  /** Gives up what was not sent yet and somebody waits for, because there is no connection: nothing of it will happen. */
  async giveUpUnsent(): Promise<void> {
    if (this.#awaited.isEmpty) return;
    const numbers = await this.#held.change(async (draft) => {
      const map = draft.tx.map(chainRequests, draft.groupId);
      const unsent = (await map.entries()).filter(
        ({ id, value }) => value.made === null && !value.abandoned && this.#awaited.has(Number(id)),
      );
      for (const { id } of unsent) await map.delete(Number(id));
      return unsent.map(({ id }) => Number(id));
    });
    for (const number of numbers)
      this.#awaited.settle(number, new HallError("offline", "there is no connection to the hall; nothing was done"));
  }

  /** Nobody waits any longer for what may have been sent; it goes on by itself, also after the next start. */
  async leaveSent(): Promise<void> {
    try {
      await this.giveUpUnsent();
    } finally {
      this.#awaited.leaveAll();
    }
  }

  /** Says what became of requests that the log here shows, without the server: nothing more is sent in a group that is over. */
  async settleShown(): Promise<void> {
    for (const { number, request } of await this.#list())
      if (request.made !== null && this.#held.snapshot.state.hashes.length > request.made.index)
        await this.#judge(number, request, request.made);
  }

  /** The device is closed, or the group is over: what is stored stays, but nobody here waits for it any more. */
  leaveWaiting(): void {
    this.#awaited.close();
  }

  /** Takes the first request as far as it goes. @throws HallError `offline` */
  async step(): Promise<Step> {
    await this.#letGo();
    const [first] = await this.#list();
    if (first === undefined) return { kind: "none" };
    const { number, request } = first;
    const { made } = request;
    if (made !== null && this.#held.snapshot.state.hashes.length > made.index)
      return this.#judge(number, request, made);
    const ready = made ?? (await this.#make(number));
    return ready === null ? { kind: "went-on" } : this.#send(number, request, ready);
  }

  /** The log has something at the index of the request: it, or another that came before it. */
  async #judge(number: number, request: StoredRequest, made: MadeRequest): Promise<Step> {
    const hash = this.#held.snapshot.state.hashes[made.index];
    if (hash !== undefined && equalBytes(hash, made.hash)) {
      await this.#noteStewardKey(request);
      await this.#finish(number, { kind: "done", index: made.index });
      return { kind: "went-on" };
    }
    // The server has seen the boxes of the request that lost. Whoever went by the entry that won may open one: a new key is made.
    await this.#keep(number, { ...request, made: null, nextEra: null });
    return { kind: "went-on" };
  }

  /** A revocation brought a new steward key: from here on it is the one that signs. */
  async #noteStewardKey({ acts }: StoredRequest): Promise<void> {
    if (!acts.some(({ kind }) => kind === "own-account")) return;
    const { vault, clock, account } = this.#parts;
    await this.#held.change(async (draft) => takeStewardSeed(draft, this.#parts));
    await vault.note((content) => withVaultGroup(content, this.#held.snapshot, account.identityKey, clock.now()));
  }

  /** Signs and seals the request for the place after the head. Null where that settled it. */
  async #make(number: number): Promise<MadeRequest | null> {
    const made = await this.#held.change(async (draft) => {
      const map = draft.tx.map(chainRequests, draft.groupId);
      const request = await map.get(number);
      if (request === null) return null;
      takeStewardSeed(draft, this.#parts);
      const planner = await plannerFor(draft, this.#parts.account, request.acts);
      const plan = planActs(draft.state, request.acts, planner);
      if (plan.kind !== "operations") return plan;
      return this.#seal(draft, number, request, planner, plan);
    });
    if (made === null) return null;
    if (!("kind" in made)) return made;
    await this.#finish(number, made.kind === "already" ? made : new HallError(made.problem, made.detail));
    return null;
  }

  async #seal(
    draft: GroupDraft,
    number: number,
    request: StoredRequest,
    planner: Planner,
    plan: Pick<Act, "operations" | "era">,
  ): Promise<
    MadeRequest | { readonly kind: "impossible"; readonly problem: HallError["problem"]; readonly detail: string }
  > {
    const { newest } = draft.stored;
    if (newest === null) return { kind: "impossible", problem: "group-stopped", detail: "no era of the group is open" };
    const newestKeys = eraKeysOf(newest.era, newest.eraKey);
    const next = nextEraKeys(newestKeys, draft.groupId, this.#parts.random);
    const act = { ...plan, author: this.#author(planner), time: this.#parts.clock.now() };
    const proposal = proposeEntry(draft.state, act, { newest: newestKeys, next }, this.#parts.random);
    if (proposal.kind === "refused")
      return {
        kind: "impossible",
        problem: problemOfRefusal(proposal.reason),
        detail: `it would be void: ${proposal.reason}`,
      };
    const made = this.#request(draft, proposal);
    const startsEra = proposal.sealed.startsEra !== null;
    const nextEra = startsEra ? { era: next.number, eraKey: next.eraKey } : null;
    await draft.tx.map(chainRequests, draft.groupId).put(number, { ...request, made, nextEra });
    return made;
  }

  #author({ identityKey, account }: Planner): Act["author"] {
    const statements = [...account.statements.values()].map(statementForGroups);
    return { identityKey, device: this.#parts.account.device.signing, statements };
  }

  #request(draft: GroupDraft, proposal: Proposal): MadeRequest {
    const counter = draft.stored.stewardCounter + 1;
    const key = stewardKeyPair(draft.stored.stewardSeed);
    const signer = isListed(proposal.before, this.#parts.account.identityKey, draft.stored.stewardSeed)
      ? { key, origin: this.#parts.origin, counter }
      : null;
    if (signer !== null) draft.set({ stewardCounter: counter });
    const { entry, boxes, link, command } = sealEntryRequest(proposal, signer);
    const { index, era, startsEra, sealed } = entry;
    const wire = { index, era, starts: startsEra, sealed, boxes: [...boxes], link, command };
    return { index, hash: entryHash(entry), wire };
  }

  async #send(number: number, request: StoredRequest, made: MadeRequest): Promise<Step> {
    const answer = await this.#parts.live.chain(this.#held.groupId, made.wire);
    if (answer.kind === "appended" || overtaken.has(answer.code)) return { kind: "look" };
    if (unsubscribed.has(answer.code)) return { kind: "not-subscribed" };
    if (passing.has(answer.code) || answer.code === "chain-quota-spent") {
      this.#awaited.leaveIfLate(number, this.#parts.clock.now());
      const last = this.#endsOwn(request);
      if (answer.code === "chain-quota-spent") return { kind: "token-spent", last };
      return { kind: "wait", milliseconds: (answer.retryAfterSeconds ?? 2) * 1_000, last };
    }
    if (answer.code === "steward-counter-used") {
      await this.#bumpCounter(number, request);
      return { kind: "again" };
    }
    if (answer.code === "group-full")
      await this.#finish(number, new HallError("group-full", "the group has as many members as a group takes"));
    else await this.#finish(number, new HallError("server-refused", `the hall refused the entry: ${answer.code}`));
    return { kind: "went-on" };
  }

  /** Whether it ends the standing of this account or device: of what is written behind its last words nothing would count. */
  #endsOwn({ acts }: StoredRequest): boolean {
    const { account } = this.#parts;
    const isLast = (act: GroupAct): boolean =>
      act.kind === "leave" || (act.kind === "role" && equalBytes(act.identityKey, account.identityKey));
    return account.state().revoked.has(toHex(account.device.signing.publicKey)) || acts.some(isLast);
  }

  /** Another device of this account used the counter: far enough ahead not to meet it again. */
  async #bumpCounter(number: number, request: StoredRequest): Promise<void> {
    await this.#held.change(async (draft) => {
      draft.set({ stewardCounter: Math.max(draft.stored.stewardCounter, this.#parts.clock.now()) });
      await draft.tx.map(chainRequests, draft.groupId).put(number, { ...request, made: null, nextEra: null });
    });
  }

  async #finish(number: number, outcome: Proposed | HallError): Promise<void> {
    await this.#held.change(async (draft) => {
      const map = draft.tx.map(chainRequests, draft.groupId);
      const request = await map.get(number);
      if (outcome instanceof HallError && request !== null && request.made !== null)
        await map.put(number, { ...request, abandoned: true });
      else await map.delete(number);
    });
    this.#awaited.settle(number, outcome);
  }

  async #keep(number: number, request: StoredRequest): Promise<void> {
    await this.#held.change((draft) => draft.tx.map(chainRequests, draft.groupId).put(number, request));
  }

  /** Abandoned requests whose place in the chain is taken. */
  async #letGo(): Promise<void> {
    const { length } = this.#held.snapshot.state.hashes;
    const past = (await storedRequests(this.#held)).filter(
      ({ request: { abandoned, made } }) => abandoned && (made?.index ?? 0) < length,
    );
    if (past.length > 0)
      await this.#held.change(async (draft) => {
        for (const { number } of past) await draft.tx.map(chainRequests, draft.groupId).delete(number);
      });
  }

  async #list(): Promise<readonly NumberedRequest[]> {
    return (await storedRequests(this.#held)).filter(({ request }) => !request.abandoned);
  }
}

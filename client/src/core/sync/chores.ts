import {
  accountOf,
  eraDueAt,
  ERA_DELAY_MILLISECONDS,
  isIn,
  newestEra,
  statementForGroups,
  toHex,
  type HandedOn,
  type Statement,
  type StatementWire,
  verifyStatement,
} from "@unionhall/crypto";
import { onDemand } from "../on-demand.ts";
import { HallError } from "../problems.ts";
import { orStopped, StopSource } from "../stop.ts";
import { Activity } from "./activity.ts";
import type { GroupParts } from "./group-parts.ts";
import { chainLines } from "./group-store.ts";
import { handedOnItems } from "./handed-on-store.ts";
import type { OpenGroup } from "./open-group.ts";
import type { OpenGroups } from "./open-groups.ts";
import { carryOutRetention, dayToCut, tellHallOfCut } from "./retention.ts";

/**
 * What a member's program does for its groups without being asked (protocol section 5): hands on statements, settles eras that are due,
 * compares what the server holds, puts boxes and links right. Begun whenever a group has changed; whatever fails is begun again with the next
 * change or connection.
 */
export class Chores {
  readonly #parts: GroupParts;
  readonly #groups: OpenGroups;
  readonly #activity = new Activity();
  readonly #running = new Map<string, { again: boolean }>();
  /** Per group: the wait for the next era, and what it waits for. */
  readonly #eraWaits = new Map<string, { readonly why: string; readonly stop: StopSource }>();
  /** Per group: the era whose boxes and links were compared by this object. */
  readonly #compared = new Map<string, number>();

  constructor(parts: GroupParts, groups: OpenGroups) {
    this.#parts = parts;
    this.#groups = groups;
    groups.onChange((group, change) => {
      if (change === "records") this.#activity.background(() => this.#takeHandedOn(group.id));
      else this.begin(group.id);
    });
    groups.onCurrent((group) => this.begin(group.id));
    parts.vault.onChange(() => this.beginAll());
    parts.stop.onStop(() => {
      for (const { stop } of this.#eraWaits.values()) stop.stop();
    });
    this.#everyDay().catch((error: unknown) => this.#activity.keepFault(error));
  }

  beginAll(): void {
    for (const group of this.#groups.everything()) this.begin(group.id);
  }

  /** Does a group's chores; if they are under way, once more afterwards. */
  begin(id: string): void {
    const running = this.#running.get(id);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const state = { again: false };
    this.#running.set(id, state);
    this.#activity.background(async () => {
      try {
        do {
          state.again = false;
          await this.#orLater(() => this.#all(id));
        } while (state.again && !this.#parts.stop.stopped);
      } finally {
        this.#running.delete(id);
      }
    });
  }

  /** Resolves when no chore is under way; waiting for an era's time does not count. */
  async settled(): Promise<void> {
    await this.#activity.whenIdle();
    this.#activity.throwFault();
  }

  /** After the device was closed: resolves when no chore runs any more, whatever became of it. */
  closed(): Promise<void> {
    return this.#activity.whenIdle();
  }

  async #all(id: string): Promise<void> {
    const group = this.#groups.find(id);
    if (group === null) return;
    await carryOutRetention(this.#parts, group.held);
    if (group.standing.kind !== "member" || this.#parts.live.state() === "offline") return;
    await this.#ownAccount(group);
    await this.#handOn(group);
    await this.#awaitEra(group);
    await this.#takeHandedOnOf(group);
    await this.#cut(group);
    await this.#compare(group);
  }

  /** At the beginning and every day: what has expired meanwhile, and what is due without anything having changed. */
  async #everyDay(): Promise<void> {
    const { clock, stop } = this.#parts;
    do {
      for (const { held } of this.#groups.everything())
        this.#activity.background(() => this.#orLater(() => carryOutRetention(this.#parts, held)));
      await clock.sleep(dayMilliseconds, stop);
      if (!stop.stopped) this.beginAll();
    } while (!stop.stopped);
  }

  /** Facilitators' programs cut what the group's retention has gone past, and have the hall do the same. */
  async #cut(group: OpenGroup): Promise<void> {
    if (group.role !== "facilitator") return;
    const day = await dayToCut(group.held, this.#parts.clock.now());
    if (day !== null) await group.wish([{ kind: "cut", day }]);
    await tellHallOfCut(this.#parts, group);
  }

  /** What may pass is done again with the next change; anything else is a fault of this program and goes the way of all faults. */
  async #orLater(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof HallError) && !this.#parts.stop.stopped) throw error;
    }
  }

  /** After a recovery or a revocation: every group hears of the new statements from the account itself. */
  async #ownAccount(group: OpenGroup): Promise<void> {
    const known = accountOf(group.state, group.identityKey);
    if (known === undefined || !isIn(known)) return;
    const missing = missingIn(known.statements, [...this.#parts.account.state().statements.values()]);
    // A facilitator who handed a revocation on has struck the steward key.
    if (missing.length > 0 || known.stewardKey === null) await group.wish([{ kind: "own-account" }]);
  }

  /** Revocations that another group of this account knows of and this one does not. */
  async #handOn(group: OpenGroup): Promise<void> {
    for (const account of group.state.accounts.values()) {
      if (!isIn(account) || toHex(account.identityKey) === group.accountKey) continue;
      const elsewhere = this.#groups
        .all()
        .flatMap((other) => accountOf(other.state, account.identityKey)?.statements ?? []);
      const revocations = missingIn(account.statements, elsewhere.flatMap(verified)).filter(
        ({ fact }) => fact.kind === "revoke",
      );
      for (const statement of revocations) await this.#handOnOne(group, account.identityKey, statement);
    }
  }

  async #handOnOne(group: OpenGroup, identityKey: Uint8Array, statement: Statement): Promise<void> {
    const wire = statementForGroups(statement);
    if (group.role === "facilitator") {
      await group.wish([{ kind: "account-update", identityKey, statements: [wire] }]);
      return;
    }
    const key = `${group.id} ${toHex(statement.hash)}`;
    if (this.#handed.has(key)) return;
    await group.write({ kind: "statement", handedOn: { kind: "account", statement: wire } });
    this.#handed.add(key);
  }

  /** Statements that this program has handed to facilitators since it began. */
  readonly #handed = new Set<string>();

  async #takeHandedOn(id: string): Promise<void> {
    const group = this.#groups.find(id);
    if (group === null || group.role !== "facilitator") return;
    const waiting = await this.#parts.store.map(handedOnItems, group.groupId).entries();
    if (waiting.length > 0) this.begin(id);
  }

  async #takeHandedOnOf(group: OpenGroup): Promise<void> {
    const map = this.#parts.store.map(handedOnItems, group.groupId);
    for (const { id, value } of await map.entries()) {
      const outcome = group.role === "facilitator" ? await this.#outcome(group, value) : "settled";
      if (outcome === "no hall") return;
      if (outcome === "settled") await map.delete(id);
    }
  }

  /** What the hall refuses is let go, what a second try may mend is not: one member's statement must not stop what another handed on. */
  async #outcome(group: OpenGroup, item: HandedOn): Promise<"settled" | "later" | "no hall"> {
    try {
      await this.#place(group, item);
      return "settled";
    } catch (error) {
      if (!(error instanceof HallError)) throw error;
      if (error.problem === "offline" || error.problem === "server-busy") return "no hall";
      return error.problem === "server-refused" ? "settled" : "later";
    }
  }

  async #place(group: OpenGroup, item: HandedOn): Promise<void> {
    if (item.kind === "account") {
      const [statement] = verified(item.statement);
      if (statement === undefined) return;
      const { identityKey } = statement;
      await group.wish([{ kind: "account-update", identityKey, statements: [item.statement] }]);
      return;
    }
    await (await comparing(this.#parts)).placeHandedOn(this.#parts, group, item);
  }

  /**
   * Facilitators' programs begin an era that is due, each after a pause by chance, so that one does and the others see it. The pause counts from
   * when it became due: programs that are never open for that long begin it, too.
   */
  async #awaitEra(group: OpenGroup): Promise<void> {
    const era = newestEra(group.state);
    if (group.role !== "facilitator" || era === null || group.held.snapshot.stored.notebook) return;
    const now = this.#parts.clock.now();
    const { reasons, notBefore } = eraDueAt(group.state, now);
    const due = await this.#dueSince(group, era.startedAt + eraMilliseconds);
    const isOverdue = reasons.length > 0 && notBefore <= now && due < now - ERA_DELAY_MILLISECONDS;
    const why = `${era.number} ${reasons.length > 0} ${isOverdue}`;
    const waiting = this.#eraWaits.get(group.id);
    if (waiting?.why === why) return;
    waiting?.stop.stop();
    if (isOverdue) return group.wish([{ kind: "new-era", after: era.number }]);
    const stop = new StopSource();
    this.#eraWaits.set(group.id, { why, stop });
    const from = notBefore > now ? Math.max(due, notBefore) : due;
    const pause = Math.max(0, from + this.#chance(ERA_DELAY_MILLISECONDS) - now);
    this.#beginEra(group, pause, era.number, stop).catch((error: unknown) => this.#activity.keepFault(error));
  }

  /** When the next era became or becomes due, by the chain: at the end of its week, or with the first entry that calls for one. */
  async #dueSince({ state, held, groupId }: OpenGroup, weekly: number): Promise<number> {
    const first = Math.min(...state.eraDue.map(({ index }) => index));
    if (!Number.isFinite(first)) return weekly;
    const line = await held.store.list(chainLines, groupId).get(first);
    return Math.min(weekly, line?.time ?? weekly);
  }

  async #beginEra(group: OpenGroup, pause: number, after: number, stop: StopSource): Promise<void> {
    const slept = await this.#parts.clock.sleep(Math.min(pause, longestSleep), stop.signal);
    if (this.#eraWaits.get(group.id)?.stop === stop) this.#eraWaits.delete(group.id);
    if (slept === "stopped" || this.#parts.stop.stopped) return;
    await this.#activity.run(() =>
      this.#orLater(async () => {
        const isDue = eraDueAt(group.state, this.#parts.clock.now()).reasons.length > 0;
        if (isDue && group.role === "facilitator") await group.wish([{ kind: "new-era", after }]);
      }),
    );
    this.begin(group.id);
  }

  /** Once per era and opening; the list of stewards each time. */
  async #compare(group: OpenGroup): Promise<void> {
    const token = await group.follow().freshToken();
    if (token === null) return;
    const isCompared = this.#compared.get(group.id) === token.era;
    await (await comparing(this.#parts)).compare(this.#parts, group, token, isCompared);
    this.#compared.set(group.id, token.era);
  }

  #chance(most: number): number {
    return Math.floor((new DataView(this.#parts.random(4).slice().buffer).getUint32(0) / 2 ** 32) * most);
  }
}

/** Not waited for once the device is closed: on a line that stands still it may never come. */
const comparing = ({ stop }: GroupParts) =>
  orStopped(
    onDemand(() => import("./comparing.ts")),
    stop,
  );

const dayMilliseconds = 24 * 60 * 60 * 1000;
/** The longest an era lasts: a week. */
const eraMilliseconds = 7 * dayMilliseconds;
/** Timers of most platforms go no further; the wait is then looked at again. */
const longestSleep = 20 * dayMilliseconds;

/** Of these statements those that are not among the known ones. */
function missingIn(known: readonly StatementWire[], offered: readonly Statement[]): readonly Statement[] {
  const hashes = new Set(known.map(({ payload }) => toHex(payload)));
  return offered.filter(({ wire }) => !hashes.has(toHex(wire.payload)));
}

function verified(wire: StatementWire): readonly Statement[] {
  const verdict = verifyStatement(wire);
  return verdict.kind === "verified" ? [verdict.statement] : [];
}

import type { Clock } from "../clock.ts";
import { dayOf } from "../clock.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { keyOf } from "../groups/group-key.ts";
import { type GroupReader, type GroupTransaction, lockGroup, type StoredGroup } from "../groups/group-store.ts";
import { RefusedError } from "../groups/refusal.ts";
import type { Bus, GroupNews } from "../live/bus.ts";
import { type AppendOutcome, appendRecords, type AppendRequest } from "./append-records.ts";
import type { EraGrace } from "./era-grace.ts";

/** What a change gives back, and what of it is told to readers once it is durable. */
export interface Changed<T> {
  readonly result: T;
  readonly news: Partial<Omit<GroupNews, "groupId">> | null;
}

/** A change of one group, in a transaction of its own with the group's row locked. It may be run again after a lost race. */
export type Change<T> = (db: GroupTransaction, group: StoredGroup, day: number) => Promise<Changed<T>>;

interface AppendJob {
  readonly kind: "append";
  readonly request: AppendRequest;
  readonly settle: (outcome: AppendOutcome) => void;
  readonly fail: (error: unknown) => void;
}

interface ChangeJob {
  readonly kind: "change";
  readonly run: () => Promise<void>;
}

interface Lane {
  readonly groupId: Uint8Array;
  readonly jobs: (AppendJob | ChangeJob)[];
}

/** Records of one transaction at most; what queues beyond goes into the next. */
const recordsPerTransaction = 500;
const attempts = 3;

/**
 * All changes of a group go through its lane, one transaction after another. While one runs, appends queue; the next takes all of them together
 * (group commit). Nobody is answered before the commit; news go out between commit and answers, in the order of the commits.
 */
export class GroupLanes {
  readonly #db: GroupReader;
  readonly #bus: Bus;
  readonly #grace: EraGrace;
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();
  readonly #running = new Set<Promise<void>>();

  constructor(deps: { readonly db: GroupReader; readonly bus: Bus; readonly grace: EraGrace; readonly clock: Clock }) {
    this.#db = deps.db;
    this.#bus = deps.bus;
    this.#grace = deps.grace;
    this.#clock = deps.clock;
  }

  /** @throws {RefusedError} `unknown-group`, `group-deleted`; what else is refused stands in the outcome */
  async append(groupId: Uint8Array, request: AppendRequest): Promise<AppendOutcome> {
    return new Promise((settle, fail) => {
      this.#enqueue(groupId, { kind: "append", request, settle, fail });
    });
  }

  /** @throws {RefusedError} `unknown-group`, `group-deleted`, and what `change` refuses */
  async change<T>(groupId: Uint8Array, change: Change<T>): Promise<T> {
    return new Promise((settle, fail) => {
      const run = async (): Promise<void> => {
        try {
          settle(await this.#commit(groupId, change));
        } catch (error) {
          fail(error);
        }
      };
      this.#enqueue(groupId, { kind: "change", run });
    });
  }

  /** Resolves when nothing is queued or running. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #enqueue(groupId: Uint8Array, job: AppendJob | ChangeJob): void {
    const key = keyOf(groupId);
    const lane = this.#lanes.get(key);
    if (lane !== undefined) {
      lane.jobs.push(job);
      return;
    }
    const fresh: Lane = { groupId, jobs: [job] };
    this.#lanes.set(key, fresh);
    const running = this.#run(key, fresh).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #run(key: string, lane: Lane): Promise<void> {
    while (lane.jobs.length > 0) {
      const appends = takeAppends(lane.jobs);
      if (appends.length > 0) await this.#appendAll(lane.groupId, appends);
      else {
        const next = lane.jobs.shift();
        if (next?.kind === "change") await next.run();
      }
    }
    this.#lanes.delete(key);
  }

  async #appendAll(groupId: Uint8Array, jobs: readonly AppendJob[]): Promise<void> {
    try {
      const requests = jobs.map(({ request }) => request);
      const outcomes = await this.#commit(groupId, async (db, group, day) => {
        const done = await appendRecords(db, group, requests, { day, inGrace: this.#grace.isOpen(groupId) });
        return { result: done.outcomes, news: { items: done.items } };
      });
      for (const [index, job] of jobs.entries()) {
        const outcome = outcomes[index];
        if (outcome !== undefined) job.settle(outcome);
      }
    } catch (error) {
      for (const job of jobs) job.fail(error);
    }
  }

  async #commit<T>(groupId: Uint8Array, change: Change<T>): Promise<T> {
    const { result, news } = await this.#transact(groupId, change);
    if (news !== null) this.#tell({ groupId, items: [], era: null, boxes: [], deleted: false, ...news });
    return result;
  }

  #tell(news: GroupNews): void {
    if (news.era !== null) this.#grace.begin(news.groupId);
    if (news.items.length > 0 || news.boxes.length > 0 || news.deleted) this.#bus.publish(news);
  }

  /** Tries again where another process won a race that the unique constraints decide. */
  async #transact<T>(groupId: Uint8Array, change: Change<T>): Promise<Changed<T>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#db.transaction().execute(async (db) => {
          const group = await lockGroup(db, groupId);
          return change(db, group, dayOf(this.#clock()));
        });
      } catch (error) {
        if (error instanceof RefusedError || attempt === attempts || !isLostRace(error)) throw error;
      }
    }
  }
}

/** The appends at the head of the queue, as many as fit into one transaction. */
function takeAppends(jobs: (AppendJob | ChangeJob)[]): readonly AppendJob[] {
  const taken: AppendJob[] = [];
  let records = 0;
  let bytes = 0;
  for (const job of jobs) {
    if (job.kind !== "append") break;
    records += job.request.records.length;
    bytes += job.request.records.reduce((sum, { sealed }) => sum + sealed.length, 0);
    if (taken.length > 0 && (records > recordsPerTransaction || bytes > groupLimits.appendBytes)) break;
    taken.push(job);
  }
  jobs.splice(0, taken.length);
  return taken;
}

/** Unique violation, serialization failure, deadlock. */
function isLostRace(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(23505|40001|40P01)$/.test(String(error.code));
}

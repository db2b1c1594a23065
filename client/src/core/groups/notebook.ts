import { equalBytes, fromHex, toHex } from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import { StopSource } from "../stop.ts";
import { encodePlain } from "../storage/plain-value.ts";
import type { Id } from "../storage/store.ts";
import { Activity } from "../sync/activity.ts";
import type { GroupParts } from "../sync/group-parts.ts";
import type { OpenGroup } from "../sync/open-group.ts";
import type { OpenGroups } from "../sync/open-groups.ts";
import { retryPause } from "../sync/retry-pause.ts";
import { draftKey, type Drafts } from "../topics/drafts.ts";
import { mergeReadBefore, mergeReading } from "../topics/reading.ts";
import type { LateFoundingDesk } from "./late-founding.ts";
import { incomingNotes, unsavedNotes, type IncomingNote, type UnsavedNote } from "./notebook-store.ts";

interface WrittenNote {
  readonly body: IncomingNote["body"];
  /** When a text was changed, so that the later of two is known as such however late they were written. Null: now. */
  readonly time: number | null;
}

/** Changes are written together, this long after the first. */
const gatherMilliseconds = 10_000;

/**
 * The account's own one-member group (protocol section 3, Notebook): how far one has read, and texts begun, as records that all devices of the
 * account see. What changes here is kept at once on this device and written a little later, so that scrolling through a topic makes one record.
 */
export class Notebook {
  readonly #parts: GroupParts;
  readonly #groups: OpenGroups;
  readonly #desk: LateFoundingDesk;
  readonly #activity = new Activity();
  readonly #over = new StopSource();
  #drafts: Drafts | null = null;
  #gathering = false;
  #taking = false;
  #takeAgain = false;
  #founding: Promise<void> = Promise.resolve();

  constructor(parts: GroupParts, groups: OpenGroups, desk: LateFoundingDesk) {
    this.#parts = parts;
    this.#groups = groups;
    this.#desk = desk;
    parts.stop.onStop(() => this.#over.stop());
  }

  /** Begins: finishes foundings that were interrupted, founds the notebook where the account has none, takes over what came, writes what was left over. */
  open(drafts: Drafts): void {
    this.#drafts = drafts;
    this.#groups.onChange((_, change) => {
      if (change !== "chain") this.#takeOver();
    });
    this.#groups.onArrival((group) => {
      this.#activity.background(() => this.read(group.groupId, null, group.held.snapshot.stored.readBefore));
    });
    this.#takeOver();
    this.#founding = this.#foundIfNone().catch((error: unknown) => this.#activity.keepFault(error));
    this.#gather();
  }

  /** How far a topic, or with null a group, was read here. */
  async read(groupId: Uint8Array, topicId: string | null, seq: number): Promise<void> {
    await this.#note({ kind: "read-position", groupId, topicId: topicId === null ? null : fromHex(topicId), seq });
  }

  async drafted(groupId: Uint8Array, topicId: string | null): Promise<void> {
    await this.#note({ kind: "draft", groupId, topicId: topicId === null ? null : fromHex(topicId) });
  }

  /** Writes at once what was gathered, and waits until nothing is under way. */
  async settled(): Promise<void> {
    await this.#save();
    await this.#activity.whenIdle();
    this.#activity.throwFault();
  }

  async closed(): Promise<void> {
    await this.#founding;
    await this.#activity.whenIdle();
  }

  async #foundIfNone(): Promise<void> {
    for (let attempt = 0; !this.#over.signal.stopped; attempt++) {
      try {
        await this.#activity.run(async () => {
          await this.#desk.resume();
          if (this.#groups.notebooks().length === 0)
            await this.#desk.found({ notebook: true, info: null, rules: { history: "all", retentionDays: null } });
        });
        return;
      } catch (error) {
        if (!(error instanceof HallError)) throw error;
      }
      await this.#parts.clock.sleep(retryPause(attempt, this.#parts.random), this.#over.signal);
    }
  }

  async #note(note: UnsavedNote): Promise<void> {
    await this.#parts.store.map(unsavedNotes).put(noteKey(note), note);
    this.#gather();
  }

  #gather(): void {
    this.#gatherIfAny().catch((error: unknown) => {
      if (!this.#over.signal.stopped) this.#activity.keepFault(error);
    });
  }

  async #gatherIfAny(): Promise<void> {
    if (this.#gathering) return;
    this.#gathering = true;
    try {
      const unsaved = await this.#parts.store.map(unsavedNotes).entries();
      if (unsaved.length === 0) return;
      if ((await this.#parts.clock.sleep(gatherMilliseconds, this.#over.signal)) === "stopped") return;
    } finally {
      this.#gathering = false;
    }
    await this.#save();
  }

  async #save(): Promise<void> {
    const notebook = this.#own();
    if (notebook === null || this.#over.signal.stopped) return;
    await this.#activity.run(async () => {
      for (const { id, value } of await this.#parts.store.map(unsavedNotes).entries()) {
        const note = await this.#written(value);
        if (note === null || (await this.#write(notebook, note))) await this.#letGo(id, value, note);
      }
    });
  }

  /** False for a note that no record can hold: it stays on this device alone and must not stop the others. */
  async #write(notebook: OpenGroup, { body, time }: WrittenNote): Promise<boolean> {
    try {
      await notebook.write(body, time === null ? {} : { time });
      return true;
    } catch (error) {
      if (!(error instanceof HallError) || error.problem !== "text-too-long") throw error;
      return false;
    }
  }

  /** What was written waits no more, unless it has changed meanwhile. */
  async #letGo(id: Id, note: UnsavedNote, written: WrittenNote | null): Promise<void> {
    await this.#parts.store.transaction(async (tx) => {
      const now = await this.#written((await tx.map(unsavedNotes).get(id)) ?? note);
      if (equalBytes(encodePlain(now), encodePlain(written))) await tx.map(unsavedNotes).delete(id);
    });
  }

  /** Null for a text of a group that was put away. */
  async #written(note: UnsavedNote): Promise<WrittenNote | null> {
    const { groupId, topicId } = note;
    if (note.kind === "read-position")
      return { body: { kind: "read-position", groupId, topicId, seq: note.seq, recordId: null }, time: null };
    const draft = await this.#drafts?.stored(groupId, topicId === null ? null : toHex(topicId));
    if (!draft) return null;
    const { text, changed } = draft;
    return { body: { kind: "draft", groupId, topicId, title: "", text, replyTo: null }, time: changed };
  }

  /** Whether what stands here is not in the notebook's log yet. */
  async #isUnheard(key: string): Promise<boolean> {
    if ((await this.#parts.store.map(unsavedNotes).get(key)) !== null) return true;
    const waiting = (await this.#own()?.outbox.items()) ?? [];
    return waiting.some(({ body }) => body.kind === "draft" && noteKey(body) === key);
  }

  /** Two devices that both founded one have two: all are read, and one, the same for both, is written. */
  #own(): OpenGroup | null {
    const [first] = this.#groups
      .notebooks()
      .filter(({ standing }) => standing.kind === "member")
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return first ?? null;
  }

  #takeOver(): void {
    if (this.#taking) {
      this.#takeAgain = true;
      return;
    }
    this.#taking = true;
    this.#activity.background(async () => {
      try {
        do {
          this.#takeAgain = false;
          for (const { id, value } of await this.#parts.store.map(incomingNotes).entries())
            if (await this.#take(value)) await this.#forget(id, value);
        } while (this.#takeAgain);
      } catch (error) {
        if (!this.#over.signal.stopped) throw error;
      } finally {
        this.#taking = false;
      }
    });
  }

  /** What was taken over goes, unless a newer note has come into its place meanwhile. */
  async #forget(id: Id, { place }: IncomingNote): Promise<void> {
    await this.#parts.store.transaction(async (tx) => {
      const notes = tx.map(incomingNotes);
      if ((await notes.get(id))?.place === place) await notes.delete(id);
    });
  }

  /** Whether the note could be taken over: its group may not be here yet. */
  async #take({ body, time }: IncomingNote): Promise<boolean> {
    const group = this.#groups.find(toHex(body.groupId));
    if (group === null) return false;
    const topicId = body.topicId === null ? null : toHex(body.topicId);
    if (body.kind === "draft") {
      const isUnheard = await this.#isUnheard(noteKey(body));
      await this.#drafts?.merge(body.groupId, topicId, { text: body.text, changed: time }, isUnheard);
    } else
      await group.held.change((draft) =>
        topicId === null ? mergeReadBefore(draft, body.seq) : mergeReading(draft, topicId, body.seq),
      );
    return true;
  }
}

function noteKey({ kind, groupId, topicId }: Pick<UnsavedNote, "kind" | "groupId" | "topicId">): string {
  return `${kind} ${toHex(groupId)} ${draftKey(topicId)}`;
}

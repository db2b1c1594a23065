import { type Failure, failureOf } from "../problems/failure.ts";

/** Where one draft is kept. */
export interface DraftShelf {
  readonly read: () => Promise<string>;
  readonly save: (text: string) => Promise<void>;
}

export interface DraftState {
  readonly text: string;
  /** The kept draft has been read. */
  readonly loaded: boolean;
  /** Not where it could not be kept, and another try does not help at once: then it is on the screen alone. */
  readonly kept: boolean;
}

const pauseBeforeSaving = 400;

/** Failures that the next try meets again, unless somebody does something. */
const lasting: ReadonlySet<Failure> = new Set(["draft-not-kept", "storage-full"]);

/** For how long after the last letter somebody counts as writing, in milliseconds. */
const writingTime = 10_000;

/**
 * What is being written in one place, and its copy on the shelf. Somebody writes before the copy has been read, goes on writing while a post
 * is sent, leaves and comes back before a copy was saved: none of what they wrote is lost by it.
 */
export class DraftKeeper {
  readonly #shelf: DraftShelf;
  readonly #listeners = new Set<() => void>();
  #state: DraftState = { text: "", loaded: false, kept: true };
  #unsaved = false;
  #failed = false;
  #here = false;
  #wroteAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(shelf: DraftShelf) {
    this.#shelf = shelf;
  }

  readonly state = (): DraftState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Fetches the copy. */
  open(): void {
    this.#here = true;
    if (this.#state.loaded) return;
    this.#shelf.read().then(
      (kept) => this.#found(kept),
      () => this.#found(""),
    );
  }

  /** Nobody writes here any more. */
  leave(): void {
    this.#here = false;
    clearTimeout(this.#lookTimer);
    this.save();
  }

  /** The copy was changed, perhaps elsewhere: in another tab, on another device. Nothing is taken from under the hands of who writes. */
  look(): void {
    const before = this.#state;
    clearTimeout(this.#lookTimer);
    if (!before.loaded) return;
    if (!before.kept) this.save();
    if (!before.kept || this.#isWriting()) {
      this.#lookTimer = setTimeout(() => this.look(), writingTime);
      return;
    }
    this.#shelf.read().then(
      (kept) => this.#takeOver(kept, before),
      () => undefined,
    );
  }

  /** Unless something happened here since it was asked for. */
  #takeOver(kept: string, before: DraftState): void {
    if (this.#state === before && !this.#isWriting() && kept !== before.text) this.#show({ ...before, text: kept });
  }

  write(text: string): void {
    this.#wroteAt = performance.now();
    this.#show({ ...this.#state, text });
    this.#saveSoon();
  }

  /** A text was sent: only that goes, and what was written after it stays. */
  sent(text: string): void {
    const { text: all } = this.#state;
    this.#show({ ...this.#state, text: all.startsWith(text) ? all.slice(text.length).trimStart() : all });
    this.#unsaved = true;
    this.save();
  }

  save(): void {
    clearTimeout(this.#timer);
    // What was kept is not saved over before it has been read.
    if (!this.#unsaved || !this.#state.loaded) return;
    this.#unsaved = false;
    this.#shelf.save(this.#state.text).then(
      () => this.#saved(),
      (error: unknown) => this.#notSaved(failureOf(error)),
    );
  }

  #saved(): void {
    this.#failed = false;
    this.#show({ ...this.#state, kept: true });
  }

  #notSaved(failure: Failure): void {
    const isLasting = this.#failed || lasting.has(failure);
    this.#failed = true;
    this.#unsaved = true;
    if (isLasting) this.#show({ ...this.#state, kept: false });
    else this.#saveSoon();
  }

  #found(kept: string): void {
    if (this.#state.loaded) return;
    const { text } = this.#state;
    const both = kept === "" || text === "" ? kept + text : `${kept.trimEnd()}\n\n${text}`;
    this.#show({ text: both, loaded: true, kept: true });
    if (!this.#here) this.save();
    else if (this.#unsaved) this.#saveSoon();
  }

  #isWriting(): boolean {
    return this.#unsaved || performance.now() - this.#wroteAt < writingTime;
  }

  #saveSoon(): void {
    this.#unsaved = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), pauseBeforeSaving);
  }

  #show(state: DraftState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

import {
  addStatements,
  addVaultRecipient,
  equalBytes,
  fromBase64Url,
  mergeVaults,
  openVault,
  sealVault,
  statementsOf,
  toBase64Url,
  vaultHash,
  verifyStatement,
  type AccountState,
  type BoxKeyPair,
  type OpenedVault,
  type SigningKeyPair,
  type Statement,
  type StatementWire,
  type VaultContent,
  type VaultRefusal,
} from "@unionhall/crypto";
import { GetVault, PutVault } from "@unionhall/server/contract";
import type { Api } from "../api/api.ts";
import type { Clock, Random } from "../platform.ts";
import { HallError } from "../problems.ts";
import { encodePlain } from "../storage/plain-value.ts";
import type { Store } from "../storage/store.ts";
import { only, storedVault, type StoredVault } from "./session-store.ts";
import type { VaultTrouble } from "./session-door.ts";
import type { VaultDoor } from "./vault-door.ts";

/** Between two looks out of turn. */
const lookMilliseconds = 60_000;
const dayMilliseconds = 24 * 60 * 60 * 1000;
/** Two devices that keep overtaking each other give up after so many rounds; each round takes in what the other wrote. */
const rounds = 8;

export interface VaultParts {
  readonly store: Store;
  readonly api: Api;
  readonly clock: Clock;
  readonly random: Random;
  readonly identityKey: Uint8Array;
  readonly device: { readonly signing: SigningKeyPair; readonly box: BoxKeyPair };
  /** Opens vaults that were not made for this device yet: while recovering. */
  readonly recoveryKey: BoxKeyPair | null;
}

type VaultChange = (content: VaultContent) => VaultContent;

interface Wanted {
  readonly change: VaultChange;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps this device's vault and the server's the same (protocol section 3): compare-and-swap, merge, write again. */
export class VaultSync implements VaultDoor {
  readonly #parts: VaultParts;
  readonly #listeners = new Set<() => void>();
  #kept: StoredVault;
  #account: AccountState;
  #wanted: Wanted[] = [];
  #turn: Promise<void> = Promise.resolve();
  #refusedAt: number | null = null;
  #look: { readonly begun: number; readonly done: Promise<void> } | null = null;

  private constructor(parts: VaultParts, kept: StoredVault) {
    this.#parts = parts;
    this.#kept = kept;
    this.#account = accountOf(parts.identityKey, kept.content);
  }

  /** The vault as it was left on this device. @throws HallError `storage-evicted` when there is none */
  static async load(parts: VaultParts): Promise<VaultSync> {
    const kept = await parts.store.map(storedVault).get(only);
    if (kept === null) throw new HallError("storage-evicted", "the vault is missing on this device");
    return new VaultSync(parts, kept);
  }

  content(): VaultContent {
    return this.#kept.content;
  }

  version(): number {
    return this.#kept.version;
  }

  recoveredFrom(): number | null {
    return this.#kept.recoveredFrom;
  }

  /** What is wrong with the vaults that the hall gives out; null when nothing is. */
  trouble(): VaultTrouble | null {
    if (this.#refusedAt !== null) return { kind: "refused", noticedAt: this.#refusedAt };
    const { rolledBackAt } = this.#kept;
    return rolledBackAt === null ? null : { kind: "old", noticedAt: rolledBackAt };
  }

  /** The hall has given out an old vault, as somebody else's knowledge shows. */
  sayOld(): Promise<void> {
    return this.#inTurn(() => this.#keep({ ...this.#kept, rolledBackAt: this.#parts.clock.now() }));
  }

  /** Takes back what was said of an old vault: its person has read it. */
  dismissOld(): Promise<void> {
    return this.#inTurn(() => this.#keep({ ...this.#kept, rolledBackAt: null }));
  }

  /** Adds statements of the own account that others know, and says whether any was new here. Those that are refused change nothing. */
  async learn(wires: readonly StatementWire[]): Promise<boolean> {
    const statements = verified(wires);
    const update = addStatements(this.#account, statements);
    if (update.kind === "refused" || !update.changed) return false;
    await this.note((content) => withStatements(this.#parts.identityKey, content, statements));
    return true;
  }

  /** What is known of the own account. */
  account(): AccountState {
    return this.#account;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  update(change: VaultChange): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wanted.push({ change, resolve, reject });
      void this.#inTurn(() => this.#serveWanted());
    });
  }

  note(change: VaultChange): Promise<void> {
    return this.#inTurn(async () => {
      await this.#keep({ ...this.#kept, content: change(this.#kept.content), dueAt: this.#soon() });
    });
  }

  /** Takes in what other devices wrote; writes what was noted and is due. @throws as {@link update} */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#fetchOrSay();
      if (this.#kept.dueAt !== null && this.#kept.dueAt <= this.#parts.clock.now()) await this.#write([]);
    });
  }

  lookAgain(): Promise<void> {
    const now = this.#parts.clock.now();
    if (this.#look === null || now - this.#look.begun >= lookMilliseconds)
      this.#look = { begun: now, done: this.refresh().catch(() => {}) };
    return this.#look.done;
  }

  /** Resolves when no change is under way. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** All changes that came in meanwhile go into one vault. */
  async #serveWanted(): Promise<void> {
    const served = this.#wanted;
    if (served.length === 0) return;
    this.#wanted = [];
    try {
      await this.#write(served.map(({ change }) => change));
      for (const { resolve } of served) resolve();
    } catch (error) {
      for (const { reject } of served) reject(error);
    }
  }

  async #write(changes: readonly VaultChange[]): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const { version, hash, tag, vaultKey } = this.#kept;
      const content = changes.reduce((before, change) => change(before), this.#kept.content);
      const next = { version: version + 1, previousHash: hash, content };
      const sealed = sealVault(next, this.#parts.device.signing, vaultKey, this.#parts.random);
      const body = { vault: toBase64Url(sealed), replaces: tag };
      const reply = await this.#parts.api.call(PutVault, { body }, ["vault-changed"]);
      if (reply.kind === "ok")
        return this.#keep({
          ...this.#kept,
          content,
          version: next.version,
          hash: vaultHash(sealed),
          tag: reply.body.tag,
          dueAt: null,
        });
      await this.#fetch();
    }
    throw new HallError("server-busy", "other devices kept writing the vault");
  }

  /** A vault that is not this account's is refused, and said for as long as the hall gives it out. */
  async #fetchOrSay(): Promise<void> {
    const before = this.#refusedAt;
    try {
      await this.#fetch();
      this.#refusedAt = null;
    } catch (error) {
      if (error instanceof HallError && error.problem === "server-lies") this.#refusedAt ??= this.#parts.clock.now();
      throw error;
    } finally {
      if (before !== this.#refusedAt) for (const listener of this.#listeners) listener();
    }
  }

  async #fetch(): Promise<void> {
    const { body } = await this.#parts.api.call(GetVault, {});
    if (body.tag === this.#kept.tag) return;
    const theirs = body.vault === null ? "older" : this.#open(fromBase64Url(body.vault));
    if (theirs === "older") return this.#keep({ ...this.#kept, tag: body.tag, ...this.#rolledBack() });
    const merged = mergeVaults(this.#parts.identityKey, theirs.content, this.#kept.content);
    if (merged.kind === "refused") throw vaultError("forged");
    const { version, hash, forked } = theirs;
    const vaultKey = addVaultRecipient(theirs.vaultKey, this.#parts.device.box.publicKey, this.#parts.random);
    // What only this device knows must still reach the server: that it is merged in here does not write it.
    const dueAt = this.#holdsNothingMore(merged.content, theirs.content) ? null : this.#soon();
    const went = forked ? this.#rolledBack() : {};
    await this.#keep({
      ...this.#kept,
      content: merged.content,
      vaultKey,
      version,
      hash,
      tag: body.tag,
      dueAt,
      ...went,
    });
  }

  /**
   * An older vault is not taken, and is replaced by what this device knows: the hall may have lost it, or may lie. Either way it is said; also of a
   * vault that another device wrote after such an older one, which is merged like any other.
   */
  #rolledBack(): Partial<StoredVault> {
    const now = this.#parts.clock.now();
    return this.#kept.version === 0 ? {} : { rolledBackAt: now, dueAt: now };
  }

  /** A random moment within a day of use, so that the server does not see when something was changed. */
  #soon(): number {
    return this.#kept.dueAt ?? this.#parts.clock.now() + randomBelow(dayMilliseconds, this.#parts.random);
  }

  #holdsNothingMore(merged: VaultContent, theirs: VaultContent): boolean {
    const inOneOrder = mergeVaults(this.#parts.identityKey, theirs, theirs);
    return inOneOrder.kind === "merged" && equalBytes(encodePlain(inOneOrder.content), encodePlain(merged));
  }

  #open(sealed: Uint8Array): OpenedVault | "older" {
    const { device, recoveryKey } = this.#parts;
    const { version, hash } = this.#kept;
    const expected = {
      account: this.#account,
      seen: hash === null ? null : { version, hash },
      minKeyGeneration: this.#kept.vaultKey.generation,
    };
    let verdict = openVault(sealed, { ...expected, key: device.box });
    if (verdict.kind === "refused" && verdict.reason === "not-for-this-key" && recoveryKey !== null)
      verdict = openVault(sealed, { ...expected, key: recoveryKey });
    if (verdict.kind === "opened") return verdict.vault;
    if (verdict.reason === "older") return "older";
    throw vaultError(verdict.reason);
  }

  async #keep(next: StoredVault): Promise<void> {
    const account = accountOf(this.#parts.identityKey, next.content);
    await this.#parts.store.map(storedVault).put(only, next);
    this.#kept = next;
    this.#account = account;
    for (const listener of this.#listeners) listener();
  }
}

/** What a vault that is not taken means to core. */
export function vaultError(reason: VaultRefusal): HallError {
  if (reason === "older")
    return new HallError("vault-rolled-back", "the hall gave out an older vault than this device has seen");
  return new HallError("server-lies", `the vault that the hall gave out is not this account's: ${reason}`);
}

/** The account as a vault's content describes it. @throws HallError `server-lies` when a statement in it is not good */
export function accountOf(identityKey: Uint8Array, content: VaultContent): AccountState {
  const merged = mergeVaults(identityKey, content, content);
  if (merged.kind === "refused")
    throw new HallError("server-lies", `a statement in the vault is refused: ${merged.reason}`);
  return merged.account;
}

function verified(wires: readonly StatementWire[]): readonly Statement[] {
  return wires.flatMap((wire) => {
    const verdict = verifyStatement(wire);
    return verdict.kind === "verified" ? [verdict.statement] : [];
  });
}

function withStatements(
  identityKey: Uint8Array,
  content: VaultContent,
  statements: readonly Statement[],
): VaultContent {
  const update = addStatements(accountOf(identityKey, content), statements);
  return update.kind === "refused" ? content : { ...content, statements: statementsOf(update.account) };
}

/** A random whole number from 0 to below `limit` (at most 2^32). */
function randomBelow(limit: number, random: Random): number {
  const number = random(4).reduce((value, byte) => value * 256 + byte, 0);
  return Math.floor((number / 2 ** 32) * limit);
}

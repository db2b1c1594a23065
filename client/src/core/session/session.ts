import { recoveryPhrase, toHex, type RootKeys } from "@unionhall/crypto";
import { EndSession } from "@unionhall/server/contract";
import { HttpApi } from "../api/http-api.ts";
import type { Engine, EngineMaker } from "../engine.ts";
import { onDemand } from "../on-demand.ts";
import type { HeldLock, Platform } from "../platform.ts";
import { HallError } from "../problems.ts";
import { SealedStore } from "../storage/sealed-store.ts";
import type { Change } from "../unionhall.ts";
import { settle, type Begun } from "./begun-account.ts";
import { clearShelf, readShelf } from "./device-shelf.ts";
import { openKeySlot, openRoot, type KeySlotContent } from "./key-slot.ts";
import { connectDevice, openSession, type Ending } from "./open-session.ts";
import { profileIn, settingsIn, withProfile, withSettings } from "./preferences.ts";
import type {
  AccountOfWords,
  DeviceState,
  Profile,
  RecoveredAccount,
  RecoverInput,
  RegisteredAccount,
  RegisterInput,
  SessionDoor,
  Settings,
  WordsVerdict,
} from "./session-door.ts";
import { whyNotOpen, type Phase } from "./session-phase.ts";
import { checkedProfile, checkLock, parseEntryLink } from "./session-rules.ts";
import { only, storedAccount, type StoredAdmission } from "./session-store.ts";
import { SessionTokens } from "./session-tokens.ts";

/** How long a recovery waits for what its groups say, their names too. */
const firstLookMilliseconds = 20_000;

/** {@link SessionDoor}: which account is on this device, and whether it is open. Its acts run one after the other. */
export class Session implements SessionDoor {
  readonly #platform: Platform;
  readonly #engineMaker: EngineMaker;
  readonly #emit: (change: Change) => void;
  readonly #held: Promise<HeldLock | null>;
  #phase: Phase = { kind: "empty" };
  /** When it is known what is on this device. Rejects where an account is there that could not be opened. */
  #looked: Promise<void>;
  /** The end of the line of acts. */
  #turn: Promise<unknown>;

  constructor(platform: Platform, engineMaker: EngineMaker, emit: (change: Change) => void) {
    this.#platform = platform;
    this.#engineMaker = engineMaker;
    this.#emit = emit;
    this.#held = platform.lock.take({ wait: null, lost: () => void this.#loseDevice() });
    const looked = this.#held.then((held) =>
      held === null ? this.#become({ kind: "in-use-elsewhere" }) : this.#look(),
    );
    this.#looked = looked;
    this.#turn = looked.catch(() => {});
  }

  /** The engine of the open account. @throws HallError why there is none */
  async engine(): Promise<Engine> {
    return (await this.#open()).session.engine;
  }

  /** The engine if the account is open, without complaint. */
  async engineIfOpen(): Promise<Engine | null> {
    await this.#looked;
    return this.#phase.kind === "open" ? this.#phase.session.engine : null;
  }

  async state(): Promise<DeviceState> {
    await this.#looked;
    const phase = this.#phase;
    if (phase.kind === "closed") return { kind: "in-use-elsewhere" };
    if (phase.kind !== "open") return { kind: phase.kind };
    const { account, vault, stored, live, engine, store } = phase.session;
    const newest = (await store.map(storedAccount).get(only)) ?? stored;
    return {
      kind: "open",
      accountId: toHex(account.accountId),
      profile: profileIn(vault.content()),
      lock: phase.slot.lock.kind,
      wordsUnconfirmed: newest.wordsUnconfirmed,
      connection: { kind: live.state(), waiting: engine.waiting() },
      vaultTrouble: vault.trouble(),
    };
  }

  register(input: RegisterInput): Promise<RegisteredAccount> {
    return this.#inTurn(async () => {
      const profile = checkedProfile(input.profile);
      checkLock(input.lock);
      if (this.#phase.kind === "evicted")
        throw new HallError("storage-evicted", "this device's storage was thrown away: recover");
      this.#mustBeFree();
      const admissions = await this.#admissions(input.link);
      const { beginRegistering, register } = await onDemand(() => import("./registering.ts"));
      const begun = await beginRegistering(this.#platform, input, profile, admissions);
      const { api, vault } = await connectDevice(this.#platform, begun.store, begun.account, null);
      await register(api, begun.pending);
      await vault.update((content) => content);
      await this.#settle(begun);
      const { session } = this.#openNow();
      const words = begun.root === null ? [] : await recoveryPhrase(begun.root, begun.account.wordLanguage);
      return { accountId: toHex(session.account.accountId), words };
    });
  }

  async checkWords(words: string): Promise<WordsVerdict> {
    const { verdictOnWords } = await onDemand(() => import("./recovery.ts"));
    return verdictOnWords(words);
  }

  async accountOfWords(words: string): Promise<AccountOfWords> {
    const { rootOfWords, vaultOfWords } = await onDemand(() => import("./recovery.ts"));
    const { keys } = await rootOfWords(words);
    const { found } = await vaultOfWords(this.#apiOfWords(keys), keys);
    return { accountId: toHex(keys.accountId), name: profileIn(found.content).name };
  }

  recover(input: RecoverInput): Promise<RecoveredAccount> {
    return this.#inTurn(async () => {
      checkLock(input.lock);
      this.#mustBeFree();
      const { beginRecovering, listDevice, RecoveryEnd, rootOfWords } = await onDemand(() => import("./recovery.ts"));
      const typed = await rootOfWords(input.words);
      const api = this.#apiOfWords(typed.keys);
      const begun = await beginRecovering(this.#platform, api, typed, input);
      await listDevice(api, begun);
      const { vault } = await connectDevice(this.#platform, begun.store, begun.account, typed.keys.recovery);
      await vault.update((content) => content);
      const ending = new RecoveryEnd(typed.keys, this.#platform);
      await this.#settle(begun, ending);
      const { session } = this.#openNow();
      void ending.run(session);
      await Promise.race([ending.firstLook, this.#platform.clock.sleep(firstLookMilliseconds)]);
      const groups = await session.engine.groups.list();
      return {
        accountId: toHex(session.account.accountId),
        groups: groups.map(({ groupId, name }) => ({ groupId, name })),
      };
    });
  }

  unlock(passphrase: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#phase.kind === "open") return;
      if (this.#phase.kind !== "locked") throw this.#notOpen();
      const { slot } = this.#phase;
      await this.#openWith(slot, await openKeySlot(this.#platform.keys, slot, passphrase));
    });
  }

  lock(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#phase.kind === "locked") return;
      const { slot, session } = this.#openNow();
      if (slot.lock.kind === "none") throw new HallError("words-not-here", "this device has no lock");
      await session.close();
      this.#become({ kind: "locked", slot });
    });
  }

  signOut(): Promise<void> {
    return this.#inTurnAnyway(async () => {
      if (this.#phase.kind === "closed" || this.#phase.kind === "in-use-elsewhere") throw this.#notOpen();
      if (this.#phase.kind === "open") {
        // Whether the hall hears of it or not: what is here goes.
        await this.#phase.session.api.call(EndSession, {}).catch(() => {});
        await this.#phase.session.close();
      }
      await clearShelf(this.#platform);
      this.#looked = Promise.resolve();
      this.#become({ kind: "empty" });
    });
  }

  words(passphrase: string | null): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      const { slot, session } = this.#openNow();
      const stored = await session.store.map(storedAccount).get(only);
      const root = slot.lock.kind === "passphrase" ? openRoot(slot, passphrase) : (stored?.root ?? null);
      if (root === null) throw new HallError("words-not-here", "this device does not keep the words");
      return recoveryPhrase(root, stored?.wordLanguage ?? "en");
    });
  }

  async dismissVaultTrouble(): Promise<void> {
    await (await this.#open()).session.vault.dismissOld();
  }

  confirmWords(): Promise<void> {
    return this.#inTurn(async () => {
      const { session } = this.#openNow();
      await session.store.transaction(async (tx) => {
        const stored = await tx.map(storedAccount).get(only);
        if (stored !== null) await tx.map(storedAccount).put(only, { ...stored, root: null, wordsUnconfirmed: false });
      });
      this.#emit({ kind: "session" });
    });
  }

  async profile(): Promise<Profile> {
    return profileIn((await this.#open()).session.vault.content());
  }

  async setProfile(profile: Profile): Promise<void> {
    const checked = checkedProfile(profile);
    const { session } = await this.#open();
    await session.vault.note((content) => withProfile(content, checked, this.#platform.clock.now()));
    await session.engine.profileChanged();
  }

  async settings(): Promise<Settings> {
    return settingsIn((await this.#open()).session.vault.content());
  }

  async setSettings(settings: Partial<Settings>): Promise<void> {
    const { session } = await this.#open();
    await session.vault.note((content) => withSettings(content, settings, this.#platform.clock.now()));
  }

  /** The network is back, or somebody looks at the page again. */
  wake(): void {
    if (this.#phase.kind === "open") this.#phase.session.wake();
  }

  async settled(): Promise<void> {
    const engine = await this.engineIfOpen();
    await engine?.settled();
    if (this.#phase.kind === "open") await this.#phase.session.vault.idle();
  }

  close(): Promise<void> {
    return this.#inTurnAnyway(async () => {
      if (this.#phase.kind === "closed") return;
      if (this.#phase.kind === "open") await this.#phase.session.close();
      this.#become({ kind: "closed" });
      await this.#platform.storage.close();
      await (await this.#held)?.release();
    });
  }

  async #look(): Promise<void> {
    const shelf = await readShelf(this.#platform);
    if (shelf.kind !== "kept") return this.#become({ kind: shelf.kind });
    // Begun and not settled: calling the same again goes on with it.
    if (shelf.stage === "begun") return this.#become({ kind: "empty" });
    if (shelf.slot.lock.kind === "passphrase") return this.#become({ kind: "locked", slot: shelf.slot });
    try {
      await this.#openWith(shelf.slot, await openKeySlot(this.#platform.keys, shelf.slot, null));
    } catch (error) {
      if (!(error instanceof HallError) || error.problem !== "storage-evicted") throw error;
      this.#become({ kind: "evicted" });
    }
  }

  async #admissions(link: string): Promise<readonly StoredAdmission[]> {
    const { origin, http, clock, random } = this.#platform;
    const entry = parseEntryLink(link, origin);
    if (entry.kind === "setup") return [{ kind: "setup", secret: entry.secret }];
    const parts = { origin, api: new HttpApi(origin, http, null), clock, random };
    const { tickets } = await this.#engineMaker.readInvite(parts, link);
    const { ticketAdmissions } = await onDemand(() => import("./registering.ts"));
    return ticketAdmissions(tickets, random);
  }

  async #settle(begun: Begun, ending?: Ending): Promise<void> {
    await settle(begun);
    await begun.store.close();
    const shelf = await readShelf(this.#platform);
    if (shelf.kind === "kept") await this.#openWith(shelf.slot, begun.localKey, ending);
  }

  async #openWith(slot: KeySlotContent, localKey: Uint8Array, ending?: Ending): Promise<void> {
    const store = new SealedStore(this.#platform.storage, localKey, this.#platform.random);
    localKey.fill(0);
    const session = await openSession(this.#platform, this.#engineMaker, store, this.#emit, ending);
    this.#become({ kind: "open", slot, session });
  }

  /** The hall as an account meets it that has only its words. */
  #apiOfWords({ accountId, signIn }: Pick<RootKeys, "accountId" | "signIn">): HttpApi {
    const { origin, http, clock } = this.#platform;
    const plain = new HttpApi(origin, http, null);
    return new HttpApi(origin, http, new SessionTokens({ api: plain, origin, clock }, accountId, signIn));
  }

  /** Another tab has taken over: nothing may be written here any more. */
  async #loseDevice(): Promise<void> {
    const phase = this.#phase;
    this.#become({ kind: "in-use-elsewhere" });
    if (phase.kind === "open") await phase.session.close();
  }

  #become(phase: Phase): void {
    this.#phase = phase;
    this.#emit({ kind: "session" });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurnAnyway(async () => {
      await this.#looked;
      return work();
    });
  }

  /** Also where what is on this device could not be opened: letting go of it is always possible. The first turn is the look itself. */
  #inTurnAnyway<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #open(): Promise<Extract<Phase, { readonly kind: "open" }>> {
    await this.#looked;
    return this.#openNow();
  }

  #openNow(): Extract<Phase, { readonly kind: "open" }> {
    if (this.#phase.kind === "open") return this.#phase;
    throw this.#notOpen();
  }

  #mustBeFree(): void {
    const { kind } = this.#phase;
    if (kind === "open" || kind === "locked")
      throw new HallError("account-exists", "there is an account on this device");
    if (kind !== "empty" && kind !== "evicted") throw this.#notOpen();
  }

  #notOpen(): HallError {
    return whyNotOpen(this.#phase);
  }
}

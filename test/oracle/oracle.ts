/**
 * The group chain once more: slow, literal, from the protocol's text (docs/protocol.md section 5), on names instead of keys and
 * apart from `crypto/src/group`. Two readings of one text that agree on thousands of chains are worth more than one.
 */
import type { BoxKeyName, DescribedEntry, DescribedOperation, DescribedStatement, History, Role } from "./described.ts";

export interface OracleAccount {
  certified: string[];
  revoked: string[];
  boxKeys: BoxKeyName[];
  /** What it is now; null: not in. */
  role: Role | null;
  lastWent: "left" | "removed" | null;
  steward: string | null;
  spentStewards: string[];
}

export interface OracleInvite {
  mode: "approval" | "instant";
  maker: string;
  role: Role;
  uses: number;
  expiry: number;
  ended: boolean;
}

export interface OracleGroup {
  founded: boolean;
  history: History;
  era: number;
  accounts: Map<string, OracleAccount>;
  invites: Map<string, OracleInvite>;
  /** Greatest time of facilitators' counted entries. */
  facilitatorTime: number;
  /** Something happened since the newest era began for which a new one is due. */
  due: number;
  cutDay: number | null;
}

const day = 24 * 60 * 60 * 1000;

export function nothingYet(): OracleGroup {
  return {
    founded: false,
    history: "all",
    era: -1,
    accounts: new Map(),
    invites: new Map(),
    facilitatorTime: 0,
    due: 0,
    cutDay: null,
  };
}

class Void extends Error {}

function demand(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Void(why);
}

/** The group after the entry, or null where the entry is void. The group given is left as it is. */
export function judge(before: OracleGroup, entry: DescribedEntry): OracleGroup | null {
  const group = structuredClone(before);
  try {
    new Reading(group, entry, before).judge();
    return group;
  } catch (error) {
    if (error instanceof Void) return null;
    throw error;
  }
}

class Reading {
  readonly group: OracleGroup;
  readonly before: OracleGroup;
  readonly entry: DescribedEntry;
  /** "The greatest of the entry's own time and the times of facilitators' counted entries before it." */
  readonly moment: number;
  eraRequired = false;

  constructor(group: OracleGroup, entry: DescribedEntry, before: OracleGroup) {
    this.group = group;
    this.entry = entry;
    this.before = before;
    this.moment = Math.max(entry.time, before.facilitatorTime);
  }

  judge(): void {
    const { group, entry, before } = this;
    const first = !before.founded;
    demand(entry.previous === "right", "previous hash");
    demand(entry.era === Math.max(before.era, 0), "its era is the newest");
    this.judgeAuthor();
    const kinds = entry.operations.map(({ kind }) => kind);
    if (first) demand(kinds[0] === "found" && kinds.at(-1) === "era", "found … era 0");
    demand(kinds.lastIndexOf("found") <= (first ? 0 : -1), "found stands first in the first entry");
    demand(kinds.indexOf("era") === -1 || kinds.indexOf("era") === kinds.length - 1, "era at most once, the last");
    entry.operations.forEach((operation, index) => {
      this.judgeFollowing(entry.operations[index - 1], operation);
      this.operation(operation);
    });
    demand(!this.eraRequired || kinds.at(-1) === "era", "without era such an entry is a failure");
    const stewards = [...group.accounts.values()].filter(
      ({ role, steward }) => role === "facilitator" && steward !== null,
    );
    demand(stewards.length > 0, "at least one facilitator with a steward key");
    if (first || before.accounts.get(entry.author)?.role === "facilitator")
      group.facilitatorTime = Math.max(group.facilitatorTime, entry.time);
  }

  /** "Statements verify and are added to a copy of the author's account; the device is certified in it and not revoked; signature." */
  judgeAuthor(): void {
    const { author, device, statements, signature } = this.entry;
    const copy = structuredClone(this.before.accounts.get(author) ?? unknownAccount());
    this.addStatements(copy, author, statements);
    demand(copy.certified.includes(device), "certified");
    demand(!copy.revoked.includes(device), "not revoked");
    demand(signature === "right", "signature");
  }

  addStatements(account: OracleAccount, name: string, statements: readonly DescribedStatement[]): void {
    for (const statement of statements) {
      demand(!statement.forged && statement.account === name, "a statement of this account's identity key");
      const { boxKey } = statement;
      if (boxKey !== null) {
        demand(boxKey.usable, "a box key that can be boxed to");
        if (!account.boxKeys.some((known) => known.name === boxKey.name)) account.boxKeys.push(boxKey);
      }
      const list = statement.kind === "device" ? account.certified : account.revoked;
      if (!list.includes(statement.device)) list.push(statement.device);
    }
  }

  judgeFollowing(before: DescribedOperation | undefined, now: DescribedOperation): void {
    if (before === undefined) return;
    demand(before.kind !== "leave", "nothing follows leave");
    const { author, device } = this.entry;
    if (before.kind === "account-update" && before.account === author) {
      const revokesSigner = before.statements.some((one) => one.kind === "revoke" && one.device === device);
      demand(!revokesSigner, "nothing follows the revocation of the signing device");
    }
    const ownDemotion = before.kind === "role" && before.account === author && before.role === "member" && before.words;
    if (ownDemotion) demand(now.kind === "era", "one's own demotion is followed only by its era");
  }

  facilitates(): boolean {
    return this.group.accounts.get(this.entry.author)?.role === "facilitator";
  }

  member(name: string): OracleAccount {
    const account = this.group.accounts.get(name);
    demand(account !== undefined && account.role !== null, "is in the group");
    return account;
  }

  operation(operation: DescribedOperation): void {
    const { group, entry } = this;
    switch (operation.kind) {
      case "found": {
        group.founded = true;
        group.history = operation.history;
        this.comeIn(entry.author, entry.statements, operation.stewardKey, "facilitator");
        return;
      }
      case "admit": {
        demand(this.facilitates(), "only facilitators admit");
        demand((group.accounts.get(operation.account)?.role ?? null) === null, "admit of somebody who is in");
        if (operation.invite !== null) {
          const invite = this.openInvite(operation.invite);
          demand(operation.role === "member" || invite.role === "facilitator", "no higher role than the invite's");
        }
        this.comeIn(operation.account, operation.statements, operation.stewardKey, operation.role);
        if (operation.invite !== null) this.useInvite(operation.invite);
        this.eraRequired ||= group.history === "from-joining";
        return;
      }
      case "join": {
        const account = group.accounts.get(entry.author);
        demand((account?.role ?? null) === null, "is not in yet");
        demand(account?.lastWent !== "removed", "a removed account comes back only by admit");
        const invite = this.openInvite(operation.invite);
        demand(invite.mode === "instant", "instant");
        demand(operation.vouched, "the request key's signature");
        this.comeIn(entry.author, operation.statements, operation.stewardKey, invite.role);
        this.useInvite(operation.invite);
        return;
      }
      case "remove": {
        demand(this.facilitates(), "only facilitators remove");
        demand(operation.account !== entry.author, "remove of oneself");
        this.goAway(this.member(operation.account), "removed");
        this.endInvites(({ mode, maker }) => mode === "instant" || maker === operation.account);
        this.eraRequired = true;
        return;
      }
      case "leave": {
        this.goAway(this.member(entry.author), "left");
        group.due += 1;
        this.endInvites(({ mode }) => mode === "instant");
        return;
      }
      case "role":
        return this.role(operation);
      case "rules": {
        demand(this.facilitates(), "only facilitators change rules");
        this.eraRequired ||= group.history !== operation.history;
        group.history = operation.history;
        if (operation.history === "from-joining") this.endInvites(({ mode }) => mode === "instant");
        return;
      }
      case "account-update":
        return this.accountUpdate(operation);
      case "invite":
        return this.invite(operation);
      case "end-invite":
        return this.endInvite(operation.id);
      case "cut": {
        demand(this.facilitates(), "only facilitators cut");
        demand(operation.day <= Math.floor(this.moment / day), "not a day to come");
        group.cutDay = Math.max(group.cutDay ?? 0, operation.day);
        return;
      }
      case "era": {
        const previous = entry.operations.at(-2);
        const afterOwnDemotion =
          previous?.kind === "role" &&
          previous.account === entry.author &&
          previous.role === "member" &&
          previous.words;
        const standing = afterOwnDemotion
          ? this.before.accounts.get(entry.author)?.role === "facilitator"
          : this.facilitates();
        demand(standing, "only facilitators start eras");
        demand(operation.number === group.era + 1, "era n follows era n-1");
        demand(operation.usable, "a label key of use");
        group.era = operation.number;
        group.due = 0;
        return;
      }
    }
  }

  comeIn(name: string, statements: readonly DescribedStatement[], steward: string, role: Role): void {
    const account = this.group.accounts.get(name) ?? unknownAccount();
    this.addStatements(account, name, statements);
    demand(account.boxKeys.length > 0, "something can be boxed to it");
    demand(this.stewardFree(name, steward), "a steward key of its own");
    if (account.steward !== null && account.steward !== steward) account.spentStewards.push(account.steward);
    account.steward = steward;
    account.role = role;
    account.lastWent = null;
    this.group.accounts.set(name, account);
  }

  stewardFree(name: string, steward: string): boolean {
    return [...this.group.accounts].every(
      ([other, { steward: held, spentStewards }]) =>
        !spentStewards.includes(steward) && (other === name || held !== steward),
    );
  }

  goAway(account: OracleAccount, how: "left" | "removed"): void {
    account.role = null;
    account.lastWent = how;
  }

  role({ account: name, role, words }: Extract<DescribedOperation, { kind: "role" }>): void {
    demand(this.facilitates(), "only facilitators change roles");
    const account = this.member(name);
    const down = account.role === "facilitator" && role === "member";
    demand(words === down, "last words exactly where standing is taken away");
    account.role = role;
    this.eraRequired ||= down;
  }

  accountUpdate(operation: Extract<DescribedOperation, { kind: "account-update" }>): void {
    const { group, entry } = this;
    const author = this.member(entry.author);
    const account = this.member(operation.account);
    const own = operation.account === entry.author;
    const revokedBefore = new Set(account.revoked);
    this.addStatements(account, operation.account, operation.statements);
    const revokes = account.revoked.some((device) => !revokedBefore.has(device));
    if (revokes) {
      demand(own || author.role === "facilitator", "by that account itself or by a facilitator");
      demand(operation.words !== null, "with words");
      if (own) demand(operation.stewardKey !== null, "one that revokes a device must replace the steward key");
    }
    if (operation.words !== null)
      demand(
        operation.words.every((device) => account.revoked.includes(device)),
        "words of the affected devices only",
      );
    if (operation.stewardKey !== null) {
      demand(own, "by the account itself");
      demand(operation.stewardKey !== account.steward, "a new key");
      demand(this.stewardFree(operation.account, operation.stewardKey), "a steward key of its own");
    }
    if (operation.stewardKey !== null || revokes) {
      if (account.steward !== null) account.spentStewards.push(account.steward);
      account.steward = operation.stewardKey;
    }
    if (!revokes) return;
    group.due += 1;
    this.endInvites(({ mode }) => mode === "instant");
  }

  invite(operation: Extract<DescribedOperation, { kind: "invite" }>): void {
    const { group, entry } = this;
    demand(this.facilitates(), "only facilitators invite");
    demand(!group.invites.has(operation.id), "an id of its own");
    demand(this.moment < operation.expiry, "not expired");
    demand(operation.usable, "keys of use");
    if (operation.mode === "instant") {
      demand(group.history === "all", "only under history all");
      demand(operation.uses <= 50 && operation.expiry - this.moment <= 7 * day, "at most 7 days and 50 uses");
      demand(operation.role === "member", "as a member");
    }
    const { mode, role, uses, expiry } = operation;
    group.invites.set(operation.id, { mode, maker: entry.author, role, uses, expiry, ended: false });
  }

  endInvite(id: string): void {
    const author = this.member(this.entry.author);
    const invite = this.group.invites.get(id);
    demand(invite !== undefined, "an invite of this group");
    const over = invite.uses === 0 || this.moment >= invite.expiry;
    demand(over || author.role === "facilitator", "by anybody else only if uses are spent or it has expired");
    if (invite.ended) return;
    if (invite.mode === "instant" && !over) this.eraRequired = true;
    this.endOne(invite);
  }

  openInvite(id: string): OracleInvite {
    const invite = this.group.invites.get(id);
    demand(invite !== undefined && !invite.ended && this.moment < invite.expiry && invite.uses > 0, "still open");
    return invite;
  }

  /** "Uses fall with the join or admit that counts; the last one ends the invite in the same entry." */
  useInvite(id: string): void {
    const invite = this.openInvite(id);
    invite.uses -= 1;
    if (invite.uses === 0) this.endOne(invite);
  }

  endInvites(which: (invite: OracleInvite) => boolean): void {
    for (const invite of this.group.invites.values()) if (!invite.ended && which(invite)) this.endOne(invite);
  }

  endOne(invite: OracleInvite): void {
    invite.ended = true;
    if (invite.mode === "instant") this.group.due += 1;
  }
}

function unknownAccount(): OracleAccount {
  return { certified: [], revoked: [], boxKeys: [], role: null, lastWent: null, steward: null, spentStewards: [] };
}

/**
 * The group chain once more: slow, literal, from the protocol's text (docs/protocol.md section 5), on names instead of keys and
 * apart from `crypto/src/group`. Two readings of one text that agree on thousands of chains are worth more than one.
 */
import type { DescribedEntry, DescribedOperation } from "./described.ts";
import {
  certified,
  copyOfAccount,
  copyOfGroup,
  countedBoxKey,
  type OracleGroup,
  revoked,
  unknownAccount,
} from "./oracle-group.ts";
import { demand, Reading, Void } from "./oracle-reading.ts";

const day = 24 * 60 * 60 * 1000;

export interface Judged {
  readonly counted: boolean;
  readonly group: OracleGroup;
}

/**
 * The group after the entry. Of a void one nothing stays but its place: "the state is unchanged, index and hash go on".
 * What names another group or index is no item of this place. The group given is left as it is.
 */
export function judge(before: OracleGroup, entry: DescribedEntry): Judged {
  if (entry.flaw === "wire-group" || entry.flaw === "wire-index") return { counted: false, group: before };
  const group = copyOfGroup(before);
  group.length += 1;
  try {
    new Verdict(group, entry, before).judge();
    return { counted: true, group };
  } catch (error) {
    if (error instanceof Void) return { counted: false, group: { ...before, length: group.length } };
    throw error;
  }
}

class Verdict extends Reading {
  judge(): void {
    const { group, entry, before } = this;
    const first = !before.founded;
    demand(entry.flaw === null, "opens, is an entry of this version, size, place, previous hash and signature");
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
    this.boxes(kinds.at(-1) === "era");
  }

  /** "Statements verify and are added to a copy of the author's account; the device is certified in it and not revoked." */
  judgeAuthor(): void {
    const { author, device, statements } = this.entry;
    const copy = copyOfAccount(this.before.accounts.get(author) ?? unknownAccount());
    this.addStatements(copy, author, statements);
    demand(certified(copy).includes(device), "certified");
    demand(!revoked(copy).includes(device), "not revoked");
  }

  judgeFollowing(before: DescribedOperation | undefined, now: DescribedOperation): void {
    if (before === undefined) return;
    demand(before.kind !== "leave", "nothing follows leave");
    const { author, device } = this.entry;
    if (before.kind === "join" || (before.kind === "account-update" && before.account === author)) {
      const revokesSigner = before.statements.some((one) => one.kind === "revoke" && one.device === device);
      demand(!revokesSigner, "nothing follows the revocation of the signing device");
    }
    if (this.isOwnDemotion(before)) demand(now.kind === "era", "one's own demotion is followed only by its era");
  }

  operation(operation: DescribedOperation): void {
    const { group, entry } = this;
    switch (operation.kind) {
      case "found": {
        group.founded = true;
        group.history = operation.history;
        group.retention = operation.retention;
        this.comeIn(entry.author, entry.statements, operation.stewardKey, "facilitator", "founded");
        return;
      }
      case "admit": {
        demand(this.facilitates(), "only facilitators admit");
        demand((group.accounts.get(operation.account)?.role ?? null) === null, "admit of somebody who is in");
        if (operation.invite !== null) {
          const invite = this.openInvite(operation.invite);
          demand(operation.role === "member" || invite.role === "facilitator", "no higher role than the invite's");
        }
        const came = `admitted by ${entry.author}, ${operation.invite ?? "no invite"}, ${String(operation.request)}`;
        this.comeIn(operation.account, operation.statements, operation.stewardKey, operation.role, came);
        if (operation.invite !== null) this.useInvite(operation.invite);
        this.eraRequired ||= group.history === "from-joining";
        return;
      }
      case "join": {
        const account = group.accounts.get(entry.author);
        demand((account?.role ?? null) === null, "is not in yet");
        demand(account?.stays.at(-1)?.ended !== "removed", "a removed account comes back only by admit");
        const invite = this.openInvite(operation.invite);
        demand(invite.mode === "instant", "instant");
        const came = `joined by ${operation.invite}`;
        this.comeIn(entry.author, operation.statements, operation.stewardKey, invite.role, came);
        this.judgeClaim(operation);
        this.useInvite(operation.invite);
        return;
      }
      case "remove": {
        demand(this.facilitates(), "only facilitators remove");
        demand(operation.account !== entry.author, "remove of oneself");
        this.goAway(this.member(operation.account), "removed", operation.words);
        this.endInvites("removal", ({ mode, maker }) => mode === "instant" || maker === operation.account);
        this.eraRequired = true;
        return;
      }
      case "leave": {
        this.goAway(this.member(entry.author), "left", operation.words);
        group.due.push(`left ${this.index} ${entry.author}`);
        this.endInvites("leave", ({ mode }) => mode === "instant");
        return;
      }
      case "role":
        return this.role(operation);
      case "rules": {
        demand(this.facilitates(), "only facilitators change rules");
        this.eraRequired ||= group.history !== operation.history;
        group.history = operation.history;
        group.retention = operation.retention;
        if (operation.history === "from-joining") this.endInvites("history", ({ mode }) => mode === "instant");
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
        const standing = this.isOwnDemotion(entry.operations.at(-2))
          ? this.before.accounts.get(entry.author)?.role === "facilitator"
          : this.facilitates();
        demand(standing, "only facilitators start eras");
        demand(operation.number === group.era + 1, "era n follows era n-1");
        demand(!operation.flawed, "a label key of use");
        group.era = operation.number;
        group.eras.push({ start: this.index, linksContent: this.linksContent() });
        group.due = [];
        return;
      }
    }
  }

  /** "Where history is `all`, and under `from joining` (before or after the entry) only if the entry neither admits anybody nor loosens the rule." */
  linksContent(): boolean {
    const { before, group, entry } = this;
    if (!before.founded) return false;
    if (before.history === "all" && group.history === "all") return true;
    const admits = entry.operations.some(({ kind }) => kind === "admit" || kind === "join");
    return !admits && !(before.history === "from-joining" && group.history === "all");
  }

  /**
   * "For each account and each live instant invite … to the highest box key generation after the entry that starts the
   * era or, later in it, brings the account in"; for `admit` with a request one more.
   */
  boxes(startsEra: boolean): void {
    const { group, index } = this;
    if (startsEra) group.boxes = [];
    for (const [name, account] of group.accounts) {
      const stay = account.stays.at(-1);
      if (account.role === null || stay === undefined || (!startsEra && stay.from !== index)) continue;
      const key = countedBoxKey(account.boxKeys)?.name ?? "nothing";
      group.boxes.push(`account ${name} ${key}`);
      if (stay.from === index && stay.came.endsWith("true")) group.boxes.push(`request ${name} ${key}`);
    }
    for (const [id, invite] of group.invites) {
      const lives = invite.mode === "instant" && invite.ended === null && this.moment < invite.expiry;
      if (lives && (startsEra || invite.since === index)) group.boxes.push(`invite ${id}`);
    }
  }

  /** "Signed by the request key over {group id, invite, identity key, device, box key}": the key that counts once it is in. */
  judgeClaim({ claim, invite }: Extract<DescribedOperation, { kind: "join" }>): void {
    const { author, device } = this.entry;
    const account = this.group.accounts.get(author) ?? unknownAccount();
    demand(claim !== null, "the request key's signature");
    demand(claim.account === author && claim.device === device && claim.invite === invite, "over this guest");
    demand(claim.boxKey === countedBoxKey(account.boxKeys)?.name, "over the box key that counts");
  }

  role({ account: name, role, words }: Extract<DescribedOperation, { kind: "role" }>): void {
    demand(this.facilitates(), "only facilitators change roles");
    const account = this.member(name);
    const down = account.role === "facilitator" && role === "member";
    demand((words !== null) === down, "last words exactly where standing is taken away");
    if (words !== null) {
      this.endFacilitation(account);
      account.words.push({ index: this.index, binds: "role", devices: null, words });
    }
    if (account.role === "member" && role === "facilitator")
      account.facilitations.push({ from: this.index, until: null });
    account.role = role;
    this.eraRequired ||= down;
  }

  accountUpdate(operation: Extract<DescribedOperation, { kind: "account-update" }>): void {
    const { group, entry } = this;
    const author = this.member(entry.author);
    const account = this.member(operation.account);
    const own = operation.account === entry.author;
    const revokedBefore = new Set(revoked(account));
    this.addStatements(account, operation.account, operation.statements);
    const now = revoked(account).filter((device) => !revokedBefore.has(device));
    const revokes = now.length > 0;
    if (revokes) {
      demand(own || author.role === "facilitator", "by that account itself or by a facilitator");
      demand(operation.words !== null, "with words");
      if (own) demand(operation.stewardKey !== null, "one that revokes a device must replace the steward key");
    }
    if (operation.words !== null)
      demand(
        operation.words.every(({ device }) => revoked(account).includes(device)),
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
    account.words.push({ index: this.index, binds: "all", devices: now, words: operation.words ?? [] });
    group.due.push(`device-revoked ${this.index} ${operation.account}`);
    this.endInvites("revocation", ({ mode }) => mode === "instant");
  }

  invite(operation: Extract<DescribedOperation, { kind: "invite" }>): void {
    const { group, entry } = this;
    demand(this.facilitates(), "only facilitators invite");
    demand(!group.invites.has(operation.id), "an id of its own");
    demand(this.moment < operation.expiry, "not expired");
    demand(operation.flaw === null, "keys of use");
    if (operation.mode === "instant") {
      demand(group.history === "all", "only under history all");
      demand(operation.uses <= 50 && operation.expiry - this.moment <= 7 * day, "at most 7 days and 50 uses");
      demand(operation.role === "member", "as a member");
    }
    const { mode, role, uses, expiry } = operation;
    const maker = entry.author;
    group.invites.set(operation.id, { mode, maker, since: this.index, role, uses, expiry, ended: null });
  }

  endInvite(id: string): void {
    const author = this.member(this.entry.author);
    const invite = this.group.invites.get(id);
    demand(invite !== undefined, "an invite of this group");
    const expired = this.moment >= invite.expiry;
    const over = invite.uses === 0 || expired;
    demand(over || author.role === "facilitator", "by anybody else only if uses are spent or it has expired");
    if (invite.ended !== null) return;
    if (invite.mode === "instant" && !over) this.eraRequired = true;
    this.endOne(id, invite, expired ? "expired" : "by-hand");
  }
}

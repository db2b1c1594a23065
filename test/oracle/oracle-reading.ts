/** What the oracle does in many places: statements, standing, invites. The protocol's sentences stand beside what they say. */
import type { DescribedEntry, DescribedOperation, DescribedStatement, DescribedWords, Role } from "./described.ts";
import {
  certified,
  type EndCause,
  type OracleAccount,
  type OracleGroup,
  type OracleInvite,
  unknownAccount,
} from "./oracle-group.ts";

/** "More than 32 devices or box keys per account": a failure. */
const most = 32;

/** The entry is void. */
export class Void extends Error {}

export function demand(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Void(why);
}

/** One entry being read, on a copy of the group. */
export class Reading {
  readonly group: OracleGroup;
  readonly before: OracleGroup;
  readonly entry: DescribedEntry;
  /** "The greatest of the entry's own time and the times of facilitators' counted entries before it." */
  readonly moment: number;
  /** Where the entry stands. */
  readonly index: number;
  eraRequired = false;

  constructor(group: OracleGroup, entry: DescribedEntry, before: OracleGroup) {
    this.group = group;
    this.entry = entry;
    this.before = before;
    this.moment = Math.max(entry.time, before.facilitatorTime);
    this.index = before.length;
  }

  addStatements(account: OracleAccount, name: string, statements: readonly DescribedStatement[]): void {
    for (const statement of statements) {
      demand(!statement.forged && statement.account === name, "a statement of this account's identity key");
      const { boxKey } = statement;
      if (boxKey !== null) {
        demand(boxKey.flaw === null, "a box key that can be boxed to, a label key of use");
        if (!account.boxKeys.some((known) => known.name === boxKey.name)) account.boxKeys.push(boxKey);
      }
      let device = account.devices.find((known) => known.name === statement.device);
      if (device === undefined) {
        device = { name: statement.device, certifiedAt: null, revokedAt: null };
        account.devices.push(device);
      }
      if (statement.kind === "device") device.certifiedAt ??= this.index;
      else device.revokedAt ??= this.index;
    }
    demand(certified(account).length <= most && account.boxKeys.length <= most, "32 devices, 32 box keys");
  }

  isOwnDemotion(operation: DescribedOperation | undefined): boolean {
    const { author } = this.entry;
    if (operation?.kind !== "role" || operation.account !== author) return false;
    return operation.role === "member" && operation.words !== null;
  }

  facilitates(): boolean {
    return this.group.accounts.get(this.entry.author)?.role === "facilitator";
  }

  member(name: string): OracleAccount {
    const account = this.group.accounts.get(name);
    demand(account !== undefined && account.role !== null, "is in the group");
    return account;
  }

  comeIn(
    name: string,
    statements: readonly DescribedStatement[],
    steward: string | null,
    role: Role,
    came: string,
  ): void {
    const account = this.group.accounts.get(name) ?? unknownAccount();
    this.addStatements(account, name, statements);
    demand(account.boxKeys.length > 0, "something can be boxed to it");
    demand(steward === null || this.stewardFree(name, steward), "a steward key of its own");
    if (account.steward !== null && account.steward !== steward) account.spentStewards.push(account.steward);
    account.steward = steward;
    account.role = role;
    account.stays.push({ from: this.index, until: null, ended: null, came });
    if (role === "facilitator") account.facilitations.push({ from: this.index, until: null });
    this.group.accounts.set(name, account);
  }

  stewardFree(name: string, steward: string): boolean {
    return [...this.group.accounts].every(
      ([other, { steward: held, spentStewards }]) =>
        !spentStewards.includes(steward) && (other === name || held !== steward),
    );
  }

  goAway(account: OracleAccount, how: "left" | "removed", words: DescribedWords): void {
    this.endFacilitation(account);
    account.role = null;
    const stay = account.stays.at(-1);
    if (stay !== undefined) account.stays.splice(-1, 1, { ...stay, until: this.index, ended: how });
    account.words.push({ index: this.index, binds: "all", devices: null, words });
  }

  endFacilitation(account: OracleAccount): void {
    const last = account.facilitations.at(-1);
    if (account.role === "facilitator" && last !== undefined) last.until = this.index;
  }

  openInvite(id: string): OracleInvite {
    const invite = this.group.invites.get(id);
    const open = invite?.ended === null && this.moment < invite.expiry && invite.uses > 0;
    demand(invite !== undefined && open, "still open");
    return invite;
  }

  /** "Uses fall with the join or admit that counts; the last one ends the invite in the same entry." */
  useInvite(id: string): void {
    const invite = this.openInvite(id);
    invite.uses -= 1;
    if (invite.uses === 0) this.endOne(id, invite, "spent");
  }

  endInvites(cause: EndCause, which: (invite: OracleInvite) => boolean): void {
    for (const [id, invite] of this.group.invites)
      if (invite.ended === null && which(invite)) this.endOne(id, invite, cause);
  }

  endOne(id: string, invite: OracleInvite, cause: EndCause): void {
    invite.ended = { index: this.index, cause };
    if (invite.mode === "instant") this.group.due.push(`invite-ended ${this.index} ${id}`);
  }
}

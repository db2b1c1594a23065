/** What was seen on the way: an agreement about nothing would be worth nothing. */
import type { RefusalReason } from "@unionhall/crypto";
import type { DescribedEntry, OperationKind } from "./described.ts";
import type { OracleGroup } from "./oracle-group.ts";

/** How often each must have been seen in 10,000 chains of founded groups; what they share counts once. */
export interface Floors {
  readonly kinds: Readonly<Record<OperationKind, number>>;
  readonly verdicts: Readonly<Record<RefusalReason | "applied", number>>;
  readonly facts: Readonly<Record<string, number>>;
}

/** About half of what is seen. Three limits are beyond these chains; tests beside `applyEntry` reach them. */
export const floors: Floors = {
  kinds: {
    found: 800,
    admit: 2_300,
    join: 400,
    remove: 1_300,
    leave: 500,
    role: 1_200,
    rules: 800,
    "account-update": 3_300,
    invite: 1_800,
    "end-invite": 600,
    cut: 550,
    era: 4_000,
  },
  verdicts: {
    applied: 11_000,
    "other-group": 100,
    "other-index": 100,
    "too-large": 100,
    "does-not-open": 100,
    malformed: 100,
    "unknown-version": 100,
    "differs-from-wire": 100,
    "wrong-previous-hash": 100,
    "stale-era": 100,
    "statement-invalid": 100,
    "unusable-key": 100,
    "too-many-devices": 45,
    "too-many-revocations": 0,
    "too-many-box-keys": 0,
    "device-not-certified": 100,
    "device-revoked": 100,
    "signature-invalid": 100,
    "first-entry-form": 100,
    "nothing-may-follow": 100,
    "era-not-last": 100,
    "not-a-member": 100,
    "not-a-facilitator": 100,
    "target-not-in": 100,
    "target-already-in": 100,
    "removes-oneself": 100,
    "group-full": 0,
    "no-box-key": 100,
    "steward-key-used": 100,
    "steward-key-missing": 100,
    "steward-key-of-another": 100,
    "revocation-by-another": 100,
    "last-words-missing": 100,
    "last-words-misplaced": 100,
    "invite-unknown": 100,
    "invite-id-used": 100,
    "invite-ended": 100,
    "invite-expired": 100,
    "invite-still-open": 100,
    "invite-not-instant": 30,
    "role-above-invite": 100,
    "instant-invite-limits": 100,
    "request-signature-invalid": 40,
    "removed-before": 100,
    "cut-in-future": 100,
    "wrong-era-number": 100,
    "era-missing": 100,
    "no-facilitator-left": 100,
  },
  facts: {
    "a first entry that is void": 90,
    "a link that hands on content": 5_000,
    "a link that does not": 1_000,
    "a tie between box keys": 300,
    "somebody came back": 1_000,
    "last words": 5_000,
    "a steward key struck": 300,
    "an invite ended by-hand": 300,
    "an invite ended spent": 300,
    "an invite ended expired": 100,
    "an invite ended removal": 300,
    "an invite ended leave": 100,
    "an invite ended revocation": 300,
    "an invite ended history": 100,
  },
};

export class Tally {
  readonly kinds = new Map<string, number>();
  readonly verdicts = new Map<string, number>();
  readonly facts = new Map<string, number>();
  founded = 0;

  add(entry: DescribedEntry, verdict: string): void {
    count(this.verdicts, verdict);
    if (verdict !== "applied") return;
    for (const kind of new Set(entry.operations.map((one) => one.kind))) count(this.kinds, kind);
  }

  /** What can be seen in a group at the end of a chain. */
  end(last: { readonly group: OracleGroup } | undefined): void {
    if (last === undefined) throw new RangeError("a chain has an end");
    const { group } = last;
    if (!group.founded) return count(this.facts, "a first entry that is void");
    this.founded += 1;
    for (const { linksContent } of group.eras.slice(1))
      count(this.facts, linksContent ? "a link that hands on content" : "a link that does not");
    for (const { ended } of group.invites.values())
      if (ended !== null) count(this.facts, `an invite ended ${ended.cause}`);
    for (const account of group.accounts.values()) {
      const highest = Math.max(...account.boxKeys.map(({ generation }) => generation));
      const atTop = account.boxKeys.filter(({ generation }) => generation === highest);
      if (atTop.length > 1) count(this.facts, "a tie between box keys");
      if (account.stays.length > 1) count(this.facts, "somebody came back");
      if (account.steward === null) count(this.facts, "a steward key struck");
      for (const { words } of account.words) if (words.length > 0) count(this.facts, "last words");
    }
  }

  /** What was seen less often than it should have been, for this many chains instead of 10,000. */
  tooRare(chains: number): readonly string[] {
    const below = (
      [
        [floors.kinds, this.kinds],
        [floors.verdicts, this.verdicts],
        [floors.facts, this.facts],
      ] as const
    ).map(([least, seen]) =>
      Object.entries(least)
        .filter(([name, floor]) => (seen.get(name) ?? 0) < (floor * chains) / 10_000)
        .map(([name]) => `${name}: ${seen.get(name) ?? 0}`),
    );
    return below.flat();
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

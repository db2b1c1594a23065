/** What the oracle holds of a group, in names. */
import type { BoxKeyName, DescribedWords, History, Role } from "./described.ts";

/** From which entry on, and until which; null while it lasts. */
export interface OracleSpan {
  from: number;
  until: number | null;
}

export interface OracleDevice {
  name: string;
  certifiedAt: number | null;
  revokedAt: number | null;
}

/** Last words of one entry. `devices` null: of every device of the account. */
export interface OracleWords {
  index: number;
  binds: "all" | "role";
  devices: string[] | null;
  words: DescribedWords;
}

export interface OracleAccount {
  devices: OracleDevice[];
  boxKeys: BoxKeyName[];
  /** What it is now; null: not in. */
  role: Role | null;
  stays: (OracleSpan & { ended: "left" | "removed" | null; came: string })[];
  facilitations: OracleSpan[];
  steward: string | null;
  spentStewards: string[];
  words: OracleWords[];
}

export type EndCause = "by-hand" | "spent" | "expired" | "removal" | "leave" | "revocation" | "history";

export interface OracleInvite {
  mode: "approval" | "instant";
  maker: string;
  since: number;
  role: Role;
  uses: number;
  expiry: number;
  ended: { index: number; cause: EndCause } | null;
}

export interface OracleGroup {
  /** How many items the chain has, void ones too. */
  length: number;
  founded: boolean;
  history: History;
  retention: number | null;
  /** Number of the newest era; -1 before the first. */
  era: number;
  /** Of each era: the entry that started it, and whether its link hands on the content key before it. */
  eras: { start: number; linksContent: boolean }[];
  /** To whom the newest era is boxed, each with the box key used. */
  boxes: string[];
  accounts: Map<string, OracleAccount>;
  invites: Map<string, OracleInvite>;
  /** Greatest time of facilitators' counted entries. */
  facilitatorTime: number;
  /** What happened since the newest era began for which a new one is due. */
  due: string[];
  cutDay: number | null;
}

export function nothingYet(): OracleGroup {
  return {
    length: 0,
    founded: false,
    history: "all",
    retention: null,
    era: -1,
    eras: [],
    boxes: [],
    accounts: new Map(),
    invites: new Map(),
    facilitatorTime: 0,
    due: [],
    cutDay: null,
  };
}

export function unknownAccount(): OracleAccount {
  return {
    devices: [],
    boxKeys: [],
    role: null,
    stays: [],
    facilitations: [],
    steward: null,
    spentStewards: [],
    words: [],
  };
}

export function copyOfAccount(account: OracleAccount): OracleAccount {
  return {
    ...account,
    devices: account.devices.map((device) => ({ ...device })),
    boxKeys: [...account.boxKeys],
    stays: account.stays.map((stay) => ({ ...stay })),
    facilitations: account.facilitations.map((span) => ({ ...span })),
    spentStewards: [...account.spentStewards],
    words: [...account.words],
  };
}

/** Nothing that is changed in the copy shows in the original. */
export function copyOfGroup(group: OracleGroup): OracleGroup {
  return {
    ...group,
    eras: [...group.eras],
    boxes: [...group.boxes],
    accounts: new Map([...group.accounts].map(([name, account]) => [name, copyOfAccount(account)])),
    invites: new Map([...group.invites].map(([id, invite]) => [id, { ...invite }])),
    due: [...group.due],
  };
}

/** "The current box key is the one with the highest generation, at a tie the greater hash." */
export function countedBoxKey(boxKeys: readonly BoxKeyName[]): BoxKeyName | null {
  return boxKeys.reduce<BoxKeyName | null>((best, key) => {
    if (best === null || key.generation > best.generation) return key;
    return key.generation === best.generation && key.name > best.name ? key : best;
  }, null);
}

export function certified({ devices }: OracleAccount): readonly string[] {
  return devices.filter(({ certifiedAt }) => certifiedAt !== null).map(({ name }) => name);
}

export function revoked({ devices }: OracleAccount): readonly string[] {
  return devices.filter(({ revokedAt }) => revokedAt !== null).map(({ name }) => name);
}

/** What the oracle and the real fold can both say of a group, in one form. */
import {
  accountOf,
  boxRecipients,
  type BoxRecipient,
  type GroupState,
  isIn,
  newestEra,
  roleOf,
  toHex,
} from "@unionhall/crypto";
import { boxKeyNamed, boxPublicKey, device, identity, inviteId, recordHash, steward } from "./keys.ts";
import { countedBoxKey, type OracleAccount, type OracleGroup } from "./oracle-group.ts";

type Account = NonNullable<ReturnType<typeof accountOf>>;

const hexes = new WeakMap<Uint8Array, string>();

/** The same bytes are asked for again and again. */
function hex(bytes: Uint8Array): string {
  const known = hexes.get(bytes) ?? toHex(bytes);
  hexes.set(bytes, known);
  return known;
}

function sorted(lines: readonly string[]): readonly string[] {
  return lines.toSorted((a, b) => (a < b ? -1 : 1));
}

export function ofOracle(group: OracleGroup): unknown {
  return {
    length: group.length,
    rules: group.founded ? [group.history, group.retention] : null,
    era: group.era,
    eras: group.eras.map(({ start, linksContent }) => [start, linksContent]),
    boxes: sorted(group.boxes.map(boxOfOracle)),
    due: sorted(group.due.map(dueOfOracle)),
    cutDay: group.cutDay,
    time: group.facilitatorTime,
    accounts: [...group.accounts].toSorted(byName).map(([name, account]) => accountOfOracle(name, account)),
    invites: [...group.invites].map(([id, { maker, uses, ended }]) => ({
      id: hex(inviteId(id)),
      maker: hex(identity(maker).publicKey),
      uses,
      ended: ended === null ? null : [ended.index, ended.cause],
    })),
  };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function boxOfOracle(line: string): string {
  const [kind = "", name = "", key = ""] = line.split(" ");
  if (kind === "invite") return `invite ${hex(inviteId(name))} ${hex(boxPublicKey("invite instant"))}`;
  return `${kind} ${hex(identity(name).publicKey)} ${hex(boxKeyNamed(name, key).publicKey)}`;
}

function dueOfOracle(line: string): string {
  const [kind = "", index = "", name = ""] = line.split(" ");
  return `${kind} ${index} ${hex(kind === "invite-ended" ? inviteId(name) : identity(name).publicKey)}`;
}

function accountOfOracle(name: string, account: OracleAccount): unknown {
  const key = (one: string): string => hex(device(name, one).publicKey);
  const counted = countedBoxKey(account.boxKeys);
  return {
    name,
    role: account.role,
    steward: account.steward === null ? null : hex(steward(account.steward).publicKey),
    spent: sorted(account.spentStewards.map((one) => hex(steward(one).publicKey))),
    devices: sorted(account.devices.map((one) => `${key(one.name)} ${one.certifiedAt} ${one.revokedAt}`)),
    boxKey: counted === null ? null : hex(boxKeyNamed(name, counted.name).publicKey),
    stays: account.stays.map(({ from, until, ended }) => [from, until, ended]),
    facilitations: account.facilitations.map(({ from, until }) => [from, until]),
    words: account.words.map(({ index, binds, devices, words }) => ({
      index,
      binds,
      devices: devices === null ? null : sorted(devices.map(key)),
      words: sorted(
        words.flatMap((one) =>
          one.heads.map((at) => `${key(one.device)} ${at} ${hex(recordHash(name, one.device, at))}`),
        ),
      ),
    })),
  };
}

export function ofReal(state: GroupState, people: readonly string[]): unknown {
  const newest = newestEra(state);
  return {
    length: state.hashes.length,
    rules: state.rules === null ? null : [state.rules.history, state.rules.retentionDays],
    era: newest?.number ?? -1,
    eras: state.eras.map(({ startIndex, linksContent }) => [startIndex, linksContent]),
    boxes: newest === null ? [] : sorted(boxRecipients(state, newest).map(boxOfReal)),
    due: sorted(
      state.eraDue.map((due) => {
        const who = due.kind === "invite-ended" ? due.invite : due.identityKey;
        return `${due.kind} ${due.index} ${hex(who)}`;
      }),
    ),
    cutDay: state.cutDay,
    time: state.facilitatorTime,
    accounts: people.toSorted().flatMap((name) => {
      const account = accountOf(state, identity(name).publicKey);
      return account === undefined ? [] : [accountOfReal(name, account)];
    }),
    invites: [...state.invites].map(([id, { maker, usesLeft, ended }]) => ({
      id,
      maker: hex(maker),
      uses: usesLeft,
      ended: ended === null ? null : [ended.index, ended.cause],
    })),
  };
}

function boxOfReal(recipient: BoxRecipient): string {
  const who = recipient.kind === "invite" ? recipient.invite : recipient.identityKey;
  return `${recipient.kind} ${hex(who)} ${hex(recipient.boxKey)}`;
}

function accountOfReal(name: string, account: Account): unknown {
  const current = account.boxKeys.at(-1)?.boxKey;
  return {
    name,
    role: isIn(account) ? roleOf(account) : null,
    steward: account.stewardKey === null ? null : hex(account.stewardKey),
    spent: sorted(account.spentStewardKeys.map(hex)),
    devices: sorted(account.devices.map((one) => `${hex(one.key)} ${one.certifiedAt} ${one.revokedAt}`)),
    boxKey: current === undefined ? null : hex(current.publicKey),
    stays: account.stays.map(({ from, until, ended }) => [from, until, ended]),
    facilitations: account.facilitations.map(({ from, until }) => [from, until]),
    words: account.lastWords.map(({ index, binds, devices, words }) => ({
      index,
      binds,
      devices: devices === null ? null : sorted(devices.map(hex)),
      words: sorted(
        words.flatMap((one) => one.heads.map((head) => `${hex(one.device)} ${head.number} ${hex(head.hash)}`)),
      ),
    })),
  };
}

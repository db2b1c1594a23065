/** Random described entries that fit, more or less, the state they meet. */
import { type GroupAccount, type GroupState, isFacilitator, isIn } from "../group-state.ts";
import { toHex } from "../../primitives/bytes.ts";
import type {
  DescribedEntry,
  DescribedOperation,
  DescribedStatement,
  DescribedWords,
  EntryFault,
  Name,
} from "./described.ts";
import { NAMES } from "./described.ts";
import type { Dice } from "./dice.ts";
import { person } from "./people.ts";
import { FOUNDED_AT, HOUR, InviteSecrets } from "./test-group.ts";

const FAULTS: readonly EntryFault[] = [
  "other-signer",
  "other-previous",
  "other-group",
  "other-index",
  "other-era",
  "hidden-start",
  "changed-wire",
  "other-key",
  "garbage",
  "newer-version",
  "too-large",
];

/** A founding by ana, mostly well made, sometimes with others admitted in the same entry. */
export function randomFounding(dice: Dice): DescribedEntry {
  const history = dice.once(3) ? "from-joining" : "all";
  const admits = NAMES.slice(1, 1 + dice.below(4)).map((who) => wellMadeAdmit(dice, who, dice.once(2)));
  const era = { kind: "era", number: dice.once(300) ? 1 : 0, malformed: dice.once(300) } as const;
  const found = {
    kind: "found",
    history,
    retentionDays: dice.once(2) ? null : 30,
    steward: { of: "ana", number: 0 },
  } as const;
  return {
    author: "ana",
    device: 0,
    statements: [{ kind: "certifies", of: "ana", device: 0, generation: dice.once(300) ? null : 0 }],
    time: 0,
    era: 0,
    operations: dice.once(300) ? [...admits, found, era] : [found, ...admits, ...(dice.once(300) ? [] : [era])],
    fault: null,
  };
}

/** An entry that might come next. */
export function randomEntry(dice: Dice, state: GroupState): DescribedEntry {
  const cast = castOf(state);
  const author = dice.weighted([
    [6, dice.pick(or(cast.facilitators))],
    [3, dice.pick(or(cast.members))],
    [openInstant(state).length === 0 ? 1 : 5, dice.pick(or(cast.out))],
  ]);
  const device = dice.once(6) ? 1 + dice.below(2) : 0;
  const newest = Math.max(state.eras.length - 1, 0);
  const operations = randomOperations(dice, { state, cast, author, device });
  const usual = cast.in.includes(author) && device === 0 ? [] : [deviceStatement(author, device)];
  return {
    author,
    device,
    statements: dice.once(20) ? [randomStatement(dice, author)] : usual,
    time:
      hoursNow(state) +
      dice.weighted([
        [8, dice.below(5)],
        [1, -dice.below(50)],
        [1, dice.below(120)],
      ]),
    era: dice.once(25) ? dice.below(newest + 2) : newest,
    operations,
    fault: dice.once(20) ? dice.pick(FAULTS) : null,
  };
}

interface Cast {
  readonly in: readonly Name[];
  readonly out: readonly Name[];
  readonly facilitators: readonly Name[];
  readonly members: readonly Name[];
}

interface Setting {
  readonly state: GroupState;
  readonly cast: Cast;
  readonly author: Name;
  readonly device: number;
}

function castOf(state: GroupState): Cast {
  const account = (name: Name): GroupAccount | undefined => state.accounts.get(toHex(person(name).key));
  const within = (name: Name): boolean => {
    const found = account(name);
    return found !== undefined && isIn(found);
  };
  const leads = (name: Name): boolean => {
    const found = account(name);
    return found !== undefined && isFacilitator(found);
  };
  return {
    in: NAMES.filter(within),
    out: NAMES.filter((name) => !within(name)),
    facilitators: NAMES.filter(leads),
    members: NAMES.filter((name) => within(name) && !leads(name)),
  };
}

/** Somebody at least: anybody where there is nobody. */
function or(names: readonly Name[]): readonly Name[] {
  return names.length === 0 ? NAMES : names;
}

function hoursNow(state: GroupState): number {
  return state.eras.length === 0 ? 0 : Math.floor((state.facilitatorTime - FOUNDED_AT) / HOUR);
}

function randomOperations(dice: Dice, setting: Setting): readonly DescribedOperation[] {
  const count = dice.weighted([
    [6, 1],
    [2, 2],
    [1, 3],
  ]);
  const operations = Array.from({ length: count }, () => randomOperation(dice, setting));
  const takesAccess = operations.some((operation) => seemsToNeedEra(operation, setting.state));
  const wantsEra = takesAccess ? !dice.once(8) : dice.once(8);
  const startsEra = wantsEra ? [...operations, randomEra(dice, setting.state)] : operations;
  return dice.once(30) ? startsEra.toReversed() : startsEra;
}

function seemsToNeedEra(operation: DescribedOperation, { rules }: GroupState): boolean {
  const { kind } = operation;
  if (kind === "role") return operation.role === "member";
  if (kind === "rules") return operation.history !== rules?.history;
  if (kind === "end-invite") return operation.invite % 2 === 1;
  return kind === "remove" || (kind === "admit" && rules?.history === "from-joining");
}

function randomEra(dice: Dice, { eras }: GroupState): DescribedOperation {
  return { kind: "era", number: dice.once(20) ? dice.below(eras.length + 2) : eras.length, malformed: dice.once(30) };
}

type Maker = () => DescribedOperation;

/** Mostly what the author may do: each kind of author tries now and then what only others may. */
function randomOperation(dice: Dice, setting: Setting): DescribedOperation {
  const { cast, author } = setting;
  const usual = cast.facilitators.includes(author)
    ? facilitatorActs
    : cast.in.includes(author)
      ? memberActs
      : guestActs;
  const acts = dice.once(8) ? dice.pick([facilitatorActs, memberActs, guestActs]) : usual;
  return dice.weighted(acts(dice, setting))();
}

function facilitatorActs(dice: Dice, setting: Setting): readonly (readonly [number, Maker])[] {
  const { state, cast, author } = setting;
  const others = cast.in.filter((name) => name !== author);
  return [
    [cast.out.length === 0 ? 1 : 8, () => randomAdmit(dice, setting)],
    [4, () => ({ kind: "remove", who: dice.pick(dice.once(8) ? NAMES : or(others)), words: randomWords(dice) })],
    [5, () => randomRole(dice, setting)],
    [2, () => randomRules(dice, state)],
    [6, () => randomInvite(dice, state)],
    [1, () => ({ kind: "cut", day: dice.below(4) - 1 })],
    [2, () => randomEra(dice, state)],
    ...memberActs(dice, setting),
  ];
}

function memberActs(dice: Dice, setting: Setting): readonly (readonly [number, Maker])[] {
  const { state, author } = setting;
  return [
    [setting.cast.facilitators.includes(author) ? 1 : 3, () => ({ kind: "leave", words: randomWords(dice) })],
    [6, () => randomUpdate(dice, setting)],
    [state.invites.size === 0 ? 0 : 3, () => ({ kind: "end-invite", invite: knownInvite(dice, state) })],
  ];
}

function guestActs(dice: Dice, setting: Setting): readonly (readonly [number, Maker])[] {
  const { author } = setting;
  return [
    [12, () => randomJoin(dice, setting)],
    [1, () => ({ kind: "found", history: "all", retentionDays: null, steward: { of: author, number: 0 } })],
  ];
}

function randomRules(dice: Dice, { rules }: GroupState): DescribedOperation {
  const history = dice.once(3) ? (rules?.history === "all" ? "from-joining" : "all") : (rules?.history ?? "all");
  return { kind: "rules", history, retentionDays: dice.once(2) ? null : 9 };
}

function knownInvite(dice: Dice, { invites }: GroupState): number {
  const known = Array.from({ length: INVITES }, (_, at) => at).filter((number) =>
    invites.has(toHex(new InviteSecrets(number).id)),
  );
  return dice.once(8) || known.length === 0 ? dice.below(INVITES) : dice.pick(known);
}

function openInstant({ invites }: GroupState): readonly number[] {
  return [1, 3, 5].filter((number) => invites.get(toHex(new InviteSecrets(number).id))?.ended === null);
}

/** Invites with odd numbers are instant, so that a described `end-invite` can be told to need an era. */
const INVITES = 6;

function wellMadeAdmit(dice: Dice, who: Name, leads: boolean): DescribedOperation {
  return {
    kind: "admit",
    who,
    statements: [deviceStatement(who, 0)],
    steward: { of: who, number: dice.below(2) },
    role: leads ? "facilitator" : "member",
    invite: null,
    request: dice.once(2),
  };
}

function randomAdmit(dice: Dice, { cast, state }: Setting): DescribedOperation {
  const who = dice.pick(dice.once(8) || cast.out.length === 0 ? NAMES : cast.out);
  const well = wellMadeAdmit(dice, who, dice.once(4));
  if (well.kind !== "admit") return well;
  const spoilt = {
    ...well,
    statements: dice.once(10) ? [randomStatement(dice, dice.pick(NAMES))] : well.statements,
    steward: dice.once(10) ? randomSteward(dice) : { of: who, number: dice.below(4) },
    invite: dice.once(2) && state.invites.size > 0 ? knownInvite(dice, state) : null,
  };
  return dice.once(20) ? { ...spoilt, steward: null } : spoilt;
}

function randomJoin(dice: Dice, { author, device, state }: Setting): DescribedOperation {
  const open = openInstant(state);
  const invite = dice.once(6) || open.length === 0 ? dice.below(INVITES) : dice.pick(open);
  return {
    kind: "join",
    statements: dice.once(10) ? [randomStatement(dice, author)] : [deviceStatement(author, 0)],
    steward: dice.once(10) ? randomSteward(dice) : { of: author, number: dice.below(4) },
    invite,
    claim: {
      for: dice.once(10) ? dice.pick(NAMES) : author,
      device: dice.once(12) ? dice.below(3) : device,
      generation: dice.once(12) ? 1 : newestGeneration(state, author),
      invite: dice.once(12) ? dice.below(INVITES) : invite,
    },
  };
}

function newestGeneration(state: GroupState, name: Name): number {
  return state.accounts.get(toHex(person(name).key))?.boxKeys.at(-1)?.boxKey.generation ?? 0;
}

function randomRole(dice: Dice, { cast, author }: Setting): DescribedOperation {
  const who = dice.weighted([
    [4, dice.pick(or(cast.in))],
    [1, author],
    [1, dice.pick(NAMES)],
  ]);
  const role = dice.once(2) ? "facilitator" : "member";
  const wordsUsual = role === "member" && cast.facilitators.includes(who);
  return { kind: "role", who, role, words: dice.once(10) !== wordsUsual ? randomWords(dice) : null };
}

function randomUpdate(dice: Dice, { cast, author }: Setting): DescribedOperation {
  const who = dice.weighted([
    [3, author],
    [2, dice.pick(or(cast.in))],
    [1, dice.pick(NAMES)],
  ]);
  const statements = [randomStatement(dice, dice.once(12) ? dice.pick(NAMES) : who)];
  const revokes = statements.some(({ kind }) => kind === "revokes");
  const steward = { of: dice.once(12) ? dice.pick(NAMES) : who, number: dice.below(6) };
  const revoked = statements.flatMap((one) => (one.kind === "revokes" ? [one.device] : []));
  return {
    kind: "account-update",
    who,
    statements: dice.once(5) ? [] : statements,
    steward: (revokes && who === author) !== dice.once(8) ? steward : null,
    words: revokes !== dice.once(8) ? (dice.once(6) ? randomWords(dice) : wordsOf(dice, revoked)) : null,
  };
}

function randomInvite(dice: Dice, state: GroupState): DescribedOperation {
  const free = Array.from({ length: INVITES }, (_, at) => at).filter(
    (number) => !state.invites.has(toHex(new InviteSecrets(number).id)),
  );
  const invite = dice.once(10) || free.length === 0 ? dice.below(INVITES) : dice.pick(free);
  const instant = invite % 2 === 1;
  return {
    kind: "invite",
    invite,
    instant,
    expires: hoursNow(state) + (dice.once(8) ? 160 + dice.below(24) : dice.below(100)),
    uses: dice.once(12) ? 51 : 1 + dice.below(3),
    role: dice.once(8) ? "facilitator" : "member",
    malformed: dice.once(12) ? dice.pick(instant ? ["box", "label", "desk"] : ["desk"]) : null,
  };
}

function deviceStatement(of: Name, device: number): DescribedStatement {
  return { kind: "certifies", of, device, generation: device === 0 ? 0 : null };
}

function randomStatement(dice: Dice, of: Name): DescribedStatement {
  const device = dice.below(4);
  return dice.weighted<DescribedStatement>([
    [4, deviceStatement(of, device)],
    [4, { kind: "revokes", of, device, generation: 1 + dice.below(3) }],
    [1, { kind: "certifies", of, device, generation: dice.below(3) }],
    [1, { kind: "revokes", of, device, generation: 9 }],
    [1, { kind: "forged", of }],
  ]);
}

function randomSteward(dice: Dice) {
  return { of: dice.pick(NAMES), number: dice.below(4) };
}

function randomWords(dice: Dice): readonly DescribedWords[] {
  return wordsOf(
    dice,
    [0, 1, 2].filter(() => dice.once(3)),
  );
}

function wordsOf(dice: Dice, devices: readonly number[]): readonly DescribedWords[] {
  return [...new Set(devices)].map((device) => ({ device, numbers: dice.once(3) ? [1, 2] : [1 + dice.below(9)] }));
}

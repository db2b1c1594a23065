/** Entries by chance: mostly plausible for the group they meet, with every kind of mischief mixed in. */
import type { DescribedEntry, DescribedOperation, Role } from "./described.ts";
import { certified, countedBoxKey, type OracleGroup, revoked } from "./oracle-group.ts";
import { day, devices, isIn, Parts, people } from "./parts.ts";

/** Who proposes, and what the writer sees of the group. */
interface Scene {
  readonly group: OracleGroup;
  readonly author: string;
  readonly device: string;
  readonly leads: boolean;
}

export class Writer extends Parts {
  first(): DescribedEntry {
    const { dice } = this;
    const founding: DescribedOperation = {
      kind: "found",
      history: this.history(),
      retention: this.retention(),
      stewardKey: "steward-ana",
    };
    const others = people.slice(1, 1 + dice.below(4)).map((name) => this.wellMadeAdmit(name));
    const era: DescribedOperation = {
      kind: "era",
      number: dice.chance(0.02) ? 1 : 0,
      flawed: dice.chance(0.01),
    };
    const operations = dice.chance(0.02) ? [...others, founding, era] : [founding, ...others, era];
    return {
      author: "ana",
      device: "one",
      statements: [this.certifies("ana", "one", dice.chance(0.98) ? 0 : null)],
      time: this.tick(),
      era: 0,
      flaw: this.flaw(0.03),
      operations: dice.chance(0.01) ? operations.slice(0, -1) : operations,
    };
  }

  entry(group: OracleGroup): DescribedEntry {
    const { dice } = this;
    const walksIn = dice.chance(0.4) ? this.walkIn(group) : null;
    const author = walksIn?.author ?? this.author(group);
    const account = group.accounts.get(author);
    const known = account === undefined ? [] : certified(account);
    const gone = account === undefined ? [] : revoked(account);
    const live = known.filter((one) => !gone.includes(one));
    const fresh = devices.filter((one) => !known.includes(one) && !gone.includes(one));
    const device = dice.chance(0.93) ? dice.pickFirst(live, fresh, known) : dice.pick(devices);
    const scene = { group, author, device, leads: account?.role === "facilitator" };
    const operations = walksIn === null ? this.operations(scene) : [this.join(scene, walksIn.invite)];
    const brings = !known.includes(device) || dice.chance(0.05);
    return {
      author,
      device,
      statements: brings && dice.chance(0.95) ? [this.certifies(author, device, dice.chance(0.5) ? 0 : null)] : [],
      time: this.tick(),
      era: dice.chance(0.02) ? Math.max(0, group.era + dice.below(3) - 1) : group.era,
      flaw: this.flaw(0.05),
      operations: walksIn !== null && dice.chance(0.15) ? [...operations, ...this.operations(scene)] : operations,
    };
  }

  /** Somebody who is not in, and an instant invite that is open. */
  walkIn(group: OracleGroup): { readonly author: string; readonly invite: string } | null {
    const { dice } = this;
    const outside = people.filter((name) => !isIn(group, name));
    const welcome = outside.filter((name) => group.accounts.get(name)?.stays.at(-1)?.ended !== "removed");
    const instant = [...group.invites].filter(([, { mode }]) => mode === "instant");
    const open = instant.filter(([, { ended, expiry }]) => ended === null && this.clock < expiry);
    const from = open.length > 0 && dice.chance(0.9) ? open : instant;
    if (outside.length === 0 || from.length === 0) return null;
    return {
      author: dice.chance(0.8) ? dice.pickFirst(welcome, outside) : dice.pick(outside),
      invite: dice.pick(from)[0],
    };
  }

  author(group: OracleGroup): string {
    const { dice } = this;
    const wanted: Role | null = dice.chance(0.68) ? "facilitator" : dice.chance(0.85) ? "member" : null;
    const fitting = [...group.accounts].filter(([, { role }]) => role === wanted).map(([name]) => name);
    return wanted !== null && fitting.length > 0 ? dice.pick(fitting) : dice.pick(people);
  }

  operations(scene: Scene): readonly DescribedOperation[] {
    const { dice } = this;
    const operations: DescribedOperation[] = [this.operation(scene)];
    while (dice.chance(0.2)) operations.push(this.operation(scene));
    const wants = operations.some((operation) => wantsEra(operation, scene.group));
    if (dice.chance(scene.leads ? (wants ? 0.9 : 0.2) : 0.04)) operations.push(this.era(scene.group));
    return dice.chance(0.03) ? operations.toReversed() : operations;
  }

  era(group: OracleGroup): DescribedOperation {
    const number = this.dice.chance(0.03) ? group.era + this.dice.below(3) : group.era + 1;
    return { kind: "era", number, flawed: this.dice.chance(0.02) };
  }

  operation(scene: Scene): DescribedOperation {
    const { dice } = this;
    const makers = scene.leads || dice.chance(0.12) ? this.actsOfFacilitators(scene) : this.actsOfMembers(scene);
    return dice.weighted(makers)();
  }

  actsOfFacilitators(scene: Scene): readonly (readonly [number, () => DescribedOperation])[] {
    const { dice, clock } = this;
    const { group } = scene;
    const member = this.member(group);
    const others = people.filter((name) => name !== scene.author && isIn(group, name));
    const outside = people.filter((name) => !isIn(group, name));
    return [
      [
        outside.length > 0 ? 6 : 0.7,
        () => this.admit(group, dice.chance(0.9) ? dice.pickFirst(outside, people) : dice.pick(people)),
      ],
      [
        2.5,
        () => ({
          kind: "remove",
          account: dice.chance(0.9) ? dice.pickFirst(others, people) : member,
          words: this.someWords(),
        }),
      ],
      [3, () => this.role(group, dice.chance(0.25) ? scene.author : member)],
      [1.5, () => ({ kind: "rules", history: this.history(), retention: this.retention() })],
      [4, () => this.invite(group)],
      [
        1,
        () => ({
          kind: "cut",
          day:
            Math.floor(clock / day) +
            dice.weighted([
              [1, -2],
              [2, -1],
              [2, 0],
              [1, 1],
            ]),
        }),
      ],
      [0.2, () => ({ kind: "found", history: "all", retention: null, stewardKey: this.name("steward-") })],
      ...this.actsOfMembers(scene),
    ];
  }

  actsOfMembers(scene: Scene): readonly (readonly [number, () => DescribedOperation])[] {
    const { dice } = this;
    const { group, author, leads } = scene;
    return [
      [leads ? 0.3 : 1, () => ({ kind: "leave", words: this.someWords() })],
      [4, () => this.accountUpdate(group, author, dice.chance(0.6) ? author : this.member(group))],
      [group.invites.size > 0 ? 2 : 0.1, () => ({ kind: "end-invite", id: this.knownInvite(group) })],
      [leads || group.invites.size === 0 ? 0.2 : 0.5, () => this.join(scene, this.knownInvite(group))],
    ];
  }

  wellMadeAdmit(account: string): DescribedOperation {
    return {
      kind: "admit",
      account,
      statements: [this.certifies(account, "one", 0)],
      stewardKey: this.name(`steward-${account}-`),
      role: this.dice.chance(0.4) ? "facilitator" : "member",
      invite: null,
      request: this.dice.chance(0.3),
    };
  }

  admit(group: OracleGroup, account: string): DescribedOperation {
    const { dice } = this;
    return {
      kind: "admit",
      account,
      statements: this.statementsOfComing(account),
      stewardKey: dice.chance(0.04) ? null : this.steward(group, account),
      role: dice.chance(0.4) ? "facilitator" : "member",
      invite: dice.chance(group.invites.size > 0 ? 0.5 : 0.95) ? null : this.knownInvite(group),
      request: dice.chance(0.3),
    };
  }

  join(scene: Scene, invite: string): DescribedOperation {
    const { dice } = this;
    const { group, author, device } = scene;
    const statements = this.statementsOfComing(author);
    const brought = statements.flatMap(({ boxKey }) => (boxKey === null || boxKey.flaw !== null ? [] : [boxKey]));
    const counted = countedBoxKey([...(group.accounts.get(author)?.boxKeys ?? []), ...brought])?.name ?? "a0";
    const right = { account: author, device, invite, boxKey: counted };
    const wrong = dice.pick([
      null,
      { ...right, account: dice.pick(people) },
      { ...right, device: dice.pick(devices) },
      { ...right, invite: "nowhere" },
      { ...right, boxKey: this.boxKey(dice.below(3)).name },
    ]);
    const claim = dice.chance(0.9) ? right : wrong;
    return { kind: "join", statements, stewardKey: this.steward(group, author), invite, claim };
  }

  role(group: OracleGroup, account: string): DescribedOperation {
    const { dice } = this;
    const now = group.accounts.get(account)?.role ?? null;
    const role: Role = dice.chance(0.8)
      ? now === "facilitator"
        ? "member"
        : "facilitator"
      : dice.pick(["facilitator", "member"]);
    const down = now === "facilitator" && role === "member";
    return { kind: "role", account, role, words: down !== dice.chance(0.06) ? this.someWords() : null };
  }

  accountUpdate(group: OracleGroup, author: string, account: string): DescribedOperation {
    const { dice } = this;
    const known = group.accounts.get(account);
    const live = known === undefined ? [] : certified(known).filter((name) => !revoked(known).includes(name));
    const statements = this.statementsOfUpdate(account, live);
    const going = statements.filter(({ kind }) => kind === "revoke").map(({ device }) => device);
    const revokes = going.length > 0;
    const words = revokes !== dice.chance(0.08) ? this.words(dice.chance(0.85) ? going : [dice.pick(devices)]) : null;
    const replaces = account === author ? (revokes ? 0.88 : 0.25) : 0.06;
    const stewardKey = dice.chance(replaces) ? this.steward(group, account) : null;
    return { kind: "account-update", account, statements, stewardKey, words };
  }

  invite(group: OracleGroup): DescribedOperation {
    const { dice } = this;
    const mode = dice.chance(group.history === "all" ? 0.65 : 0.15) ? "instant" : "approval";
    const longest = mode === "instant" ? (dice.chance(0.08) ? 9 : 6.5) : 20;
    return {
      kind: "invite",
      id: dice.chance(0.05) ? dice.pickFirst([...group.invites.keys()], ["invite1"]) : this.name("invite"),
      mode,
      role: dice.chance(mode === "approval" ? 0.4 : 0.05) ? "facilitator" : "member",
      uses: dice.chance(0.05) ? 51 : 1 + dice.below(3),
      expiry: this.clock + Math.floor((dice.chance(0.4) ? dice.roll() - 0.1 : dice.roll() * longest) * day),
      flaw: dice.chance(0.03)
        ? dice.pick(mode === "instant" ? (["box-key", "label-key", "desk-key"] as const) : (["desk-key"] as const))
        : null,
    };
  }
}

function wantsEra(operation: DescribedOperation, { history, invites }: OracleGroup): boolean {
  if (operation.kind === "role") return operation.words !== null;
  if (operation.kind === "rules") return operation.history !== history;
  if (operation.kind === "end-invite") return invites.get(operation.id)?.mode === "instant";
  return operation.kind === "remove" || (operation.kind === "admit" && history === "from-joining");
}

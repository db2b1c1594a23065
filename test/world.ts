import { createServer } from "node:net";
import { fromBase64Url, setupLinkText } from "@unionhall/crypto";
import { sql } from "kysely";
import { createTestApp, type TestApp } from "../server/src/testing/test-app.ts";
import { Member } from "./world/member.ts";
import { WorldClock } from "./world/world-clock.ts";

export type { Founded, Member } from "./world/member.ts";
export type { LogItems } from "./world/between.ts";

/** Where the world's people go: a hall that listens, and what tells whether anything still moves in it. */
export interface Hall extends AsyncDisposable {
  readonly origin: string;
  /** The link that makes the first account. */
  readonly setupLink: string;
  /** Something that differs whenever the hall's databases hold something else. */
  fingerprint(): Promise<string>;
}

/** A real server on real databases, and people with real clients. `await using world = await createWorld({ people: ["ana"] })`. */
export class World<H extends Hall = Hall> implements AsyncDisposable {
  readonly hall: H;
  readonly clock: WorldClock;
  readonly people: Member[] = [];
  #link = "";

  constructor(hall: H, clock: WorldClock) {
    this.hall = hall;
    this.clock = clock;
  }

  /** The hall's operator makes the first account and a link by which everybody else registers, and goes. */
  async begin(): Promise<void> {
    const operator = this.stranger("Operator");
    await operator.register(this.hall.setupLink);
    const { groupId } = await operator.hall.groups.found({
      name: "Registration",
      description: "",
      history: "all",
      retentionDays: null,
    });
    this.#link = await operator.link(groupId, { uses: 200, expiresInDays: 90 });
    await operator.hall.settled();
    await operator.close();
  }

  /** Somebody with an empty device. */
  stranger(name: string): Member {
    const member = new Member(this.hall.origin, name, this.clock);
    this.people.push(member);
    return member;
  }

  /** Somebody with an account, and in no group. */
  async person(name: string): Promise<Member> {
    const member = this.stranger(name);
    await member.register(this.#link);
    return member;
  }

  /**
   * Waits until everybody who is online has sent what it had and applied all that the hall holds: a whole round in which every program came
   * to rest, compared itself with the hall, and the hall's databases stayed as they were.
   */
  async settle(): Promise<void> {
    for (let before = "", after = "-"; before !== after;) {
      before = await this.hall.fingerprint();
      await Promise.all(this.people.filter(({ online }) => online).map(({ hall }) => hall.settled()));
      after = await this.hall.fingerprint();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.people.map((member) => member.close()));
    await this.hall[Symbol.asyncDispose]();
  }
}

export interface TestHall extends Hall {
  readonly app: TestApp;
}

type PeopleOf<Name extends string> = Readonly<Record<Name, Member>>;

/**
 * A world with these people, each with an account, by their names. The server's log is at `world.hall.app.logged()`, its databases at
 * `world.hall.app.databases`; `world.clock.advance()` moves everybody's time, the server's too.
 */
export async function createWorld<const Name extends string>({
  people,
}: {
  readonly people: readonly Name[];
}): Promise<World<TestHall> & PeopleOf<Name>> {
  const clock = new WorldClock();
  return peopled(new World(await testHall(clock), clock), people);
}

/** Registers people in a world that is new. */
export async function peopled<H extends Hall, const Name extends string>(
  world: World<H>,
  people: readonly Name[],
): Promise<World<H> & PeopleOf<Name>> {
  try {
    await world.begin();
    const made = await Promise.all(people.map(async (name) => [name, await world.person(name)] as const));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly these names were given
    return Object.assign(world, Object.fromEntries(made) as PeopleOf<Name>);
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
}

async function testHall(clock: WorldClock): Promise<TestHall> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const app = await createTestApp({ origin, clock: clock.now });
  await app.app.listen({ port, host: "127.0.0.1" });
  const admission = await app.admission();
  if (admission.kind !== "setup") throw new TypeError("a new hall has no account");
  return {
    app,
    origin,
    setupLink: setupLinkText({ origin, secret: fromBase64Url(admission.secret) }),
    fingerprint: () => fingerprintOf(app.databases),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** Everything that people's programs write: logs, boxes, links, items of desks, vaults. */
export async function fingerprintOf({ accounts, groups }: TestApp["databases"] | AnyDatabases): Promise<string> {
  const ofGroups = await sql<object>`select
    (select coalesce(sum(seq), 0) from working_group) as items, (select count(*) from group_box) as boxes,
    (select count(*) from era_link) as links, (select coalesce(sum(counter), 0) from group_steward) as commands,
    (select coalesce(sum(next_seq), 0) from mailbox) as mail, (select count(*) from mailbox_item) as waiting`.execute(
    groups,
  );
  const ofAccounts = await sql<object>`select encode(vault_tag, 'hex') as tag from account order by id`.execute(
    accounts,
  );
  return JSON.stringify([ofGroups.rows, ofAccounts.rows]);
}

type AnyDatabases = Pick<TestApp["databases"], "accounts" | "groups">;

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (address === null || typeof address === "string") throw new TypeError("there is no port");
  return address.port;
}

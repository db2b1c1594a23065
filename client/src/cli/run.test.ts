import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { HallError, type DeviceState, type Post, type Unionhall } from "../core/index.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "unionhall-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));
let homes = 0;

const groupId = "ab".repeat(32);
const topicId = "cd".repeat(16);
const recordId = "ef".repeat(16);
const accountId = "12".repeat(16);
const inviteLink = `https://hall.example/join#${Buffer.concat([Buffer.of(1), Buffer.alloc(48)]).toString("base64url")}`;

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
  readonly calls: readonly (readonly unknown[])[];
  readonly opened: readonly { readonly home: string; readonly origin: string }[];
}

type Answers = Readonly<Record<string, unknown>>;

const openState: DeviceState = {
  kind: "open",
  accountId,
  profile: { name: "Ana", union: null, country: null, languages: [] },
  lock: "none",
  wordsUnconfirmed: false,
  connection: { kind: "online", waiting: 0 },
  vaultTrouble: null,
};
const usual: Answers = {
  "session.state": openState,
  "groups.list": [
    {
      groupId,
      name: "Waste services",
      standing: { kind: "member", role: "facilitator" },
      memberCount: 1,
      unreadPosts: 0,
    },
  ],
  "invites.joining": [],
  "topics.list": [{ topicId, title: "Contracts", posts: 1, unread: 0, latestActivity: 0 }],
};

/** A hall that answers as told and writes down what it was asked. An answer that is a function is called. */
function tellingHall(answers: Answers, calls: (readonly unknown[])[]): Unionhall {
  const door = (name: string): object =>
    new Proxy(
      {},
      {
        get:
          (_, method) =>
          async (...args: readonly unknown[]): Promise<unknown> => {
            const called = `${name}.${String(method)}`;
            calls.push([called, ...args]);
            const answer = answers[called];
            return typeof answer === "function" ? (answer(...args) as unknown) : answer;
          },
      },
    );
  const doors = { session: door("session"), groups: door("groups"), invites: door("invites"), topics: door("topics") };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every method of every door is there
  return {
    ...doors,
    subscribe: () => () => {},
    settled: async () => {},
    close: async () => calls.push(["close"]),
  } as unknown as Unionhall;
}

async function ran(
  argv: readonly string[],
  answers: Answers = {},
  more: { env?: Record<string, string>; input?: string; home?: string } = {},
): Promise<Ran> {
  const calls: (readonly unknown[])[] = [];
  const opened: { home: string; origin: string }[] = [];
  let out = "";
  let error = "";
  const home = more.home ?? join(folder, String(homes++));
  const status = await run(["--home", home, "--server", "https://hall.example", ...argv], {
    env: more.env ?? {},
    out: (text) => (out += text),
    error: (text) => (error += text),
    readInput: async () => more.input ?? "",
    untilInterrupted: () => Promise.resolve(),
    sleep: () => new Promise(() => {}),
    open: (device) => {
      opened.push(device);
      return tellingHall({ ...usual, ...answers }, calls);
    },
  });
  return { status, out, error, calls, opened };
}

const asked = ({ calls }: Ran, name: string): readonly unknown[] | undefined =>
  calls.find(([called]) => called === name)?.slice(1);

describe("results", () => {
  test("each command prints one document in the form that scripts rely on", async () => {
    const posted: Post = {
      recordId,
      author: { accountId, name: "Ana" },
      union: null,
      text: "hello",
      body: { type: "root", children: [] },
      time: 0,
      mine: true,
      seq: 7,
      state: { kind: "sent" },
    };
    const answers: Answers = {
      "groups.found": { groupId },
      "invites.make": { link: inviteLink, inviteId: recordId },
      "topics.create": { topicId, recordId },
      "topics.reply": { recordId },
      "topics.get": { topicId, title: "Contracts" },
      "topics.posts": { from: 0, total: 1, posts: [posted] },
      "session.words": ["one", "two"],
      "groups.members": [{ accountId, profile: { name: "Ana" }, role: "facilitator", you: true }],
      "groups.chain": [{ index: 0, time: 0, by: { accountId, name: "Ana" }, acts: [], verdict: { kind: "counted" } }],
      "invites.list": [
        {
          inviteId: recordId,
          note: "",
          mode: "instant",
          state: "open",
          usesLeft: 1,
          uses: 1,
          expiresAt: 0,
          madeBy: { accountId, name: "Ana" },
        },
      ],
      "invites.requests": [
        { requestId: "34".repeat(32), accountId, name: "Ben", union: null, note: "", checkWords: ["a", "b"] },
      ],
    };
    const document = async (...argv: string[]): Promise<unknown> =>
      JSON.parse((await ran([...argv, "--json"], answers)).out);
    expect(await document("found", "Waste services")).toEqual({ groupId });
    expect(await document("invite", groupId, "--instant")).toEqual({ link: inviteLink, inviteId: recordId });
    expect(await document("topic", groupId, "Contracts", "--text", "hello")).toEqual({ topicId, recordId });
    expect(await document("post", groupId, topicId, "--text", "hello")).toEqual({ recordId, seq: 7, status: "sent" });
    expect(await document("read", groupId, topicId)).toMatchObject({
      title: "Contracts",
      posts: [{ recordId, author: "Ana", text: "hello", time: 0, status: "sent" }],
    });
    expect(await document("words")).toEqual({ words: "one two" });
    expect(await document("groups")).toMatchObject({ groups: [{ groupId, name: "Waste services" }] });
    expect(await document("topics", groupId)).toMatchObject({
      topics: [{ topicId, name: "Contracts", title: "Contracts" }],
    });
    expect(await document("members", groupId)).toMatchObject({
      members: [{ accountId, name: "Ana", role: "facilitator" }],
    });
    expect(await document("chain", groupId)).toMatchObject({ entries: [{ index: 0, name: "Ana" }] });
    expect(await document("invites", groupId)).toMatchObject({ invites: [{ inviteId: recordId }] });
    expect(await document("requests", groupId)).toMatchObject({
      requests: [{ accountId, name: "Ben", checkWords: "a b" }],
    });
  });

  test("registering and joining say the account and its words; without a passphrase it is said where the key lies", async () => {
    const answers: Answers = {
      "session.state": { kind: "empty" },
      "session.register": () => ({ accountId, words: ["one", "two"] }),
      "invites.join": {
        kind: "waiting",
        groupId,
        groupName: "G",
        inviterName: "Ana",
        checkWords: ["w", "x", "y", "z"],
        askedAt: 0,
      },
    };
    const registered = await ran(["register", inviteLink, "--name", "Ben", "--union", "PSI", "--json"], answers);
    expect(JSON.parse(registered.out)).toEqual({ accountId, words: "one two" });
    expect(registered.error).toContain("UNIONHALL_PASSPHRASE");
    expect(asked(registered, "session.register")).toEqual([
      {
        link: inviteLink,
        profile: { name: "Ben", union: "PSI", country: null, languages: [] },
        lock: { kind: "none" },
        wordLanguage: "en",
      },
    ]);
    let empty = true;
    const joined = await ran(
      ["join", inviteLink, "--name", "Ben", "--json"],
      { ...answers, "session.state": () => (empty ? ((empty = false), { kind: "empty" }) : openState) },
      { env: { UNIONHALL_PASSPHRASE: "correct horse" } },
    );
    expect(JSON.parse(joined.out)).toMatchObject({
      groupId,
      status: "waiting",
      words: "one two",
      checkWords: "w x y z",
    });
    expect(joined.error).toBe("");
    expect(asked(joined, "session.register")?.[0]).toMatchObject({
      lock: { kind: "passphrase", passphrase: "correct horse" },
    });
  });

  test("text comes from standard input where it is not given, without its last line end", async () => {
    const result = await ran(
      ["topic", groupId, "Contracts", "--json"],
      { "topics.create": { topicId, recordId } },
      { input: "two\nlines\n" },
    );
    expect(asked(result, "topics.create")).toEqual([groupId, { title: "Contracts", text: "two\nlines" }]);
  });

  test("groups and topics can be named, or given by the beginning of their id", async () => {
    const answers: Answers = { "topics.reply": { recordId }, "topics.posts": { from: 0, total: 0, posts: [] } };
    for (const [group, topic] of [
      ["Waste services", "Contracts"],
      ["abab", "cdcdcd"],
      [groupId.toUpperCase(), topicId],
    ] as const)
      expect(asked(await ran(["post", group, topic, "--text", "x"], answers), "topics.reply")).toEqual([
        groupId,
        topicId,
        "x",
      ]);
    expect((await ran(["post", "Water", "Contracts", "--text", "x"], answers)).status).toBe(2);
  });

  test("text by others cannot drive the terminal", async () => {
    const { out } = await ran(["groups"], {
      "groups.list": [
        { groupId, name: "\u001b[31mred\u202e", standing: { kind: "left" }, memberCount: 1, unreadPosts: 0 },
      ],
    });
    expect(out).not.toContain("\u001b");
    expect(out).not.toContain("\u202e");
    expect(out).toContain("red");
  });
});

describe("refusals and wrong use", () => {
  test("a refusal is one document and status 1; its words go to standard error", async () => {
    const refusing: Answers = {
      "groups.leave": () => {
        throw new HallError("last-facilitator", "somebody must remain who can admit");
      },
    };
    const result = await ran(["leave", groupId, "--json"], refusing);
    expect(result.status).toBe(1);
    expect(JSON.parse(result.out)).toEqual({
      problem: "last-facilitator",
      detail: "somebody must remain who can admit",
    });
    expect(result.error).toContain("somebody must remain");
    expect(result.calls.at(-1)).toEqual(["close"]);
    expect((await ran(["leave", groupId], refusing)).out).toBe("");
  });

  test("a fault after the result prints no second document", async () => {
    const result = await ran(["words", "--json"], {
      "session.words": ["one", "two"],
      "session.confirmWords": () => {
        throw new HallError("storage-full", "the disk has no room");
      },
    });
    expect(result.status).toBe(1);
    expect(JSON.parse(result.out)).toEqual({ words: "one two" });
    expect(result.error).toContain("storage-full");
  });

  test("a request that was turned down while nobody looked is said once, and asked anew the next time", async () => {
    const group = { groupId: "00".repeat(32), groupName: "Waste services" };
    let looked = 0;
    const result = await ran(["join", inviteLink, "--name", "Ben", "--json"], {
      "invites.joining": () => [{ kind: looked++ === 0 ? "waiting" : "refused", ...group }],
    });
    expect(result.status).toBe(1);
    expect(JSON.parse(result.out)).toMatchObject({ problem: "request-refused" });
    expect(asked(result, "invites.cancel")).toEqual([group.groupId]);
    expect(asked(result, "invites.join")).toBeUndefined();
    const again = await ran(["join", inviteLink, "--name", "Ben", "--json"], {
      "invites.joining": [],
      "invites.join": { kind: "member", ...group },
    });
    expect(JSON.parse(again.out)).toMatchObject({ status: "member" });
  });

  test("a post that the hall will never take is a refusal; one that waits is said to wait", async () => {
    const post = { recordId, author: { accountId, name: "Ana" }, text: "hello", seq: null };
    const answers = (state: object): Answers => ({
      "topics.reply": { recordId },
      "topics.create": { topicId, recordId },
      "topics.posts": { from: 0, total: 1, posts: [{ ...post, state }] },
    });
    for (const argv of [
      ["post", groupId, topicId, "--text", "hello", "--json"],
      ["topic", groupId, "Contracts", "--text", "hello", "--json"],
    ]) {
      const failed = await ran(argv, answers({ kind: "failed", problem: "record-too-large" }));
      expect(failed.status).toBe(1);
      expect(JSON.parse(failed.out)).toMatchObject({ problem: "server-refused" });
      const sending = await ran(argv, answers({ kind: "sending" }));
      expect(sending.status).toBe(0);
      expect(sending.error).toContain("sent with the next command");
    }
  });

  test("what is shown without the hall is said to be old, on standard error", async () => {
    const offline = { ...openState, connection: { kind: "offline", waiting: 0 } };
    const result = await ran(["groups", "--json"], { "session.state": offline });
    expect(result.status).toBe(0);
    expect(JSON.parse(result.out)).toHaveProperty("groups");
    expect(result.error).toContain("The hall was not reached");
    expect((await ran(["groups"])).error).toBe("");
  });

  test("a link that is not whole is a refusal, not wrong use", async () => {
    const argv = ["join", inviteLink.slice(0, -9), "--name", "Ben", "--json", "--home", join(folder, "damaged")];
    let out = "";
    const status = await run(argv, {
      env: {},
      out: (text) => (out += text),
      error: () => {},
      readInput: async () => "",
      untilInterrupted: () => Promise.resolve(),
      sleep: () => new Promise(() => {}),
      open: () => tellingHall(usual, []),
    });
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ problem: "link-malformed" });
  });

  test("a fault of the program tells its kind, not what it worked on", async () => {
    const result = await ran(["groups", "--json"], {
      "groups.list": () => {
        throw new TypeError("the text was: strike on Monday");
      },
    });
    expect(result.status).toBe(1);
    expect(JSON.parse(result.out)).toEqual({ problem: "fault", detail: "TypeError" });
    expect(result.error + result.out).not.toContain("Monday");
  });

  test("wrong use ends with status 2 and opens nothing", async () => {
    const wrong = [
      [],
      ["dance"],
      ["found"],
      ["found", "A", "B"],
      ["groups", "--uses", "3"],
      ["invite", groupId, "--uses", "many"],
      ["found", "A", "--history", "some"],
      ["role", groupId, accountId, "boss"],
      ["register", inviteLink],
      ["post", groupId, topicId, "--unknown"],
      ["groups", "--server", "hall.example"],
    ];
    for (const argv of wrong) {
      const { status, out } = await ran(argv, {
        "session.state": argv[0] === "register" ? { kind: "empty" } : openState,
      });
      expect([argv, status, out]).toEqual([argv, 2, ""]);
    }
  });

  test("a home without an account, or a locked one, says so; a passphrase in the environment opens it", async () => {
    expect(JSON.parse((await ran(["groups", "--json"], { "session.state": { kind: "empty" } })).out)).toMatchObject({
      problem: "no-account",
    });
    const locked: Answers = { "session.state": { kind: "locked" } };
    expect(JSON.parse((await ran(["groups", "--json"], locked)).out)).toMatchObject({ problem: "locked" });
    const opened = await ran(["groups"], locked, { env: { UNIONHALL_PASSPHRASE: "correct horse" } });
    expect(opened.status).toBe(0);
    expect(asked(opened, "session.unlock")).toEqual(["correct horse"]);
  });

  test("options stand before or after the command, and help needs no hall", async () => {
    expect((await ran(["--json", "groups"])).out).toContain('{"groups":');
    const help = await ran(["post", "--help"]);
    expect(help.status).toBe(0);
    expect(help.out).toContain("usage: unionhall post GROUP TOPIC");
    expect(help.opened).toEqual([]);
    expect(JSON.parse((await ran(["post", "--help", "--json"])).out)).toHaveProperty("usage");
  });
});

describe("which hall", () => {
  test("a home keeps the hall it was first used with", async () => {
    const home = join(folder, "kept");
    const surroundings = {
      env: {},
      out: () => {},
      error: () => {},
      readInput: async () => "",
      untilInterrupted: () => Promise.resolve(),
      sleep: () => new Promise<void>(() => {}),
    };
    const origins: string[] = [];
    const open = ({ origin }: { readonly origin: string }): Unionhall => {
      origins.push(origin);
      return tellingHall({ ...usual, "session.register": { accountId, words: [] } }, []);
    };
    const use = (...argv: string[]): Promise<number> => run([...argv, "--home", home], { ...surroundings, open });
    expect(await use("groups")).toBe(2);
    expect(await use("register", inviteLink, "--name", "Ana")).toBe(0);
    expect(await use("groups")).toBe(0);
    expect(origins).toEqual(["https://hall.example", "https://hall.example"]);
    expect(await use("groups", "--server", "https://other.example")).toBe(2);
  });
});

import { expect, test } from "vitest";
import { eraOperation } from "./era.ts";
import { eraDueAt, erasCut, invitesToEnd } from "./era-due.ts";
import type { History, Operation } from "./operations.ts";
import { missing } from "./testing/missing.ts";
import { person } from "./testing/people.ts";
import { admit, DAY, FOUNDED_AT, HOUR, invite, InviteSecrets, leave, remove, TestGroup } from "./testing/test-group.ts";

const [ana, bo, chidi] = [person("ana"), person("bo"), person("chidi")];
const rules = (history: History, retentionDays: number | null = null): Operation => ({
  kind: "rules",
  rules: { history, retentionDays },
});
const foundedDay = Math.floor(FOUNDED_AT / DAY);
const newest = (group: TestGroup) => group.state.eras.at(-1);

test("a stricter or looser history rule needs an era at once, another retention does not", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [rules("all", 90)])).toBe("applied");
  expect(group.try(ana, [rules("from-joining", 90)])).toBe("era-missing");
  expect(group.try(ana, [rules("from-joining", 90), group.era()])).toBe("applied");
  expect(group.try(ana, [rules("from-joining", 30)])).toBe("applied");
  expect(group.try(ana, [rules("all", 30)])).toBe("era-missing");
  expect(group.try(ana, [rules("all", 30), group.era()])).toBe("applied");
  expect(group.state.rules).toStrictEqual({ history: "all", retentionDays: 30 });
});

test("an ordinary member changes no rules and cuts nothing", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [rules("all", 1)])).toBe("not-a-facilitator");
  expect(group.try(bo, [{ kind: "cut", day: 1 }])).toBe("not-a-facilitator");
});

test("a cut names a day that has begun; an earlier one brings nothing back", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [{ kind: "cut", day: foundedDay + 1 }])).toBe("cut-in-future");
  expect(group.try(ana, [{ kind: "cut", day: foundedDay }])).toBe("applied");
  expect(group.try(ana, [{ kind: "cut", day: foundedDay - 9 }])).toBe("applied");
  expect(group.state.cutDay).toBe(foundedDay);
});

test("a cut takes the eras that ended before its day", () => {
  const group = TestGroup.found(ana);
  for (const day of [10, 20, 30])
    expect(group.try(ana, [group.era()], { time: FOUNDED_AT + day * DAY })).toBe("applied");
  expect(erasCut(group.state)).toBe(0);
  expect(group.try(ana, [{ kind: "cut", day: foundedDay + 25 }])).toBe("applied");
  expect(erasCut(group.state)).toBe(2);
  const all = { time: FOUNDED_AT + 90 * DAY };
  expect(group.try(ana, [{ kind: "cut", day: foundedDay + 90 }], all)).toBe("applied");
  expect(erasCut(group.state)).toBe(3);
});

test("only a facilitator starts an era", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [group.era()])).toBe("not-a-facilitator");
  expect(group.try(ana, [group.era()])).toBe("applied");
  expect(newest(group)).toMatchObject({ number: 1, startIndex: 2, startedBy: ana.key });
});

test("an era stands last in its entry, once, and follows the newest", () => {
  const group = TestGroup.found(ana);
  const era = group.era();
  expect(group.try(ana, [era, admit(bo)])).toBe("era-not-last");
  expect(group.try(ana, [era, era])).toBe("era-not-last");
  expect(group.try(ana, [{ ...era, number: 2 }])).toBe("wrong-era-number");
  expect(group.try(ana, [{ ...era, number: 0 }])).toBe("wrong-era-number");
  expect(group.try(ana, [era])).toBe("applied");
});

test("an era with a label key of low order is void", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [{ ...eraOperation(group.next()), labelKey: new Uint8Array(32) }])).toBe("unusable-key");
});

test("the link hands on content where history is all before and after", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(newest(group)?.linksContent).toBe(false);
  expect(group.try(ana, [admit(chidi), remove(bo), group.era()])).toBe("applied");
  expect(newest(group)?.linksContent).toBe(true);
});

test("under from joining the link hands on content only where nobody is admitted and the rule not loosened", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [rules("from-joining"), group.era()])).toBe("applied");
  expect(newest(group)).toMatchObject({ linksContent: true, history: "from-joining" });
  expect(group.try(ana, [admit(chidi), group.era()])).toBe("applied");
  expect(newest(group)?.linksContent).toBe(false);
  expect(group.try(ana, [remove(bo), group.era()])).toBe("applied");
  expect(newest(group)?.linksContent).toBe(true);
  expect(group.try(ana, [rules("all"), group.era()])).toBe("applied");
  expect(newest(group)).toMatchObject({ linksContent: false, history: "all" });
});

test("an entry that tightens the rule and admits somebody hands on no content", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo), rules("from-joining"), group.era()])).toBe("applied");
  expect(newest(group)?.linksContent).toBe(false);
});

test("an era is due after a departure and after a week, and settled by the next one", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(eraDueAt(group.state, FOUNDED_AT + DAY).reasons).toStrictEqual([]);
  expect(eraDueAt(group.state, FOUNDED_AT + 7 * DAY).reasons).toStrictEqual([{ kind: "weekly" }]);
  expect(group.try(bo, [leave()])).toBe("applied");
  expect(eraDueAt(group.state, FOUNDED_AT + DAY)).toMatchObject({
    reasons: [{ kind: "left" }],
    notBefore: FOUNDED_AT + DAY,
  });
  expect(group.try(ana, [group.era()], { time: FOUNDED_AT + DAY })).toBe("applied");
  expect(eraDueAt(group.state, FOUNDED_AT + 2 * DAY).reasons).toStrictEqual([]);
});

test("above 200 accounts an era starts at most hourly", () => {
  const group = TestGroup.found(ana);
  const [[, member] = missing()] = group.state.accounts;
  const crowd = new Map(Array.from({ length: 201 }, (_, number) => [`${number}`, member] as const));
  const state = { ...group.state, accounts: crowd };
  expect(eraDueAt(state, FOUNDED_AT + 1).notBefore).toBe(FOUNDED_AT + HOUR);
});

test("invites past their expiry that nobody ended are known", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [invite(1), invite(2, { expiry: FOUNDED_AT + DAY })])).toBe("applied");
  expect(invitesToEnd(group.state, FOUNDED_AT + 2 * DAY)).toStrictEqual([new InviteSecrets(2).id]);
});

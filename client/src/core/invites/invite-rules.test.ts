import { emptyGroup, utf8Length, type GroupInvite } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { checkMakeInvite, checkNote, deskExpiryDay, expiryOf, fitting, openInvite, stateOf } from "./invite-rules.ts";
import type { MakeInvite } from "./invites-door.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 5, 1, 12);
const approval: MakeInvite = { mode: "approval", uses: 20, expiresInDays: 14, note: "" };
const instant: MakeInvite = { mode: "instant", uses: 10, expiresInDays: 2, note: "" };
const range = { problem: "number-out-of-range" };

test("an invite with approval has 1 to 1,000 uses and lasts 1 to 90 days", () => {
  for (const input of [
    { ...approval, uses: 1, expiresInDays: 1 },
    { ...approval, uses: 1_000, expiresInDays: 90 },
  ])
    expect(() => checkMakeInvite(input, "from-joining")).not.toThrow();
  for (const wrong of [0, -1, 1.5, Number.NaN, 1_001])
    expect(() => checkMakeInvite({ ...approval, uses: wrong }, "all")).toThrow(expect.objectContaining(range));
  for (const wrong of [0, 91, 0.5])
    expect(() => checkMakeInvite({ ...approval, expiresInDays: wrong }, "all")).toThrow(expect.objectContaining(range));
});

test("an instant invite has at most 50 uses and 7 days, and is for groups that show the whole history", () => {
  expect(() => checkMakeInvite({ ...instant, uses: 50, expiresInDays: 7 }, "all")).not.toThrow();
  for (const wrong of [{ uses: 51 }, { expiresInDays: 8 }])
    expect(() => checkMakeInvite({ ...instant, ...wrong }, "all")).toThrow(expect.objectContaining(range));
  expect(() => checkMakeInvite(instant, "from-joining")).toThrow(expect.objectContaining(range));
});

test("a note has at most 2,000 bytes", () => {
  expect(() => checkNote("ß".repeat(1_000))).not.toThrow();
  expect(() => checkNote("ß".repeat(1_001))).toThrow(expect.objectContaining({ problem: "note-too-long" }));
});

test("an instant invite of seven days ends before every clock finds it longer than seven days", () => {
  expect(expiryOf({ ...instant, expiresInDays: 7 }, now) - now).toBeLessThan(7 * day);
  expect(expiryOf(instant, now)).toBe(now + 2 * day);
  expect(expiryOf(approval, now)).toBe(now + 14 * day);
});

test("a desk outlives its invite by a week, so that latecomers are told that it has expired", () => {
  expect(deskExpiryDay(now) * day).toBeGreaterThan(now + 7 * day - 1);
  expect(deskExpiryDay(now) * day).toBeLessThanOrEqual(now + 8 * day);
});

const invite: GroupInvite = {
  id: new Uint8Array(16),
  maker: new Uint8Array(32),
  since: 1,
  admission: { kind: "approval" },
  expiry: now,
  uses: 2,
  usesLeft: 2,
  presets: { role: "member", union: null, language: null, note: null },
  requestKey: new Uint8Array(32),
  desk: { mailboxId: new Uint8Array(16), boxKey: new Uint8Array(1216), readKey: new Uint8Array(32), boxes: [] },
  ended: null,
};

test("an invite is open until its expiry, and how it ended is told apart", () => {
  const ended = (cause: NonNullable<GroupInvite["ended"]>["cause"]): GroupInvite => ({
    ...invite,
    ended: { index: 2, cause },
  });
  expect(stateOf(invite, now - 1)).toBe("open");
  expect(stateOf(invite, now)).toBe("expired");
  expect(stateOf(ended("spent"), now - 1)).toBe("spent");
  expect(stateOf(ended("expired"), now - 1)).toBe("expired");
  for (const cause of ["by-hand", "removal", "leave", "revocation", "history"] as const)
    expect(stateOf(ended(cause), now + day)).toBe("ended");
  const state = { ...emptyGroup(new Uint8Array(32)), invites: new Map([["aa", ended("spent")]]) };
  expect(() => openInvite(state, "aa", now)).toThrow(expect.objectContaining({ problem: "invite-spent" }));
  expect(() => openInvite(state, "bb", now)).toThrow(expect.objectContaining({ problem: "invite-unknown" }));
});

test("a text that is too long is cut between characters, and is well-formed afterwards", () => {
  expect(fitting("Ana", 256)).toBe("Ana");
  expect(fitting("👩‍🏭👷", 5)).toBe("👩");
  expect(fitting("\ud800a", 9)).toBe("\ufffda");
  for (let bytes = 0; bytes < 12; bytes++) expect(utf8Length(fitting("añ€👷", bytes))).toBeLessThanOrEqual(bytes);
});

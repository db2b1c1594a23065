import { expect, test } from "vitest";
import { createAddressRoom } from "./address-room.ts";

const small = { ofAll: 30, ofAddress: 10 };

test("one address has its room, at the limit, below and above it, and gets back what it gave back", () => {
  const room = createAddressRoom(small);
  expect(room.take("192.0.2.1", 11)).toBe(null);
  const most = room.take("192.0.2.1", 9);
  expect(room.take("192.0.2.1", 2)).toBe(null);
  const last = room.take("192.0.2.1", 1);
  expect(last).not.toBe(null);
  expect(room.take("192.0.2.1", 1)).toBe(null);
  expect(room.take("192.0.2.2", 10)).not.toBe(null);
  last?.();
  expect(room.take("192.0.2.1", 2)).toBe(null);
  most?.();
  expect(room.take("192.0.2.1", 10)).not.toBe(null);
});

test("the addresses of one household share theirs", () => {
  const room = createAddressRoom(small);
  expect(room.take("2001:db8:1:2::3", 10)).not.toBe(null);
  expect(room.take("2001:db8:1:2::4", 1)).toBe(null);
  expect(room.take("2001:db8:1:3::4", 1)).not.toBe(null);
});

test("all addresses together have theirs, at the limit, below and above it", () => {
  const room = createAddressRoom(small);
  for (const address of ["192.0.2.1", "192.0.2.2"]) expect(room.take(address, 10)).not.toBe(null);
  const giveBack = room.take("192.0.2.3", 9);
  expect(room.take("192.0.2.4", 2)).toBe(null);
  expect(room.take("192.0.2.4", 1)).not.toBe(null);
  expect(room.take("192.0.2.5", 1)).toBe(null);
  giveBack?.();
  expect(room.take("192.0.2.5", 9)).not.toBe(null);
});

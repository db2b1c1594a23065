import { expect, test } from "vitest";
import { initials } from "./initials.ts";

test.each([
  ["Ana", "AN"],
  ["Ingrid Bjørnstad", "IB"],
  ["jean-baptiste", "JB"],
  ["محمود عبد الله", "م"],
  ["佐藤 花子", "佐"],
  ["👩‍🏭 Eva", "EV"],
  ["…", "·"],
])("%s becomes %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

import { expect, test } from "vitest";
import { sayWhen, sayWhenExactly } from "./when.ts";

const at = (text: string): number => new Date(text).getTime();
const now = at("2026-11-18T15:00:00");

const said = (text: string): string => sayWhen(at(text), now, "en-GB");

test("moments are said as people say them", () => {
  expect(said("2026-11-18T14:59:40")).toBe("now");
  expect(said("2026-11-18T14:56:00")).toBe("4 minutes ago");
  expect(said("2026-11-18T09:12:00")).toBe("09:12");
  expect(said("2026-11-17T23:59:00")).toBe("yesterday");
  expect(said("2026-11-14T08:00:00")).toBe("Saturday");
  expect(said("2026-11-03T08:00:00")).toBe("3 November");
  expect(said("2024-11-03T08:00:00")).toBe("3 Nov 2024");
});

test("a post of an earlier day also has its hour, one of today only once", () => {
  expect(sayWhenExactly(at("2026-11-17T14:31:00"), now, "en-GB")).toBe("yesterday, 14:31");
  expect(sayWhenExactly(at("2026-11-18T09:12:00"), now, "en-GB")).toBe("09:12");
});

test("an author's clock that runs far ahead is shown with its whole date", () => {
  expect(sayWhen(at("2026-12-24T10:00:00"), now, "en-GB")).toBe("24 Dec 2026, 10:00");
});

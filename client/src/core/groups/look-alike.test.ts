import { expect, test } from "vitest";
import { lookAlike } from "./look-alike.ts";

test.each([
  ["other case and spaces", "Ana Kovač", " ANA  kovač "],
  ["a Cyrillic letter", "Ana", "\u{410}n\u{430}"],
  ["a Greek letter", "Maria Nunes", "\u{39c}aria \u{39d}unes"],
  ["a character that shows nothing", "Ana", "A\u{200b}n\u{2060}a"],
  ["an accent that is easily missed", "Ines", "In\u{e9}s"],
  ["full width", "Ana", "\u{ff21}\u{ff4e}\u{ff41}"],
  ["strokes alike", "Ilona", "l1ona"],
  ["two letters drawn as one", "Carmen", "Carrnen"],
  ["points and hyphens", "Anne-Marie O.", "Anne Marie O"],
])("names that differ by %s look alike", (_, one, other) => {
  expect(one).not.toBe(other);
  expect(lookAlike(other)).toBe(lookAlike(one));
});

test("names that a reader tells apart do not look alike, in any script", () => {
  const names = [
    "Ana",
    "Anna",
    "Ane",
    "Bongani",
    "مريم",
    "مريان",
    "Владимир",
    "Владислав",
    "김민준",
    "김민수",
    "Ελένη",
  ];
  expect(new Set(names.map(lookAlike)).size).toBe(names.length);
});

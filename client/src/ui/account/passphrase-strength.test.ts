import { expect, test } from "vitest";
import { passphraseStrength } from "./passphrase-strength.ts";

test("what is short is too short, whatever it is made of", () => {
  expect(passphraseStrength("")).toBe("too-short");
  expect(passphraseStrength("q8$Zé7!")).toBe("too-short");
});

test.each(["password1", "motdepasse", "11111111111111", "abcdefghijklmnop", "unionunionunion", "qwerty123"])(
  "%s is weak, however long",
  (passphrase) => {
    expect(passphraseStrength(passphrase)).toBe("weak");
  },
);

test("four words are good, five are strong, and the same word again adds nothing", () => {
  expect(passphraseStrength("lantern copper meadow fiddle")).toBe("good");
  expect(passphraseStrength("lantern copper meadow fiddle harbour")).toBe("strong");
  expect(passphraseStrength("lantern copper lantern copper lantern")).toBe("weak");
});

test("random characters need fewer of them than words do", () => {
  expect(passphraseStrength("k7$Qp2!xZ9&f")).toBe("strong");
});

test("words in other scripts count as words", () => {
  expect(passphraseStrength("قنديل نحاس مرج كمان ميناء")).toBe("strong");
});

import { expect, test } from "vitest";
import { readLink } from "./read-link.ts";

test("invite and setup links are told by their path", () => {
  expect(readLink(" https://hall.example/join#abc ")).toEqual({ kind: "join", link: "https://hall.example/join#abc" });
  expect(readLink("https://hall.example/setup/#abc")?.kind).toBe("setup");
});

test.each(["", "join#abc", "https://hall.example/join", "https://hall.example/join#", "https://hall.example/g/1#abc"])(
  "%j is no link into a hall",
  (text) => {
    expect(readLink(text)).toBeNull();
  },
);
